"""Camels that pace, laden or ridden, and the one who leads them."""

import math

import numpy as np
from PIL import Image, ImageDraw

from nemo_widgets.local.picture.scenes.planes import Color, mix, rgb8
from nemo_widgets.local.picture.scenes.relief import Points, curve, light_on

STRIDE = 1.16
"""How far one cycle of the legs carries a camel, where its back is 1 above the ground."""

_FINE = 4
_WIDE, _HIGH = 2.5, 2.15
_MIDDLE = 1.05
"""Size of a picture, and where the middle of the body lies in it, in the same measure."""

_BODY: Points = [
    (-0.60, 0.90), (-0.52, 1.03), (-0.34, 1.10), (-0.18, 1.26), (-0.04, 1.36), (0.10, 1.27), (0.24, 1.10), (0.42, 1.03),
    (0.58, 0.95), (0.72, 0.94), (0.84, 1.06), (0.93, 1.28), (0.96, 1.46), (1.00, 1.53), (1.05, 1.50), (1.15, 1.47),
    (1.27, 1.40), (1.29, 1.34), (1.22, 1.31), (1.10, 1.34), (1.06, 1.28), (1.04, 1.10), (0.95, 0.86), (0.78, 0.70),
    (0.56, 0.62), (0.36, 0.60), (0.10, 0.64), (-0.20, 0.72), (-0.44, 0.76), (-0.58, 0.80),
]  # fmt: skip
"""From the rump over the hump and along the neck to the muzzle, and back below: to the right, and up."""


def camel(size: float, phase: float, coat: Color, cloth: Color, load: str, sun: Color, way: float) -> Image.Image:
    """Draw one that walks to the right.

    Parameters
    ----------
    size : float
        How high its back is, in pixels.
    phase : float
        Where in its stride, 0 to 1.
    coat, cloth : Color
        Its colour, and that of the blanket and what lies on it.
    load : str
        ``rider``, ``packs`` or ``none``.
    sun : Color
        What the light adds where it falls.
    way : float
        Where the light comes from: from the right (1) or from the left (-1).
    """
    canvas = _Canvas(size)
    dark = mix(coat, (0.08, 0.05, 0.06), 0.42)
    for far in (True, False):
        if not far:
            bob = 0.012 * math.cos(4 * math.pi * phase)
            canvas.limb([(-0.57, 0.93), (-0.64, 0.80), (-0.63, 0.58)], (0.045, 0.03, 0.05), dark)
            canvas.fill([(x, y + bob) for x, y in curve(_BODY, 6)], coat)
        for hip, behind in (((-0.42, 0.86), True), ((0.42, 0.78), False)):
            # Camels pace: both legs of a side swing together, the hind one a little before the other.
            turn = (phase + 0.5 * far + 0.10 * behind) % 1
            _leg(canvas, hip, behind, turn, dark if far else coat)
    _burden(canvas, cloth, load, mix(coat, (0.05, 0.04, 0.05), 0.6))
    return canvas.shaded(sun, way)


def guide(size: float, phase: float, robe: Color, skin: Color, sun: Color, way: float) -> Image.Image:
    """Draw someone in a long robe who walks to the right with a staff, before camels of this `size`."""
    canvas = _Canvas(size)
    swing = math.sin(2 * math.pi * phase)
    dark = mix(robe, (0.06, 0.04, 0.06), 0.5)
    for side in (-1, 1):
        canvas.limb([(0.0, 0.42), (0.15 * side * swing, 0.03)], (0.09, 0.06), dark)
    hem = 0.13 + 0.05 * abs(swing)
    canvas.fill(
        curve([(-hem, 0.20), (-0.13, 0.62), (-0.11, 0.86), (0.0, 0.92), (0.11, 0.84), (0.12, 0.60), (hem, 0.20)], 5),
        robe,
    )
    canvas.limb([(0.02, 0.82), (0.14 + 0.04 * swing, 0.62), (0.25 + 0.05 * swing, 0.66)], (0.09, 0.07, 0.05), robe)
    canvas.limb([(0.27 + 0.06 * swing, 0.98), (0.24 + 0.16 * swing, 0.0)], (0.025, 0.025), dark)
    canvas.disc((0.01, 0.98), 0.072, skin)
    canvas.fill(
        curve(
            [(-0.10, 0.96), (-0.09, 1.06), (0.01, 1.10), (0.09, 1.05), (0.09, 1.01), (-0.02, 1.01), (-0.05, 0.90)], 5
        ),
        mix(robe, (1, 1, 1), 0.45),
    )
    return canvas.shaded(sun, way)


