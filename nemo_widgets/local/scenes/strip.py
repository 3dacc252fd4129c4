"""Parallax layers: pictures wider than the frame, drawn once, that wrap round and slide by half pixels."""

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from PIL import Image

from nemo_widgets.local.scenes.planes import Bytes, Planes, Words, blend, pixels

OVERSAMPLING = 2
"""A strip is drawn at twice its size, in both directions: that smooths its edges and gives it half-pixel steps."""


class _Pass:
    """The strip at one half-pixel phase: for each plane what is kept of the ground, and what is added."""

    def __init__(self, picture: Image.Image) -> None:
        frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgba")
        scaled = VideoReformatter().reformat(
            frame, format="yuva420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG, threads=1
        )
        y, u, v, alpha = (pixels(plane) for plane in scaled.planes)
        half = np.asarray(picture.getchannel("A").reduce(2))
        self.luma = _premultiply(y, alpha)
        self.u = _premultiply(u, half)
        self.v = _premultiply(v, half)


def _premultiply(values: Bytes, alpha: Bytes) -> tuple[Bytes, Words]:
    weight = alpha.astype(np.uint16)
    weight += weight >> 7
    return np.subtract(255, alpha, dtype=np.uint8), values * weight + np.uint16(255)


class Strip:
    """One layer of a landscape.

    Parameters
    ----------
    picture : PIL.Image.Image
        RGBA at `OVERSAMPLING` times its size; its width is the period after which it repeats.
        Transparent pixels should carry the colour of their neighbours.
    top : int
        Where its first row lies in the frame, in pixels, even.
    """

    def __init__(self, picture: Image.Image, top: int) -> None:
        self.top = top - top % 2
        self.period = picture.width // OVERSAMPLING // 2 * 2
        rows = picture.height // OVERSAMPLING // 2 * 2
        size = (self.period, rows)
        whole = (0, 0, self.period * OVERSAMPLING, rows * OVERSAMPLING)
        shifted = Image.new("RGBA", picture.size)
        shifted.paste(picture, (-1, 0))
        shifted.paste(picture.crop((0, 0, 1, picture.height)), (picture.width - 1, 0))
        self._phases = [_Pass(step.resize(size, Image.Resampling.BOX, box=whole)) for step in (picture, shifted)]
        self.rows = rows

    def draw(self, target: Planes, offset: float) -> None:
        """Lay the strip over `target`, its left edge moved `offset` pixels to the left."""
        halves = round(offset * 2)
        phase = self._phases[halves % 2]
        start = (halves // 2) % self.period
        bottom = min(self.top + self.rows, target.height)
        if bottom <= self.top:
            return
        _slide(target.y[self.top : bottom], *phase.luma, start)
        _slide(target.u[self.top // 2 : bottom // 2], *phase.u, start // 2)
        _slide(target.v[self.top // 2 : bottom // 2], *phase.v, start // 2)


def _slide(target: Bytes, kept: Bytes, added: Words, start: int) -> None:
    height, width = target.shape
    period = kept.shape[1]
    done = 0
    while done < width:
        run = min(width - done, period - start)
        blend(target[:, done : done + run], kept[:height, start : start + run], added[:height, start : start + run])
        done += run
        start = 0
