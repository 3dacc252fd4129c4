"""Open water in perspective: each point mirrors the part of the sky that its slope turns to it."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.field import Upscaler
from nemo_widgets.local.picture.scenes.noise import generator, value_noise, weighted_sum
from nemo_widgets.local.picture.scenes.planes import Floats, Planes, yuv_of
from nemo_widgets.local.picture.scenes.setting import Setting

_SCALE_X, _SCALE_Y = 4, 2
_WAVES = 7
_SIDEWAYS = 4
"""How many of the waves, the longest, also shift the mirrored sky sideways."""
_FLASH, _FULL = 150, 184
"""Where a glint begins, and where it is as bright as it gets."""
_SHORE = 0.16
"""How far down, as a share of the water, land is mirrored at most."""


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
    sun : float
        Where the sun stands, as a share of the width: crests below it glint.
    """

    def __init__(self, setting: Setting, horizon: int, sky: tuple[int, int], land_rows: float, sun: float) -> None:
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
            number = 8.5 * 1.58**index
            angle = float(random.normal(0, 0.10))
            self._speeds[index] = 1.5 * number**0.5 * float(random.uniform(0.85, 1.15)) * 0.42
            phase = number * (np.sin(angle) * across * away + np.cos(angle) * away) + random.uniform(0, 2 * np.pi)
            phase += value_noise(
                random, rows, columns, 5 + index, max(3, round(1.6 * aspect * 1.33**index))
            ) * np.float32(4)
            seen = 1 / (1 + (number * steepness / 1.1) ** 2)
            weight = seen * np.float32(0.62 + 0.055 * index)
            sines.append((np.sin(phase) * weight).astype(np.float32))
            cosines.append((np.cos(phase) * weight).astype(np.float32))
            self._aside[index], self._ahead[index] = np.sin(angle), np.cos(angle)
        self._waves = np.concatenate([np.stack(sines), np.stack(cosines)])
        longest = np.r_[:_SIDEWAYS, _WAVES : _WAVES + _SIDEWAYS]
        self._longest = self._waves[longest]
        self._sky = sky
        sky_rows, sky_columns = sky
        self._mirror_y = (1 - near**0.9 * np.float32(0.5)) * (sky_rows - 1)
        self._mirror_x = np.linspace(0, sky_columns - 1, columns, dtype=np.float32)[None, :] * np.ones_like(near)
        self._reach_y = np.float32(sky_rows) * (0.05 + 0.12 * near**0.7)
        self._lowest = (sky_rows - 1) - np.float32(land_rows) * np.clip(near / _SHORE, 0, 1)
        self._land_rows = max(1e-3, land_rows)
        self._shore = near[: int(np.ceil(_SHORE * rows))]
        # The darkest sky, overhead, is left out: mirrored, it would blotch the nearest waves.
        self._highest = np.float32(0.33 * sky_rows)
        self._reach_x = np.float32(sky_columns) * (0.003 + 0.022 * near)
        shine = 0.92 - 0.26 * near**0.7
        tint = 1 - (1 - shine) * np.float32(0.2)
        far = near_by = yuv_of(setting.palette["deep"])
        dazzle = 2.0
        shallow = setting.palette.colors.get("shallow")
        if shallow:
            # By day one sees into the water, the more the steeper one looks, and the sky outshines no sun.
            shine, tint, dazzle = 0.84 - 0.56 * near**0.5, 0.72 - 0.62 * near**0.45, 0.0
            near_by = yuv_of(shallow[0])
        bodies = [one + (other - one) * near**0.6 for one, other in zip(far, near_by, strict=True)]
        self._shine = [shine.astype(np.float32), tint.astype(np.float32), tint.astype(np.float32)]
        self._body = [goal * (1 - share) for goal, share in zip(bodies, self._shine, strict=True)]
        self._glare = np.float32(dazzle) * (1 - self._shine[0])
        self._stormy = setting.palette.weather == "storm"
        self._steep = np.float32(0.14 if self._stormy else 0.07 if shallow else 0.05)
        self._glints = self._prepare_glints(near, across, (sun - 0.5) * aspect)
        self._flashes = _flashes(yuv_of(setting.palette["sun"])[0])

    def _prepare_glints(self, near: Floats, across: Floats, sun: float) -> tuple[Floats, Floats]:
        """Return how much a slope counts, and how ready each place is to glint: most in a path below the sun."""
        off = (across - np.float32(sun)) / (0.10 + 0.34 * near)
        path = np.exp(-off * off)
        # Below the sun itself there is more light than water.
        narrow = (across - np.float32(sun)) / (0.030 + 0.13 * near)
        core = np.exp(-narrow * narrow) * np.clip(1.25 - near, 0, 1)
        usual = np.sqrt((self._waves**2).sum(axis=0) / 2).mean(axis=1, keepdims=True)
        slopes = 34 / np.maximum(usual, 0.05) * np.clip(near * 9, 0, 1)
        if self._stormy:
            # No sun shines: what flashes is foam, here and there.
            path, core = np.full_like(path, 0.12), np.zeros_like(path)
        ready = 82 + 56 * path + 30 * core + 10 * np.clip(near * 1.5, 0, 1)
        return slopes.astype(np.float32), ready.astype(np.float32)

    def paint(
        self, upscaler: Upscaler, target: Planes, sky: tuple[Floats, Floats, Floats], land: Floats, at_s: float
    ) -> None:
        """Fill `target`, which is the water alone, with what it mirrors of `sky` at `at_s` seconds.

        `land` has a height for each column, in rows of the sky: none of the water that mirrors it glints.
        """
        angle = self._speeds * np.float32(at_s)
        cosine, sine = np.cos(angle), np.sin(angle)
        ahead = weighted_sum(self._waves, np.concatenate([cosine, sine]) * np.tile(self._ahead, 2))
        some = slice(_SIDEWAYS)
        aside = weighted_sum(self._longest, np.concatenate([-sine[some], cosine[some]]) * np.tile(self._aside[some], 2))
        columns = self._sky[1]
        y = np.clip(self._mirror_y + ahead * self._reach_y, self._highest, self._lowest).astype(np.int32)
        x = np.clip(self._mirror_x + aside * self._reach_x, 0, columns - 1).astype(np.int32)
        index = y * np.int32(columns) + x
        coarse = np.ascontiguousarray(index[:, ::2])
        mirrored = [plane.reshape(-1).take(places) for plane, places in zip(sky, (index, coarse, coarse), strict=True)]
        luma, u, v = (
            plane * share + body for plane, share, body in zip(mirrored, self._shine, self._body, strict=True)
        )
        luma += np.maximum(mirrored[0] - np.float32(165), 0) * self._glare
        luma += ahead * (np.float32(6) + luma * self._steep)
        np.clip(luma, 16, 235, out=luma)
        upscaler.paint(target, luma, u, v)
        # A smooth field keeps its crisp contours however far it is scaled up, if it is cut off afterwards.
        slopes, ready = self._glints
        np.multiply(ahead, slopes, out=ahead)
        ahead += ready
        ahead[: len(self._shore)] -= self._in_the_shade(land)
        np.clip(ahead, 0, 255, out=ahead)
        flashes = Image.fromarray(upscaler.plane(ahead, target.width, target.height)).point(self._flashes)
        np.maximum(target.y, np.asarray(flashes), out=target.y)

    def _in_the_shade(self, land: Floats) -> Floats:
        """Return how much less ready to glint water is where it mirrors land, for the rows that may."""
        # Where the place in the sky that a point mirrors (see `paint`) is no higher than the land.
        seen = (2 * land / max(1, self._sky[0] - 1)) ** np.float32(1 / 0.9)
        ends = np.minimum(seen, land * np.float32(_SHORE / self._land_rows))
        shaded: Floats = np.clip((ends - self._shore) * np.float32(70) + np.float32(0.5), 0, 1)
        return shaded * np.float32(110)


def _flashes(brightest: float) -> list[int]:
    """Return the luma of a glint for each value of its field."""
    level = np.clip((np.arange(256) - _FLASH) / (_FULL - _FLASH), 0, 1)
    return [round(value) for value in (np.where(level > 0, 70 + (brightest - 70) * level**0.5, 0)).tolist()]
