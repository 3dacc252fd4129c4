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
def make(file_type: str, shade: int = 0, seconds: float = 0.5, tone_hz: float = 0.0) -> bytes:
    """Return a file of a type: 64 × 48 pixels and ten a second, 40 × 30, or sound.

    Parameters
    ----------
    file_type : str
        One of `TYPES`.
    shade : int
        Of grey, of its pictures, 0 to 255; another one makes another content.
    seconds : float
        How long it lasts.
    tone_hz : float
        What is to be heard in it; 0 is silence.
    """
    data = io.BytesIO()
    if file_type in ("jpg", "png", "gif", "webp"):
        Image.new("RGB", (40, 30), (shade, shade, shade)).save(data, {"jpg": "jpeg"}.get(file_type, file_type))
    elif file_type in _ENCODERS:
        with av.open(data, "w", format=_FORMATS.get(file_type, file_type)) as container:
            stream = container.add_stream(_ENCODERS[file_type], rate=44100, layout="mono")
            at_s = np.arange(round(seconds * 44100)) / 44100
            heard = (10_000 * np.sin(2 * np.pi * tone_hz * at_s)).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(heard[None], "s16", "mono")
            frame.sample_rate, frame.time_base, frame.pts = 44100, Fraction(1, 44100), 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode())
    else:
        with av.open(data, "w", format=_FORMATS.get(file_type, file_type)) as container:
            video = container.add_stream("libvpx" if file_type == "webm" else "mpeg4", rate=10)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            picture = np.full((72, 64), shade, np.uint8)
            picture[48:] = 128
            for _ in range(round(seconds * 10)):
                container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="yuv420p")))
            container.mux(video.encode())
    return data.getvalue()
