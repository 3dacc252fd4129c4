"""What rows of dunes and ranges of mountains have in common: their place on a strip, and how coarse they are."""

from dataclasses import dataclass, replace
from typing import Self

from PIL import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """One piece of land on a strip that wraps round.

    Attributes
    ----------
    name : str
        Its own stream of random numbers.
    period, rows : int
        Size of the strip, in pixels of the frame.
    tallest : float
        Height of its highest point, in pixels.
    depth : int
        How far it reaches away, in points.
    tilt : float
        How many pixels farther up each point of depth lies.
    mist : tuple of float
        Share of air before what is far or high, and before what is near or low.
    coarse : int
        How many pixels of the frame one point of the land covers: far land may be coarse.
    """

    name: str
    period: int
    rows: int
    tallest: float
    depth: int
    tilt: float
    mist: tuple[float, float]
    coarse: int = 1

    def in_points(self) -> Self:
        """Return it with sizes in points of the land instead of pixels of the frame."""
        share = 1 / self.coarse
        return replace(
            self,
            period=round(self.period * share) // 2 * 2,
            rows=max(2, round(self.rows * share)),
            tallest=self.tallest * share,
            depth=max(8, round(self.depth * share) // 2 * 2),
        )


def enlarged(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Scale a picture up, colour and opacity apart: what is transparent keeps its colour, so edges get no dark rim."""
    colours = picture.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    colours.putalpha(picture.getchannel("A").resize(size, Image.Resampling.BILINEAR))
    return colours
