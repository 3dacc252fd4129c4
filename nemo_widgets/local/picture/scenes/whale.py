"""A humpback whale that swims by bending the picture of itself."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.creatures import Dress, dapples, shape
from nemo_widgets.local.picture.scenes.drape import Drape
from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep, value_noise
from nemo_widgets.local.picture.scenes.planes import Floats, Planes
from nemo_widgets.local.picture.scenes.relief import Points, curve, light_on


class Whale:
    """A humpback whale, seen from its side."""

    def __init__(self, length: float, way: int, dress: Dress, seed: int) -> None:
        self.length = size = length
        random = generator(seed, "whale")
        wide, high = round(size * 1.12), round(size * 0.44)
        middle = high * 0.42

        def at(points: Points) -> Points:
            return [((x + 0.08) * size, middle + y * size) for x, y in points]

        body = at(curve([
            (0.998, 0.012), (0.975, -0.018), (0.92, -0.034), (0.85, -0.050), (0.79, -0.068), (0.70, -0.086),
            (0.58, -0.098), (0.46, -0.094), (0.385, -0.082), (0.352, -0.094), (0.325, -0.092), (0.30, -0.064),
            (0.20, -0.040), (0.11, -0.022), (0.05, -0.014), (0.02, 0.0), (0.05, 0.012), (0.11, 0.020), (0.20, 0.036),
            (0.32, 0.062), (0.45, 0.088), (0.58, 0.104), (0.70, 0.108), (0.80, 0.102), (0.90, 0.082), (0.97, 0.046),
        ]))  # fmt: skip
        fluke = at(curve([
            (0.07, -0.012), (0.035, -0.030), (0.005, -0.064), (-0.035, -0.098), (-0.062, -0.108), (-0.052, -0.075),
            (-0.034, -0.040), (-0.020, -0.008), (-0.030, 0.014), (-0.052, 0.040), (-0.060, 0.062), (-0.030, 0.058),
            (0.010, 0.040), (0.045, 0.020), (0.07, 0.012),
        ]))  # fmt: skip
        fin = at(curve([
            (0.735, 0.060), (0.700, 0.095), (0.650, 0.140), (0.585, 0.185), (0.515, 0.222), (0.455, 0.240),
            (0.462, 0.222), (0.515, 0.188), (0.560, 0.150), (0.610, 0.105), (0.650, 0.060),
        ]))  # fmt: skip
        whole, alpha = shape((wide, high), body)
        tail, tail_alpha = shape((wide, high), fluke)
        flipper, fin_alpha = shape((wide, high), fin)
        y, x = np.mgrid[:high, :wide].astype(np.float32)
        across, down = x / size - 0.08, (y - middle) / size
        edge = (
            0.030 + 0.030 * np.sin(np.clip((across - 0.3) / 0.7, 0, 1) * np.pi) - 0.05 * smoothstep(0.85, 1.0, across)
        )
        rough = value_noise(random, high, wide, 26, 60) * 0.012 + value_noise(random, high, wide, 60, 150) * 0.006
        pale = smoothstep(-0.012, 0.03, down - edge + rough - 0.009)
        rgb = dress.back + (dress.belly - dress.back) * pale[..., None]
        # Pleats run from the chin along the throat to the belly.
        run = 150 * (down - 0.02) / (0.10 - 0.35 * np.clip(across - 0.72, 0, 1) ** 1.3)
        pleats = np.clip(np.sin(run) * 1.4, 0, 1) * smoothstep(0.44, 0.56, across) * smoothstep(0.0, 0.02, down - edge)
        rgb *= (1 - 0.34 * pleats)[..., None]
        rgb *= (0.88 + 0.24 * clouds(random, high, wide, 5, 12, 4))[..., None]
        _face(rgb, across, down, random)
        lit = light_on(whole, size * 0.045)
        lit = np.clip(lit + 0.16 * dapples(random, (high, wide), size * 0.017) * smoothstep(0.03, -0.07, down), 0, 1.2)
        body_rgb, body_lit, whole_alpha = rgb, lit, alpha
        shade = light_on(tail, size * 0.012)
        body_rgb = np.where((tail_alpha > alpha)[..., None], dress.back * np.float32(0.92), body_rgb)
        body_lit = np.where(tail_alpha > alpha, shade, body_lit)
        whole_alpha = np.maximum(alpha, tail_alpha)
        self._body = self._drape(dress.finish(body_rgb, body_lit, whole_alpha), way, length * 0.10)
        rim = light_on(flipper, size * 0.010)
        mottle = value_noise(random, high, wide, 40, 90)
        pale_fin = np.clip(0.25 + 0.75 * mottle + 4.0 * (down - 0.16), 0, 1)
        fin_rgb = dress.back + (dress.belly - dress.back) * pale_fin[..., None]
        self._fin = self._drape(dress.finish(fin_rgb, rim, fin_alpha), way, length * 0.08)
        self._way = way
        self._across, self._fin_across = self._place(self._body), self._place(self._fin)
        self._high = high

    def _drape(self, picture: Image.Image, way: int, room: float) -> Drape:
        return Drape(picture if way > 0 else picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), True, room)

    def _place(self, drape: Drape) -> Floats:
        share = drape.along / np.float32(self.length)
        return share - np.float32(0.08) if self._way > 0 else np.float32(1.04) - share

    def draw(self, target: Planes, x: float, y: float, at_s: float) -> None:
        """Lay it over `target` with its middle at (`x`, `y`)."""
        beat = np.float32(at_s * 1.25)
        bend = np.clip(0.62 - self._across, -0.4, 0.75)
        body = np.sin(beat + bend * 2.4) * np.abs(bend) ** 1.7 * np.float32(0.17 * self.length)
        left = x - 0.56 * self.length
        top = y - 0.42 * self._high
        self._body.lay(target, left, top, body)
        reach = np.clip(0.70 - self._fin_across, 0, 0.3)
        hinge = np.sin(beat) * 0.002 * self.length
        flap = np.sin(beat * np.float32(0.7) + 1.0) * reach * np.float32(0.26 * self.length) + np.float32(hinge)
        self._fin.lay(target, left, top, flap)


def _face(rgb: Floats, across: Floats, down: Floats, random: np.random.Generator) -> None:
    """Paint mouth, eye and the knobs of a humpback's head, in place."""
    lip = 0.020 + 0.10 * np.clip(0.985 - across, 0, 1) ** 1.25
    mouth = np.exp(-(((down - lip) / 0.0030) ** 2)) * (across > 0.80)
    rgb *= (1 - 0.6 * mouth)[..., None]
    eye = np.hypot(across - 0.795, down - 0.026)
    rgb *= (1 - 0.85 * smoothstep(0.010, 0.006, eye))[..., None]
    glint = smoothstep(0.003, 0.0015, np.hypot(across - 0.7965, down - 0.0235))
    rgb += (1 - rgb) * (glint * 0.8)[..., None]
    for _ in range(16):
        x, y = float(random.uniform(0.83, 0.98)), float(random.uniform(-0.03, 0.012))
        knob = np.exp(-(((across - x) ** 2 + (down - y) ** 2) / 0.0040**2))
        rgb *= (1 + 0.35 * knob)[..., None]
