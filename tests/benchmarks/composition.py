"""What bench_render draws: a sky, three layers in parallax and 200 particles, made of the studio's own parts.

No scene is exactly this, and most are more; the scenes are measured beside it. A pool whose workers begin with
`take_the_citys_place` draws it where a draft names the city.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.city import _SHORE, _rows
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Scene, Setting
from nemo_widgets.local.picture.scenes.sky import Sky, Weather
from nemo_widgets.local.picture.scenes.skyline import Row, draw_skyline
from nemo_widgets.local.picture.scenes.sparks import Glow
from nemo_widgets.local.picture.scenes.strip import Strip
from nemo_widgets.local.picture.together import together

PARTICLES = 200


class Composition:
    """Clouds and stars over three skylines that pass at different speeds, and sparks before them."""

    def __init__(self, setting: Setting) -> None:
        palette = setting.palette
        colors = {**palette.colors, "cloud_lit": (palette["glow"],), "cloud_dark": (palette.colors["sky"][1],)}
        setting = replace(setting, palette=replace(palette, colors=colors), detail=1.0)
        self._size = setting.width, setting.height
        self._sky = Sky(setting, setting.height, (setting.width * 0.3, setting.height * 0.4), Weather(0.4, 0.8, 7, 1))

        def built(row: Row) -> Strip:
            skyline = draw_skyline(row, setting.seed, palette.colors["windows"], ())
            return Strip(skyline.picture, setting.height - row.height, skyline.air)

        # As high as in the scene of a city.
        rows = _rows(setting, round(setting.height * _SHORE) // 2 * 2)
        strips = together((setting, "layers"), [partial(built, row) for row in rows])
        self._layers = list(zip((12 * setting.unit, 28 * setting.unit, 60 * setting.unit), strips, strict=True))
        random = generator(setting.seed, "particles")
        self._x, self._y, self._pace = random.random((3, PARTICLES)).astype(np.float32)
        self._glow = Glow(5 * setting.unit + 1, 0.2)

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        self._sky.draw(target, at_s)
        for speed, strip in self._layers:
            strip.draw(target, speed * at_s)
        width, height = self._size
        x = (self._x + np.float32(0.02 * at_s) * self._pace) % 1 * width
        y = (self._y - np.float32(0.05 * at_s) * (self._pace + 0.2)) % 1 * height
        light = 0.5 + 0.5 * np.sin(np.float32(at_s * 2) + self._pace * 20)
        self._glow.stamp(target, x.astype(np.float32), y.astype(np.float32), light.astype(np.float32), (1.0, 0.8, 0.5))


def take_the_citys_place() -> None:
    """Let every city of this process be the composition."""
    scenes: dict[str, type[Scene]] = SCENES  # type: ignore[assignment]
    scenes["city"] = Composition
