"""Small real files of the thirteen types that the service takes."""

import functools
import io
from fractions import Fraction

import av
import numpy as np
from PIL import Image

TYPES = ("mp4", "mov", "avi", "webm", "mkv", "jpg", "png", "gif", "webp", "mp3", "wav", "m4a", "aac")

_ENCODERS = {"mp3": "libmp3lame", "wav": "pcm_s16le", "m4a": "aac", "aac": "aac"}
_FORMATS = {"m4a": "ipod", "aac": "adts", "mkv": "matroska"}


@functools.cache
def make(file_type: str, shade: int = 0) -> bytes:
    """Return a file of a type: 64 × 48 for half a second, 40 × 30, or half a second of silence.

    Parameters
    ----------
    file_type : str
        One of `TYPES`.
    shade : int
        Of its pictures, 0 to 255; another one makes another content.
    """
    data = io.BytesIO()
    if file_type in ("jpg", "png", "gif", "webp"):
        Image.new("RGB", (40, 30), (shade, 128, 128)).save(data, {"jpg": "jpeg"}.get(file_type, file_type))
    elif file_type in _ENCODERS:
        with av.open(data, "w", format=_FORMATS.get(file_type, file_type)) as container:
            stream = container.add_stream(_ENCODERS[file_type], rate=44100, layout="mono")
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 22050), np.int16), "s16", "mono")
            silence.sample_rate, silence.time_base, silence.pts = 44100, Fraction(1, 44100), 0
            container.mux(stream.encode(silence))
            container.mux(stream.encode())
    else:
        with av.open(data, "w", format=_FORMATS.get(file_type, file_type)) as container:
            video = container.add_stream("libvpx" if file_type == "webm" else "mpeg4", rate=10)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            picture = np.full((72, 64), shade, np.uint8)
            picture[48:] = 128
            for _ in range(5):
                container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="yuv420p")))
            container.mux(video.encode())
    return data.getvalue()