class _Canvas:
    """A picture with the ground at its foot, in camels' heights."""

    def __init__(self, size: float) -> None:
        self._scale = size * _FINE
        self._size = size
        self.picture = Image.new("RGBA", (self._even(_WIDE) * _FINE, self._even(_HIGH) * _FINE), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.picture)

    def _even(self, share: float) -> int:
        return max(4, math.ceil(share * self._size / 2) * 2)

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        return (point[0] + _MIDDLE) * self._scale, self.picture.height - (point[1] + 0.02) * self._scale

    def fill(self, points: Points, shade: Color) -> None:
        self._draw.polygon([self._at(point) for point in points], fill=(*rgb8(shade), 255))

    def disc(self, middle: tuple[float, float], radius: float, shade: Color) -> None:
        x, y = self._at(middle)
        reach = radius * self._scale
        self._draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=(*rgb8(shade), 255))

    def limb(self, points: Points, widths: tuple[float, ...], shade: Color) -> None:
        """Draw a line that grows thinner or thicker from point to point, with round joints."""
        for index in range(len(points) - 1):
            (ax, ay), (bx, by) = points[index], points[index + 1]
            length = math.hypot(bx - ax, by - ay) or 1.0
            right, up = (by - ay) / length / 2, -(bx - ax) / length / 2
            first, second = widths[index], widths[index + 1]
            self.fill(
                [
                    (ax + right * first, ay + up * first),
                    (bx + right * second, by + up * second),
                    (bx - right * second, by - up * second),
                    (ax - right * first, ay - up * first),
                ],
                shade,
            )
        for point, width in zip(points, widths, strict=True):
            self.disc(point, width / 2, shade)

    def shaded(self, sun: Color, way: float) -> Image.Image:
        """Return it at its size, lit from above and one side."""
        small = self.picture.resize((self.picture.width // _FINE, self.picture.height // _FINE), Image.Resampling.BOX)
        pixels = np.asarray(small).astype(np.float32) / np.float32(255)
        light = light_on(small.getchannel("A"), self._size * 0.16, (0.75 * way, -0.55, 0.28))
        light = np.clip(light * 1.5 - 0.18, 0, 1)[..., None]
        pixels[..., :3] *= np.float32(0.34 * min(1.0, max(sun))) + light * np.array(sun, np.float32)
        return Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))


def _leg(canvas: _Canvas, hip: tuple[float, float], behind: bool, turn: float, shade: Color) -> None:
    """Draw a leg: for somewhat more than half of the stride its foot stays on the ground."""
    reach = STRIDE / 4
    if turn < 0.56:
        foot = (hip[0] + reach * (1 - 2 * turn / 0.56), 0.03)
    else:
        part = (turn - 0.56) / 0.44
        foot = (hip[0] - reach * math.cos(math.pi * part), 0.03 + 0.11 * math.sin(math.pi * part) ** 1.5)
    knee = _joint(hip, foot, 0.435 if behind else 0.395, -1.0 if behind else 1.0)
    canvas.limb([hip, knee, foot], (0.22 if behind else 0.17, 0.10, 0.065), shade)
    canvas.limb([(foot[0] - 0.02, 0.01 + foot[1]), (foot[0] + 0.06, foot[1] - 0.005)], (0.075, 0.06), shade)


def _joint(hip: tuple[float, float], foot: tuple[float, float], bone: float, side: float) -> tuple[float, float]:
    """Return where a leg of two bones bends: to the right (1) or to the left (-1)."""
    dx, dy = foot[0] - hip[0], foot[1] - hip[1]
    length = min(math.hypot(dx, dy), 2 * bone * 0.999)
    out = math.sqrt(bone * bone - length * length / 4)
    return (hip[0] + dx / 2 - dy / length * out * side, hip[1] + dy / 2 + dx / length * out * side)


def _burden(canvas: _Canvas, cloth: Color, load: str, leather: Color) -> None:
    if load == "none":
        return
    pale = mix(cloth, (1, 0.96, 0.86), 0.55)
    blanket: Points = [
        (-0.36, 1.13),
        (-0.18, 1.30),
        (-0.04, 1.40),
        (0.10, 1.31),
        (0.27, 1.12),
        (0.25, 0.80),
        (-0.33, 0.84),
    ]
    canvas.fill(blanket, cloth)
    canvas.limb([(-0.33, 0.87), (0.25, 0.83)], (0.04, 0.04), pale)
    canvas.limb([(-0.34, 0.97), (0.26, 0.93)], (0.02, 0.02), pale)
    if load == "packs":
        for x, y, wide in ((-0.20, 0.98, 0.17), (0.10, 0.96, 0.16)):
            canvas.fill(
                curve(
                    [
                        (x - wide, y - 0.20),
                        (x - wide, y + 0.16),
                        (x, y + 0.22),
                        (x + wide, y + 0.14),
                        (x + wide, y - 0.20),
                        (x, y - 0.25),
                    ],
                    5,
                ),
                leather,
            )
        canvas.fill(
            curve([(-0.30, 1.30), (-0.24, 1.52), (-0.02, 1.58), (0.20, 1.50), (0.22, 1.28), (-0.04, 1.36)], 5),
            mix(leather, cloth, 0.4),
        )
        canvas.limb([(-0.04, 1.57), (-0.05, 0.78)], (0.025, 0.025), pale)
        return
    robe = mix(cloth, (0.93, 0.90, 0.84), 0.62)
    canvas.fill(
        curve(
            [
                (-0.20, 1.30),
                (-0.17, 1.62),
                (-0.08, 1.78),
                (0.06, 1.76),
                (0.12, 1.58),
                (0.22, 1.30),
                (0.20, 1.06),
                (0.06, 1.02),
                (0.02, 1.28),
            ],
            5,
        ),
        robe,
    )
    canvas.limb([(0.02, 1.68), (0.16, 1.50), (0.32, 1.46)], (0.09, 0.07, 0.05), robe)
    canvas.limb([(0.32, 1.46), (0.62, 1.20), (1.08, 1.36)], (0.016, 0.014, 0.014), leather)
    canvas.disc((0.01, 1.86), 0.078, mix(leather, (0.72, 0.48, 0.32), 0.5))
    canvas.fill(
        curve(
            [(-0.12, 1.80), (-0.09, 1.95), (0.02, 1.98), (0.10, 1.92), (0.09, 1.88), (-0.02, 1.88), (-0.06, 1.74)], 5
        ),
        cloth,
    )
