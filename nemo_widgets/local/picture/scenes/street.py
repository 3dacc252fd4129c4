"""A shopping street in one-point perspective: lit fronts, lamps, trees, people, cars; wet ground mirrors the night."""

from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter

from nemo_widgets.local.picture.scenes.facades import Builder, plan
from nemo_widgets.local.picture.scenes.kerbside import Furniture
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.pavement import Ground
from nemo_widgets.local.picture.scenes.perspective import Canvas, View, view_of
from nemo_widgets.local.picture.scenes.planes import Color, Floats, Planes, mix
from nemo_widgets.local.picture.scenes.plate import Plate
from nemo_widgets.local.picture.scenes.setting import Light, Setting
from nemo_widgets.local.picture.scenes.shopfronts import House, Shop, Sign
from nemo_widgets.local.picture.scenes.sky import Sky, Weather
from nemo_widgets.local.picture.scenes.streetlife import Flicker, Petals
from nemo_widgets.local.picture.scenes.traffic import Traffic

_CLEAR_M: dict[Light, float] = {"day": 130.0, "dusk": 62.0, "night": 62.0}
_BLOOM: dict[Light, float] = {"day": 0.0, "dusk": 0.75, "night": 1.0}


class Street:
    """Standing at the edge of a pavement."""

    def __init__(self, setting: Setting) -> None:
        random = generator(setting.seed, "street")
        palette = setting.palette
        view = view_of(setting.width, setting.height, random)
        self._horizon = min(setting.height, round(view.y) // 2 * 2 + 2)
        sunny = view.side * int(random.choice([-1, -1, 1])) if palette.light == "day" else 0
        houses = [house for side in (-1, 1) for house in plan(side, view.nearest(side), palette, random)]
        weather = Weather(float(random.uniform(0.35, 0.6)), 0.85 if palette.light == "day" else 0.7, 9)
        self._sky = Sky(setting, self._horizon, (view.x, view.y - 0.04 * view.height), weather, spread=0.5)
        drawn, lights, shops, lamps, signs = _draw(setting, view, houses, sunny, 2)
        plate = Plate(setting.width, setting.height)
        ground = Ground(view, self._horizon)
        floor = _floor(setting, ground, houses, shops, lamps, sunny, random)
        if max(palette["wet"]) > 0:
            mirrored, glints, _, _, _ = _draw(setting, replace(view, flip=-1.0), houses, sunny, 1)
            floor = _wet(setting, view, ground, floor, mirrored, glints, random)
        plate.over(floor, np.ones(floor.shape[:2], np.float32), 0, self._horizon)
        small = np.asarray(drawn.reduce(2), np.float32) / np.float32(255)
        plate.over(small[..., :3], small[..., 3])
        if _BLOOM[palette.light]:
            glow = _bloom(lights, setting)
            strength = glow.max(axis=2)
            plate.over(glow / np.maximum(strength, 1e-3)[..., None], strength * np.float32(_BLOOM[palette.light]))
        self._still = plate.seal()
        self._traffic = Traffic(setting, view)
        self._neon = Flicker(setting, view, signs) if signs else None
        self._petals = Petals(setting) if palette.season in ("spring", "autumn") else None

    def draw(self, target: Planes, at_s: float) -> None:
        """Paint the frame at `at_s` seconds."""
        self._sky.draw(target, at_s)
        self._still.draw(target)
        if self._neon is not None:
            self._neon.draw(target, at_s)
        self._traffic.draw(target, at_s)
        if self._petals is not None:
            self._petals.draw(target, at_s)


def _draw(
    setting: Setting, view: View, houses: list[House], sunny: int, fine: int
) -> tuple[Image.Image, Image.Image, list[Shop], list[tuple[float, float]], list[Sign]]:
    """Draw what stands along the street; return the picture, its lights, lit shops, where lamps stand, and signs."""
    palette = setting.palette
    canvas = Canvas(view, palette["air"], _CLEAR_M[palette.light], fine)
    builder = Builder(canvas, palette, generator(setting.seed, "street", "houses"), sunny)
    for house in sorted(houses, key=lambda house: -house.near):
        builder.build(house)
    random = generator(setting.seed, "street", "kerb")
    furniture = Furniture(canvas, palette, sunny)
    lamps = []
    low, high = view.kerbs
    strung = bool(random.random() < 0.6)
    pitch, start = float(random.uniform(11, 14)), float(random.uniform(5.5, 8.0))
    places = start + pitch * np.arange(10)
    trees = bool(random.random() < (0.85 if palette.light != "night" else 0.3)) or palette.name == "blossom"
    for index, away in reversed(list(enumerate(places.tolist()))):
        if strung and index < 7:
            furniture.string(away + 5.5, float(random.uniform(5.0, 6.4)), random)
        for kerb, out in ((low - 0.5, 1), (high + 0.5, -1)):
            own = out == view.side * -1
            if trees and not (own and away < 6.5):
                furniture.tree(kerb, away + pitch / 2, random)
            if away > (4 if own else 6):
                lamps.append(furniture.lamp(kerb, away, out))
        wall = view.right if view.side > 0 else view.left
        if index < 5 and random.random() < 0.5 and palette.light != "night":
            shade: Color | None = palette.colors["awning"][int(random.integers(len(palette.colors["awning"])))]
            furniture.table(wall - view.side * 1.1, away + 3, shade, random)
    return canvas.picture, canvas.lights, builder.shops, lamps, builder.signs


def _floor(
    setting: Setting,
    ground: Ground,
    houses: list[House],
    shops: list[Shop],
    lamps: list[tuple[float, float]],
    sunny: int,
    random: np.random.Generator,
) -> Floats:
    palette = setting.palette
    floor = ground.paint(palette, random)
    if sunny:
        dark = ground.shade(houses, sunny, random)[..., None]
        light = np.array(palette["sunlight"], np.float32) * 1.12
        floor = floor * (light + (np.array(palette["shadow"], np.float32) * 0.8 - light) * dark)
    elif palette.light != "day":
        base = 0.34 if palette.light == "night" else 0.62
        floor = floor * (base + ground.shine(shops, lamps, palette["lamp"]) * 1.15)
    return ground.haze(palette["air"], _CLEAR_M[palette.light], np.clip(floor, 0, 1))


def _wet(
    setting: Setting,
    view: View,
    ground: Ground,
    floor: Floats,
    mirrored: Image.Image,
    glints: Image.Image,
    random: np.random.Generator,
) -> Floats:
    """Let wet ground mirror what stands along it: drawn out towards the eye, for it is rough."""
    palette = setting.palette
    top = setting.height - floor.shape[0]
    sky = np.array(mix(palette.colors["sky"][-1], palette["glow"], 0.3), np.float32)
    seen = np.asarray(mirrored, np.float32) / np.float32(255)
    rgb = sky + (seen[..., :3] - sky) * seen[..., 3:]
    rgb += np.asarray(glints, np.float32) * np.float32(0.8 / 255)
    part = np.clip(rgb[top:] * 255, 0, 255).astype(np.uint8)
    smeared = Image.fromarray(part).resize((setting.width // 2, max(2, part.shape[0] // 18)), Image.Resampling.BOX)
    drawn_out = np.asarray(smeared.resize((setting.width, part.shape[0]), Image.Resampling.BICUBIC), np.float32)
    sharper = Image.fromarray(part).resize((setting.width, max(2, part.shape[0] // 6)), Image.Resampling.BOX)
    clear = np.asarray(sharper.resize((setting.width, part.shape[0]), Image.Resampling.BICUBIC), np.float32)
    share = (ground.mirror(random) * np.float32(max(palette["wet"])))[..., None]
    image = (drawn_out * 0.72 + clear * 0.28) / np.float32(255)
    wet: Floats = np.clip(floor * (1 - 0.75 * share) + image * share * 1.1, 0, 1)
    return wet


def _bloom(lights: Image.Image, setting: Setting) -> Floats:
    """Return the glow around lights, near and far, for the whole frame."""
    small = lights.reduce(8)
    unit = setting.unit / 4
    total = np.zeros((small.height, small.width, 3), np.float32)
    for reach, strength in ((9, 0.40), (30, 0.42), (90, 0.34)):
        soft = small.filter(ImageFilter.GaussianBlur(max(0.5, reach * unit)))
        total += np.asarray(soft, np.float32) * np.float32(strength / 255)
    grown = [
        np.asarray(Image.fromarray(total[..., band]).resize((setting.width, setting.height), Image.Resampling.BICUBIC))
        for band in range(3)
    ]
    glow: Floats = np.clip(np.stack(grown, axis=-1), 0, 0.9)
    return glow
