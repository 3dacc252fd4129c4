"""A still that stands for a clip where no player can."""

import io
from pathlib import Path

import av
from PIL import Image

from nemo_widgets.errors import MediaError
from nemo_widgets.media.container import open_media

_WIDEST = 480
_MAX_DECODED_FRAMES = 300


def poster_jpeg(path: Path | str, *, max_bytes: int = 8192, at_s: float | None = None) -> bytes:
    """Return one frame of a video as a small JPEG.

    Parameters
    ----------
    path : Path or str
        A video file.
    max_bytes : int
        The JPEG is made smaller and coarser until it fits.
    at_s : float, optional
        Which moment; by default a third of the way in, where a title is usually gone.

    Raises
    ------
    MediaError
        The file has no picture that can be decoded, or none fits in `max_bytes`.
    """
    path = Path(path)
    with open_media(path) as container:
        try:
            picture = _frame_at(container, at_s)
        except (av.FFmpegError, ValueError) as error:
            raise MediaError(f"{path.name} has no picture that can be decoded. Convert it to MP4.") from error
    if picture is None:
        raise MediaError(f"{path.name} has no picture, so it has no poster.")
    return _fit(picture, max_bytes)


def small_jpeg(picture: Image.Image, *, max_bytes: int = 8192) -> bytes:
    """Return a picture as a small JPEG.

    Raises
    ------
    MediaError
        None fits in `max_bytes`.
    """
    small = picture.convert("RGB")
    small.thumbnail((_WIDEST, _WIDEST))
    return _fit(small, max_bytes)


def _frame_at(container: av.container.InputContainer, at_s: float | None) -> Image.Image | None:
    if not container.streams.video:
        return None
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    if at_s is None:
        at_s = (container.duration or 0) / av.time_base / 3
    best = None
    if at_s > 0:
        container.seek(int(at_s * av.time_base), backward=True)
    for count, frame in enumerate(container.decode(stream)):
        best = frame
        if count >= _MAX_DECODED_FRAMES or (frame.time or 0) >= at_s:
            break
    if best is None and at_s > 0:
        return _frame_at_start(container)
    return None if best is None else _upright(best)


def _frame_at_start(container: av.container.InputContainer) -> Image.Image | None:
    container.seek(0)
    return next((_upright(frame) for frame in container.decode(video=0)), None)


def _upright(frame: av.VideoFrame) -> Image.Image:
    scale = min(1.0, _WIDEST / max(frame.width, frame.height))
    small = frame.reformat(max(2, round(frame.width * scale)), max(2, round(frame.height * scale)), "rgb24")
    picture = Image.fromarray(small.to_ndarray())
    turn = round(frame.rotation) % 360
    return picture.rotate(turn, expand=True) if turn else picture


def _fit(picture: Image.Image, max_bytes: int) -> bytes:
    for shrink in (1.0, 0.8, 0.62, 0.48, 0.36, 0.25, 0.15):
        size = (max(1, round(picture.width * shrink)), max(1, round(picture.height * shrink)))
        small = picture.resize(size, Image.Resampling.LANCZOS)
        for quality in (82, 70, 55, 40, 28):
            data = io.BytesIO()
            small.save(data, "JPEG", quality=quality, optimize=True, progressive=True)
            if data.tell() <= max_bytes:
                return data.getvalue()
    raise MediaError(f"No poster fits in {max_bytes} bytes. Allow more.")
