"""The moon, or by day the sun: a disc at full resolution that clouds pass before, and its glitter on the water."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Bytes, Color, Floats, Planes, mix, yuv
from nemo_widgets.local.picture.scenes.setting import Setting
from nemo_widgets.local.picture.scenes.sparks import Glow

_GLINTS = 50
_TROUGHS = 13


class Moon:
    """The moon over a city; by day the sun; where the palette has no ``moon``, neither.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours.
    rows : int
        How many rows of the frame the sky has.
    scale : int
        How many pixels of the frame one pixel of the clouds covers, in both directions.
    at : tuple of float, optional
        Where it stands, in pixels of the frame; by default the seed chooses.
    shade : Color, optional
        Its colour, in place of the palette's.

    Attributes
    ----------
    x, y, radius : float
        Where it is, in pixels of the frame.
    """

    def __init__(
        self,
        setting: Setting,
        rows: int,
        scale: int,
        at: tuple[float, float] | None = None,
        shade: Color | None = None,
    ) -> None:
        random = generator(setting.seed, "moon")
        self.radius = max(3.0, 42 * setting.unit * float(random.uniform(0.85, 1.2)))
        self.x = float(random.uniform(0.12, 0.74)) * setting.width
        self.y = float(random.uniform(0.16, 0.3)) * rows
        if at is not None:
            self.x, self.y = at
        self._scale = scale
        first_x, first_y = (int(place - self.radius - 2) // scale * scale for place in (self.x, self.y))
        side = -(-int(2 * self.radius + 4 + scale) // scale) * scale
        self._left, self._top = max(0, first_x), max(0, first_y)
        self._right, self._bottom = min(setting.width, first_x + side), min(rows, first_y + side)
        across = np.arange(self._left, self._right, dtype=np.float32)[None, :] + np.float32(0.5 - self.x)
        down = np.arange(self._top, self._bottom, dtype=np.float32)[:, None] + np.float32(0.5 - self.y)
        distance = np.hypot(across, down)
        self._disc = np.clip(self.radius - distance + 0.5, 0, 1).astype(np.float32)
        limb = np.sqrt(np.clip(1 - (distance / self.radius) ** 2, 0, 1))
        maria = clouds(random, distance.shape[0], distance.shape[1], 3, 3, 4)
        light = (0.80 + 0.12 * limb) * (1.1 - 0.26 * np.clip(maria * 2.4 - 0.9, 0, 1))
        if setting.palette.light == "day":
            light = np.ones_like(distance)
            # The sun dazzles: it has no edge.
            self._disc = smoothstep(1.0, 0.45, distance / self.radius)
        self._sun = setting.palette.light == "day"
        self._shown = shade is not None or "moon" in setting.palette.colors
        tone = shade or (setting.palette["moon"] if self._shown else (1.0, 1.0, 1.0))
        face = yuv(np.clip(np.array(tone, np.float32) * light[..., None], 0, 1))
        self._face = [plane.astype(np.float32) for plane in face]

    def halo(self, rows: int, columns: int) -> Floats:
        """Return how bright the air around it is, as a field of `rows` by `columns`."""
        y, x = np.mgrid[:rows, :columns].astype(np.float32)
        away = np.hypot(x + 0.5 - self.x / self._scale, y + 0.5 - self.y / self._scale)
        reach, strength = (5.5, 0.8) if self._sun else (2.2, 0.42)
        glow: Floats = np.exp(away * np.float32(-self._scale / (reach * self.radius))) * np.float32(
            strength * self._shown
        )
        return glow

    def draw(self, sky: Planes, veil: Floats) -> None:
        """Lay its disc over the `sky`, where `veil` (at the scale of the clouds) leaves it to be seen."""
        scale = self._scale
        part = veil[self._top // scale : -(-self._bottom // scale), self._left // scale : -(-self._right // scale)]
        if not part.size or not self._shown:
            return
        height, width = self._disc.shape
        wide = (part.shape[1] * scale, part.shape[0] * scale)
        smooth = np.asarray(Image.fromarray(part.astype(np.float32)).resize(wide, Image.Resampling.BILINEAR))
        seen = self._disc * (1 - smooth[:height, :width] * (0.45 if self._sun else 1.0))
        for plane, goal, step in zip((sky.y, sky.u, sky.v), self._face, (1, 2, 2), strict=True):
            ground = plane[self._top // step : self._bottom // step, self._left // step : self._right // step]
            rows, columns = ground.shape
            _lay(ground, goal[::step, ::step][:rows, :columns], seen[::step, ::step][:rows, :columns])


def _lay(ground: Bytes, goal: Floats, share: Floats) -> None:
    mixed = ground + (goal - ground) * share + np.float32(0.5)
    np.copyto(ground, mixed, casting="unsafe")


class Glitter:
    """Where waves turn the moon towards the eye and away: short streaks below it that come and go.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours.
    x, y : float
        Where the water mirrors the moon, in pixels.
    reach : float
        How far the streaks spread upwards, in pixels.
    """

    def __init__(self, setting: Setting, x: float, y: float, reach: float) -> None:
        random = generator(setting.seed, "glitter")
        count = max(8, round(_GLINTS * setting.detail))
        self._y = (y + reach * (random.beta(1.6, 1.6, count) * 1.5 - 1)).astype(np.float32)
        near = np.clip((self._y - y) / reach + 1, 0, 1.5)
        self._x = (x + random.normal(0, 1, count) * (16 + 26 * near) * setting.unit).astype(np.float32)
        self._phase = random.uniform(0, 7, count).astype(np.float32)
        self._pace = random.uniform(1.4, 3.0, count).astype(np.float32)
        self._bright = (0.35 + 0.65 * np.exp(-(((self._y - y) / (0.55 * reach)) ** 2))).astype(np.float32)
        self._shade = mix(setting.palette.colors.get("moon", ((1.0, 1.0, 1.0),))[0], (1.0, 1.0, 1.0), 0.2)
        self._streak = Glow(1.8 * setting.unit + 0.7, 0.25, 8.0)
        troughs = max(6, round(_TROUGHS * setting.detail))
        self._trough_y = (y + np.linspace(-24, 24, troughs) * setting.unit).astype(np.float32)
        self._trough_x = (x + random.uniform(-42, 42, troughs) * setting.unit).astype(np.float32)
        self._water = mix(setting.palette["near"], setting.palette.colors["sky"][1], 0.6)
        self._trough = Glow(2.6 * setting.unit + 0.7, 0.5, 15.0)

    def draw(self, target: Planes, at_s: float) -> None:
        """Lay the streaks over the water of `target`."""
        beat = np.sin(self._phase + self._pace * np.float32(at_s))
        swing = np.sin(self._trough_y * 2 + np.float32(at_s * 0.9)) * np.float32(14)
        dark = np.full_like(self._trough_x, 0.7)
        self._trough.stamp(target, self._trough_x + swing, self._trough_y, dark, self._water)
        drift = np.sin(self._phase * 3 + np.float32(at_s * 0.5)) * np.float32(5)
        strength = np.clip(beat, 0, 1) ** 2 * self._bright * np.float32(0.9)
        self._streak.stamp(target, self._x + drift, self._y, strength, self._shade)
