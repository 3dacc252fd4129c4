"""Pictures as the encoder takes them: Y, U and V planes of ``yuv420p``, BT.709, limited range."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from av.video.plane import VideoPlane
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from PIL import Image

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint16]
Floats = NDArray[np.floating]

_KR, _KB = 0.2126, 0.0722
"""Luma weights of ITU-R BT.709, section 3.2."""


@dataclass(frozen=True, slots=True)
class Planes:
    """One frame to draw on, row-major.

    Attributes
    ----------
    y : NDArray[np.uint8]
        Luma, ``(height, width)``, 16 (black) to 235 (white).
    u, v : NDArray[np.uint8]
        Chroma, ``(height / 2, width / 2)``, 128 is neutral.
    """

    y: Bytes
    u: Bytes
    v: Bytes

    @classmethod
    def black(cls, width: int, height: int) -> "Planes":
        """Return a black frame of even `width` and `height`."""
        half = (height // 2, width // 2)
        return cls(np.full((height, width), 16, np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8))

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.y.shape[0])

    def clear(self) -> None:
        """Paint it black."""
        self.y[:] = 16
        self.u[:] = 128
        self.v[:] = 128

    def copy_from(self, other: "Planes") -> None:
        """Take over another frame of the same size."""
        np.copyto(self.y, other.y)
        np.copyto(self.u, other.u)
        np.copyto(self.v, other.v)

    def band(self, top: int, bottom: int) -> "Planes":
        """Return the rows from `top` to `bottom` as a view; both are even."""
        return Planes(self.y[top:bottom], self.u[top // 2 : bottom // 2], self.v[top // 2 : bottom // 2])


def yuv(rgb: Floats) -> tuple[Floats, Floats, Floats]:
    """Convert RGB to limited-range YUV (ITU-R BT.709, sections 3.2 to 3.4), both gamma-coded.

    Parameters
    ----------
    rgb : NDArray[np.float32]
        ``(..., 3)``, 0 to 1.

    Returns
    -------
    tuple of NDArray[np.float32]
        Y 16 to 235, U and V 16 to 240, each of shape ``(...)``.
    """
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    luma = _KR * red + (1 - _KR - _KB) * green + _KB * blue
    u = (blue - luma) * np.float32(112 / (1 - _KB)) + np.float32(128)
    v = (red - luma) * np.float32(112 / (1 - _KR)) + np.float32(128)
    return luma * np.float32(219) + np.float32(16), u, v


def pixels(plane: VideoPlane) -> Bytes:
    """Return the bytes of a decoded or encodable plane as ``(height, width)``, without copying them."""
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]


def flattened(plane: Bytes) -> tuple[Bytes, int]:
    """Return the memory of a plane as one row, and how many bytes lie between the beginnings of two of its rows.

    It is the plane's own memory, also where the plane is a part of a larger one: what is written there is seen.
    """
    if plane.flags.c_contiguous:
        return plane.reshape(-1), plane.shape[1]
    pitch = plane.strides[0]
    return as_strided(plane, ((plane.shape[0] - 1) * pitch + plane.shape[1],), (1,)), pitch


Color = tuple[float, float, float]


def color(text: str) -> Color:
    """Read ``#rrggbb`` as three numbers from 0 to 1."""
    return int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255


def rgb8(rgb: Color) -> tuple[int, int, int]:
    """Return a colour as Pillow takes it: three numbers from 0 to 255."""
    red, green, blue = rgb
    return (
        round(min(1.0, max(0.0, red)) * 255),
        round(min(1.0, max(0.0, green)) * 255),
        round(min(1.0, max(0.0, blue)) * 255),
    )


@lru_cache(maxsize=256)
def yuv_of(rgb: Color) -> tuple[float, float, float]:
    """Convert one colour, as `yuv` does."""
    y, u, v = yuv(np.array(rgb, np.float32))
    return float(y), float(u), float(v)


def mix(start: Color, end: Color, amount: float) -> Color:
    """Blend two colours: 0 is `start`, 1 is `end`."""
    red, green, blue = start
    return red + (end[0] - red) * amount, green + (end[1] - green) * amount, blue + (end[2] - blue) * amount


def blend(target: Bytes, kept: Bytes, added: Words) -> None:
    """Lay a picture over `target`, in place: ``target * kept / 256 + added / 256``.

    Parameters
    ----------
    target : NDArray[np.uint8]
        What is painted over.
    kept : NDArray[np.uint8]
        How much of the target stays, 255 is all of it.
    added : NDArray[np.uint16]
        The picture times its opacity, in 1/256, plus 255: with it, full `kept` leaves the target exactly as it was.
    """
    sum_ = np.multiply(target, kept, dtype=np.uint16)
    np.add(sum_, added, out=sum_)
    np.right_shift(sum_, 8, out=sum_)
    np.copyto(target, sum_, casting="unsafe")


def premultiply(values: Bytes, opacity: Bytes) -> tuple[Bytes, Words]:
    """Prepare a picture for `blend`.

    Parameters
    ----------
    values, opacity : NDArray[np.uint8]
        The picture, and how much of it is to be seen: 255 hides the ground.

    Returns
    -------
    tuple of NDArray
        ``kept`` and ``added``.
    """
    weight = opacity.astype(np.uint16)
    weight += weight >> 7
    return np.subtract(255, opacity, dtype=np.uint8), values * weight + np.uint16(255)


def picture_of(rgb: Floats, alpha: Floats) -> Image.Image:
    """Return an RGBA picture of numbers from 0 to 1; its transparent pixels keep their colour."""
    pixels_: Bytes = np.empty((*alpha.shape, 4), np.uint8)
    pixels_[..., :3] = np.clip(rgb * 255, 0, 255).astype(np.uint8)
    pixels_[..., 3] = (alpha * 255).astype(np.uint8)
    return Image.fromarray(pixels_)
