"""Rings of a planet: bright and dark bands in its equator's plane, with their shadow and the shadow on them."""

import numpy as np

from nemo_widgets.local.picture.scenes.field import ramp
from nemo_widgets.local.picture.scenes.globe import Ball, Vector
from nemo_widgets.local.picture.scenes.noise import smoothstep, value_noise
from nemo_widgets.local.picture.scenes.planes import Color, Floats

_POINTS = 900


class Rings:
    """The rings round one globe, still, for they look the same as they turn.

    Parameters
    ----------
    ball : Ball
        The globe; it must lean towards the eye or away from it, for rings seen edge-on are not drawn.
    shades : list of (float, Color)
        A gradient from dark bands to light ones.
    toward : tuple of float
        The direction of the light, of length 1.
    random : numpy.random.Generator
        Chooses the bands.
    """

    def __init__(
        self, ball: Ball, shades: list[tuple[float, Color]], toward: Vector, random: np.random.Generator
    ) -> None:
        self._ball, self._toward = ball, toward
        self.inner, self.outer = float(random.uniform(1.22, 1.36)), float(random.uniform(1.95, 2.25))
        at = np.linspace(0, 1, _POINTS, dtype=np.float32)
        coarse, medium, fine = (value_noise(random, 1, _POINTS, 1, count)[0] for count in (9, 40, 160))
        solid = 0.35 + 0.45 * coarse + 0.3 * (medium - 0.5) + 0.22 * (fine - 0.5)
        for _ in range(3):
            gap, wide = float(random.uniform(0.2, 0.95)), float(random.uniform(0.006, 0.03))
            solid *= 1 - 0.92 * np.exp(-(((at - gap) / wide) ** 2))
        solid *= np.minimum(1, at / 0.10) ** 1.5 * np.minimum(1, (1 - at) / 0.02)
        self._solid = np.clip(solid, 0, 0.94).astype(np.float32)
        self._tone = ramp(shades, np.clip(0.15 + 0.55 * coarse + 0.35 * medium + 0.25 * (fine - 0.5), 0, 1))

    def _at(self, far: Floats) -> tuple[Floats, Floats]:
        """Return how dense they are, and their colour, so many radii from the middle of the globe."""
        share = (far - self.inner) / (self.outer - self.inner)
        point = np.clip(share * (_POINTS - 1), 0, _POINTS - 1).astype(np.intp)
        return self._solid[point] * ((share > 0) & (share < 1)), self._tone[point]

    def shadow(self, normals: tuple[Floats, Floats, Floats]) -> Floats:
        """Return how much light they keep from the surface of the globe, 0 to 1."""
        pole, toward = self._ball.pole, self._toward
        height = np.asarray(sum(part * axis for part, axis in zip(normals, pole, strict=True)), np.float32)
        climb = sum(part * axis for part, axis in zip(toward, pole, strict=True))
        way = -height / np.float32(climb if abs(climb) > 0.05 else 0.05)
        reached = [part + way * np.float32(step) for part, step in zip(normals, toward, strict=True)]
        far = np.sqrt(sum(part * part for part in reached))
        # A star is no point: edges of the shadow are soft.
        looks = [self._at(np.asarray(far + shift, np.float32))[0] for shift in np.linspace(-0.05, 0.05, 9).tolist()]
        shade: Floats = np.mean(looks, axis=0) * smoothstep(0.0, 0.05, way)
        return shade

    def layer(self, box: tuple[int, int, int, int]) -> tuple[Floats, Floats, Floats]:
        """Return their colour, how much they hide, and whether they lie before the globe, for each pixel of `box`."""
        left, top, right, bottom = box
        total_rgb = np.zeros((bottom - top, right - left, 3), np.float32)
        total_alpha = np.zeros((bottom - top, right - left), np.float32)
        front = np.zeros_like(total_alpha)
        # Seen from the side they are dense in the picture: several looks a pixel, so that no band breaks up.
        for shift in (-0.375, -0.125, 0.125, 0.375):
            moved = Ball(
                self._ball.x + shift * 0.6, self._ball.y + shift, self._ball.radius, self._ball.roll, self._ball.pitch
            )
            rgb, alpha, near = self._look(moved, box)
            total_rgb += rgb * alpha[..., None] / 4
            total_alpha += alpha / 4
            front += near / 4
        return total_rgb / np.maximum(total_alpha, 1e-4)[..., None], total_alpha, front

    def _look(self, ball: Ball, box: tuple[int, int, int, int]) -> tuple[Floats, Floats, Floats]:
        across, up, _, _ = ball.normals(box)
        pole = ball.pole
        near = -(across * np.float32(pole[0]) + up * np.float32(pole[1])) / np.float32(pole[2])
        far = np.sqrt(across * across + up * up + near * near)
        solid, tone = self._at(far)
        # The globe's shadow falls on what lies behind it.
        toward = self._toward
        along = across * np.float32(toward[0]) + up * np.float32(toward[1]) + near * np.float32(toward[2])
        aside = np.sqrt(np.maximum(far * far - along * along, 0))
        lit = 1 - np.clip((1.02 - aside) / 0.05, 0, 1) * (along < 0)
        return tone * (0.06 + 0.94 * lit)[..., None], solid, (near > 0).astype(np.float32)
