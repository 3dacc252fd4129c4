"""A caravan on the crest of a dune: camels in a line behind the one who leads them, by night with lanterns."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.camels import STRIDE, camel, guide
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, mix
from nemo_widgets.local.picture.scenes.setting import Light, Setting
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.sprites import Sprites
from nemo_widgets.local.picture.scenes.terrain import blurred

_PHASES = 16
_PACE = 0.62
"""Strides a second."""
_LOADS = ("rider", "packs", "rider", "none", "packs")
_BRIGHT: dict[Light, float] = {"day": 1.0, "dusk": 0.55, "night": 0.55}
"""How much light falls on the side that is turned to the eye."""
_SKIN: Color = (0.40, 0.26, 0.18)


class Caravan:
    """Camels that walk along the top of a strip.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours; of the palette, ``coat``, ``cloth``, ``sunlight``, ``skylight`` and ``lamp``.
    ground : NDArray[np.float32]
        The row of the frame where the strip begins, by column of the strip.
    size : float
        How high a camel's back is, in pixels.
    way : float
        Whether they walk to the right (1) or to the left (-1).
    toward : float
        Whether the light comes from the right (1) or from the left (-1).
    """

    def __init__(self, setting: Setting, ground: Floats, size: float, way: float, toward: float) -> None:
        random = generator(setting.seed, "caravan")
        self._ground = blurred(ground[None, :], 0.5 * size)[0]
        self._size, self._way = size, way
        palette = setting.palette
        cloths = palette.colors["cloth"]
        sun = _light(palette["sunlight"], palette["skylight"], _BRIGHT[palette.light])
        # Drawn as if they walked to the right, and mirrored with their light where they do not.
        side = toward * way
        self._count = count = int(random.integers(4, 8))
        order = random.permutation(len(cloths))
        self._kinds, pictures = [], []
        kinds = min(4, count)
        for kind in range(kinds):
            cloth = cloths[int(order[kind % len(cloths)])]
            coat = mix(palette["coat"], (1.0, 0.95, 0.85), float(random.uniform(0, 0.25)))
            load = _LOADS[int(random.integers(len(_LOADS)))] if kind else "rider"
            pictures += [camel(size, step / _PHASES, coat, cloth, load, sun, side) for step in range(_PHASES)]
        robe = mix(cloths[int(order[-1])], (0.1, 0.12, 0.2), 0.35)
        pictures += [guide(size, step / _PHASES, robe, _SKIN, sun, side) for step in range(_PHASES)]
        if way < 0:
            pictures = [picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for picture in pictures]
        self._sprites = Sprites(pictures)
        self._half = pictures[0].height / 2
        # The body lies left of the middle of the picture.
        self._aside = (1.25 - 1.05) * size
        self._kinds = [kinds, *(int(kind) for kind in (np.arange(count) % kinds))]
        gaps = np.concatenate([[0.0], 1.7 + random.uniform(0, 0.2, 1), 2.05 + random.uniform(0, 0.5, count - 1)])
        self._behind = np.cumsum(gaps) * size
        start = 0.5 + 0.16 * way + float(random.uniform(-0.1, 0.1))
        self._start = start * setting.width + 0.5 * way * float(self._behind[-1])
        self._phase = random.uniform(0, 1, count + 1)
        self._lamp = None
        if palette.light == "night":
            self._lamp = Glow(size * 0.95, 0.02), Glow(max(1.6, size * 0.07), 0.4)
            self._shade = palette["lamp"]

    def draw(self, target: Planes, at_s: float, offset: float) -> None:
        """Lay them over `target`, whose strip has moved `offset` pixels to the left."""
        period = len(self._ground)
        walked = _PACE * STRIDE * self._size * at_s
        on = (self._start + self._way * (walked - self._behind)) % period
        y = np.interp(on, np.arange(period), self._ground, period=period)
        margin = 3 * self._size
        x = (on - offset + margin) % period - margin + self._way * self._aside
        step = ((_PACE * at_s + self._phase) % 1 * _PHASES).astype(np.intp) % _PHASES
        which = np.array(self._kinds) * _PHASES + step
        middle = y - self._half + 0.045 * self._size
        self._sprites.stamp(target, x.astype(np.float32), middle.astype(np.float32), which)
        if self._lamp is not None:
            self._light(target, x, y, at_s)

    def _light(self, target: Planes, x: Floats, y: Floats, at_s: float) -> None:
        if self._lamp is None:
            return
        halo, flame = self._lamp
        at = np.arange(len(x))
        lit = at % 2 == 0
        flicker = 0.8 + 0.12 * np.sin(at_s * 7 + at * 2.3) + 0.08 * np.sin(at_s * 12.7 + at)
        swing = np.sin(2 * np.pi * (_PACE * at_s + self._phase)) * 0.03 * self._size
        right = x + self._way * np.where(at == 0, 0.08, 0.42) * self._size + swing
        down = y - np.where(at == 0, 0.62, 0.86) * self._size
        points = right[lit].astype(np.float32), down[lit].astype(np.float32)
        halo.stamp(target, *points, (flicker[lit] * 0.7).astype(np.float32), self._shade)
        flame.stamp(target, *points, flicker[lit].astype(np.float32), mix(self._shade, (1, 1, 0.9), 0.6))


def _light(sun: Color, sky: Color, bright: float) -> Color:
    red, green, blue = ((0.95 * lit + 0.35 * shade) * bright for lit, shade in zip(sun, sky, strict=True))
    return red, green, blue
