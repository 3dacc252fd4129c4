"""Full-field effects: computed small, as floats, and scaled up by swscale, which dithers on the way to eight bits.

Half a millisecond for a plane of 1080p; without the dither, dark gradients would show their steps.
"""

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes, pixels, yuv


class Upscaler:
    """Scales small float fields up to planes. Holds swscale's state, so one a scene and process."""

    def __init__(self) -> None:
        self._scalers: dict[tuple[tuple[int, ...], tuple[int, int]], VideoReformatter] = {}

    def plane(self, field: Floats, width: int, height: int) -> Bytes:
        """Return `field`, whose values lie in 0 to 255, as ``(height, width)`` bytes."""
        words = np.multiply(field, np.float32(256)).astype(np.uint16)
        frame = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(words), format="gray16le")
        scaler = self._scalers.setdefault((words.shape, (width, height)), VideoReformatter())
        scaled = scaler.reformat(frame, width, height, "gray", interpolation=Interpolation.BILINEAR, threads=1)
        return pixels(scaled.planes[0])

    def planes(self, width: int, height: int, y: Floats, u: Floats, v: Floats) -> Planes:
        """Return the three fields as a frame of their own, to be copied from."""
        half = width // 2, height // 2
        return Planes(self.plane(y, width, height), self.plane(u, *half), self.plane(v, *half))

    def paint(self, target: Planes, y: Floats, u: Floats, v: Floats) -> None:
        """Fill `target` with the three fields, whatever their size."""
        np.copyto(target.y, self.plane(y, target.width, target.height))
        np.copyto(target.u, self.plane(u, target.width // 2, target.height // 2))
        np.copyto(target.v, self.plane(v, target.width // 2, target.height // 2))

    def paint_rgb(self, target: Planes, rgb: Floats) -> None:
        """Fill `target` with an RGB field of shape ``(rows, columns, 3)``, 0 to 1."""
        self.paint(target, *yuv(np.clip(rgb, 0, 1)))


def ramp(stops: list[tuple[float, tuple[float, float, float]]], at: Floats) -> Floats:
    """Look colours up in a gradient.

    Parameters
    ----------
    stops : list of (position, colour)
        Ascending positions, colours of numbers from 0 to 1.
    at : NDArray[np.float32]
        Where to look, any shape.

    Returns
    -------
    NDArray[np.float32]
        The shape of `at`, and 3.
    """
    places = [place for place, _ in stops]
    channels = [np.interp(at, places, [shade[channel] for _, shade in stops]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)
