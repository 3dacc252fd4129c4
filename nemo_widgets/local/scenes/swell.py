"""Open water in perspective: each point mirrors the part of the sky that its slope turns to it."""

import numpy as np

from nemo_widgets.local.scenes.field import Upscaler
from nemo_widgets.local.scenes.noise import generator, value_noise, weighted_sum
from nemo_widgets.local.scenes.planes import Floats, Planes, yuv_of
from nemo_widgets.local.scenes.setting import Setting

_SCALE_X, _SCALE_Y = 4, 2
_WAVES = 8


class Swell:
    """The sea below a horizon.

    Parameters
    ----------
    setting : Setting
        Size, seed and colours.
    horizon : int
        The first row of water.
    sky : tuple of int
        Rows and columns of the sky that is mirrored.
    land_rows : float
        How many rows above the horizon land may cover: only far water mirrors those.
    """

    def __init__(self, setting: Setting, horizon: int, sky: tuple[int, int], land_rows: float) -> None:
        random = generator(setting.seed, "swell")
        rows, columns = max(4, (setting.height - horizon) // _SCALE_Y), max(4, setting.width // _SCALE_X)
        near = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows
        aspect = setting.width / (setting.height - horizon)
        across = np.linspace(-0.5, 0.5, columns, dtype=np.float32)[None, :] * np.float32(aspect)
        away = 1 / (near + np.float32(0.075))
        steepness = away * away / rows
        self._speeds = np.empty(_WAVES, np.float32)
        sines, cosines = [], []
        self._aside, self._ahead = np.empty(_WAVES, np.float32), np.empty(_WAVES, np.float32)
        for index in range(_WAVES):
            number = 4.2 * 1.56**index
            angle = float(random.normal(0, 0.45 + 0.06 * index))
            self._speeds[index] = 1.5 * number**0.5 * float(random.uniform(0.85, 1.15)) * 0.42
            phase = number * (np.sin(angle) * across * away + np.cos(angle) * away) + random.uniform(0, 2 * np.pi)
            phase += value_noise(random, rows, columns, 12, 9) * np.float32(8)
            seen = 1 / (1 + (number * steepness / 1.1) ** 2)
            weight = seen * np.float32(0.62 + 0.055 * index)
            sines.append((np.sin(phase) * weight).astype(np.float32))
            cosines.append((np.cos(phase) * weight).astype(np.float32))
            self._aside[index], self._ahead[index] = np.sin(angle), np.cos(angle)
        self._waves = np.concatenate([np.stack(sines), np.stack(cosines)])
        self._sky = sky
        sky_rows, sky_columns = sky
        self._mirror_y = (1 - near**0.9 * np.float32(0.8)) * (sky_rows - 1)
        self._mirror_x = np.linspace(0, sky_columns - 1, columns, dtype=np.float32)[None, :] * np.ones_like(near)
        self._reach_y = np.float32(sky_rows) * (0.05 + 0.21 * near**0.7)
        self._lowest = (sky_rows - 1) - np.float32(land_rows) * np.clip(near / 0.16, 0, 1)
        self._reach_x = np.float32(sky_columns) * (0.003 + 0.022 * near)
        shine = 0.90 - 0.36 * near**0.7
        deep = yuv_of(setting.palette["deep"])
        tint = 1 - (1 - shine) * np.float32(0.35)
        self._shine = [shine.astype(np.float32), tint.astype(np.float32), tint.astype(np.float32)]
        self._body = [goal * (1 - share) for goal, share in zip(deep, self._shine, strict=True)]

    def paint(self, upscaler: Upscaler, target: Planes, sky: tuple[Floats, Floats, Floats], at_s: float) -> None:
        """Fill `target`, which is the water alone, with what it mirrors of `sky` at `at_s` seconds."""
        angle = self._speeds * np.float32(at_s)
        cosine, sine = np.cos(angle), np.sin(angle)
        ahead = np.concatenate([cosine, sine]) * np.tile(self._ahead, 2)
        aside = np.concatenate([-sine, cosine]) * np.tile(self._aside, 2)
        slopes = weighted_sum(self._waves, ahead), weighted_sum(self._waves, aside)
        columns = self._sky[1]
        y = np.clip(self._mirror_y + slopes[0] * self._reach_y, 0, self._lowest).astype(np.int32)
        x = np.clip(self._mirror_x + slopes[1] * self._reach_x, 0, columns - 1).astype(np.int32)
        index = y * np.int32(columns) + x
        facing = np.float32(1) + slopes[0] * np.float32(0.07)
        planes = [
            plane.reshape(-1).take(index) * share + body
            for plane, share, body in zip(sky, self._shine, self._body, strict=True)
        ]
        glare = np.maximum(sky[0].reshape(-1).take(index) - np.float32(165), 0) * (1 - self._shine[0])
        planes[0] = np.clip((planes[0] + glare) * facing, 16, 235)
        upscaler.paint(target, planes[0], planes[1], planes[2])
