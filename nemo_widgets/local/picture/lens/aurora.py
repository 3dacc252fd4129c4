"""Aurora: curtains of green and violet in the upper sky, behind whatever stands before it; always at night."""

import numpy as np

from nemo_widgets.local.picture.lens.grade import Grade, dimmed
from nemo_widgets.local.picture.lens.scaling import Scaler
from nemo_widgets.local.picture.lens.sky import SkyFinder
from nemo_widgets.local.picture.lens.tone import add_light, veil
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes.noise import generator, value_noise
from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes, color, yuv_of

_SHRINK = 4
_CURTAINS = 3
_BOTTOM = 0.62
"""Below this share of the height there is none."""
_SHADES = ((0.0, "#3dffb0"), (0.35, "#28e0a0"), (0.62, "#3a7bff"), (1.0, "#b04cff"))
"""Colours from the lower edge of a curtain upwards: oxygen's green, then nitrogen's blue and violet."""
_LIGHT = 165.0


class Aurora:
    """See the module."""

    def __init__(self, view: View) -> None:
        self._rows = max(2, int(view.height * _BOTTOM) // _SHRINK)
        self._columns = max(2, view.width // _SHRINK)
        self._all_rows = max(2, view.height // _SHRINK)
        self._night = Grade(dimmed(1.0, 0.94, 0.0), 0.9, (2, -1))
        if view.light != "night":
            self._night = Grade(dimmed(1.7, 0.34 if view.light == "day" else 0.42, 0.02), 0.4, (12, -6))
        random = generator(view.seed, "aurora")
        wide = view.width / view.height
        self._x = (np.arange(self._columns, dtype=np.float32) / self._columns * np.float32(wide))[None, :]
        self._y = (np.arange(self._rows, dtype=np.float32) / self._all_rows)[:, None]
        self._bends = random.uniform([0.7, 0.10, 0], [1.6, 0.26, 2 * np.pi], (_CURTAINS, 3, 3)).astype(np.float32)
        self._base = np.sort(random.uniform(0.20, 0.46, _CURTAINS))[::-1].astype(np.float32)
        self._tall = random.uniform(0.16, 0.34, _CURTAINS).astype(np.float32)
        self._rays = [value_noise(random, 1, 2048, 1, 128 << index)[0] for index in range(2)]
        self._sky = SkyFinder(view)
        self._scalers = {name: Scaler() for name in ("sky", "y", "share", "u", "v")}
        goals = [yuv_of(color(shade)) for _, shade in _SHADES]
        self._goals = [
            np.interp(np.linspace(0, 1, 256), [at for at, _ in _SHADES], [goal[index] for goal in goals])
            .astype(np.float32) for index in (0, 1, 2)
        ]  # fmt: skip

    def apply(self, target: Planes, at_s: float) -> None:
        """Change all of `target`."""
        sky = self._sky.find(target)
        self._night.apply(target, at_s)
        light, height = self._curtains(at_s)
        light *= self._open(sky)
        shade = np.minimum(height * 255, 255).astype(np.intp)
        luma, u, v = (goals[shade] for goals in self._goals)
        band = target.band(0, min(target.height, self._rows * _SHRINK // 2 * 2))
        bright = np.minimum(light * (luma / np.float32(235)) * np.float32(_LIGHT), 190)
        add_light(band.y, self._up("y", bright, band.width, band.height))
        half = (band.width // 2, band.height // 2)
        share = self._up("share", np.minimum(light * 300, 235), *half)
        veil(band.u, share, self._up("u", u, *half))
        veil(band.v, share, self._up("v", v, *half))

    def _up(self, name: str, field: Floats, width: int, height: int) -> Bytes:
        return self._scalers[name].scale(field.astype(np.uint8), width, height)

    def _open(self, sky: Floats) -> Floats:
        wide = self._up("sky", sky * 255, self._columns, self._all_rows)
        part: Floats = wide[: self._rows].astype(np.float32) * np.float32(1 / 255)
        return part

    def _curtains(self, at_s: float) -> tuple[Floats, Floats]:
        """Return how bright they are, and how far up in its curtain each place lies, 0 to 1."""
        total = np.zeros((self._rows, self._columns), np.float32)
        height = np.zeros_like(total)
        for index in range(_CURTAINS):
            foot, bright = self._hanging(index, at_s)
            above = (foot - self._y) / self._tall[index]
            # A sharp lower edge, and light that fades upwards.
            glow = np.clip(above * 9 + 1, 0, 1) * np.exp(-np.maximum(above, 0) * np.float32(2.1)) * bright
            height += np.clip(above, 0, 1.4) * glow
            total += glow
        height /= np.maximum(total, 1e-3) * np.float32(1.4)
        fade = np.clip((np.float32(_BOTTOM) - self._y) / np.float32(0.12), 0, 1)
        return np.minimum(total, 1.15) * fade, height

    def _hanging(self, index: int, at_s: float) -> tuple[Floats, Floats]:
        foot = np.full_like(self._x, self._base[index])
        for order, (pitch, pace, phase) in enumerate(self._bends[index].tolist()):
            angle = self._x * np.float32(pitch * (order + 1) * 1.9) + np.float32(phase + pace * (order + 1) * at_s)
            foot += np.sin(angle) * np.float32(0.075 / (order + 1))
        bright = np.full_like(self._x, 0.30)
        for rays, speed, weight in zip(self._rays, (46.0, -30.0), (0.55, 0.5), strict=True):
            place = (self._x * np.float32(260) + np.float32(index * 500 + speed * at_s)) + foot * 900
            left = np.floor(place).astype(np.intp)
            part = place - left
            near, far = rays[left % len(rays)], rays[(left + 1) % len(rays)]
            bright += ((near + (far - near) * part) - np.float32(0.32)) * np.float32(weight)
        slow = np.sin(self._x * np.float32(1.3 + index) + np.float32(0.35 * at_s + index * 2.1))
        return foot, (np.clip(bright, 0, 1) * (np.float32(0.72) + np.float32(0.28) * slow)).astype(np.float32)
