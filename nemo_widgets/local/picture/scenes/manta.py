"""A manta ray that flies by bending the picture of itself."""

import numpy as np
from PIL import Image, ImageFilter

from nemo_widgets.local.picture.scenes.creatures import Dress, shape
from nemo_widgets.local.picture.scenes.drape import Drape
from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep, value_noise
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.relief import Points, curve, light_on


class Manta:
    """A manta ray that glides overhead, its white belly to us."""

    def __init__(self, length: float, way: int, dress: Dress, seed: int) -> None:
        self.length = size = length
        random = generator(seed, "manta")
        wide, high = round(size * 1.1), round(size * 0.66)

        def at(points: Points) -> Points:
            # Span lies across, the nose looks right, up and towards us.
            return [
                (wide / 2 + (s * 0.97 + c * 0.26) * size, high * 0.52 + (-c * 0.52 + s * 0.10) * size)
                for s, c in points
            ]

        half: Points = [
            (0.055, 0.205), (0.10, 0.185), (0.17, 0.150), (0.26, 0.085), (0.36, 0.012), (0.44, -0.045), (0.505, -0.105),
            (0.465, -0.098), (0.38, -0.075), (0.29, -0.075), (0.20, -0.100), (0.12, -0.150), (0.06, -0.205),
            (0.022, -0.235),
        ]  # fmt: skip
        points = [*half, *((-s, c) for s, c in reversed(half))]
        shapes = [at(curve(points, 8))]
        for side in (-1, 1):
            lobe = [(side * 0.050, 0.18), (side * 0.088, 0.195), (side * 0.092, 0.245), (side * 0.066, 0.300),
                    (side * 0.050, 0.312), (side * 0.058, 0.26)]  # fmt: skip
            shapes.append(at(curve(lobe, 6)))
        tail = at(curve([(0.0, -0.21), (0.012, -0.36), (-0.01, -0.52), (-0.05, -0.66)], 14, closed=False))
        ends = [size * 0.006 * (1 - index / len(tail)) for index in range(len(tail))]
        left = [(tx - half_, ty) for (tx, ty), half_ in zip(tail, ends, strict=True)]
        right = [(tx + half_, ty) for (tx, ty), half_ in zip(tail, ends, strict=True)]
        shapes.append([*left, *reversed(right)])
        alpha = np.max([shape((wide, high), part)[1] for part in shapes], axis=0)
        mask = Image.fromarray((alpha * 255).astype(np.uint8))
        y, x = np.mgrid[:high, :wide].astype(np.float32)
        # Undo the projection: where on the animal each pixel lies.
        px, py = (x - wide / 2) / size, (y - high * 0.52) / size
        det = 0.97 * -0.52 - 0.26 * 0.10
        span, chord = (px * -0.52 - 0.26 * py) / det, (0.97 * py - 0.10 * px) / det
        aside = np.abs(span)
        edge = clouds(random, high, wide, 6, 10, 4)
        white = smoothstep(0.40, 0.24, aside + 0.12 * (edge - 0.5)) * smoothstep(-0.21, -0.14, chord)
        white *= smoothstep(0.26, 0.20, chord)
        rgb = dress.back + (dress.belly - dress.back) * white[..., None]
        gills = np.zeros_like(span)
        for slit in range(5):
            at_chord = 0.115 - 0.036 * slit
            line = np.abs(chord - at_chord - 0.35 * (aside - 0.09) * (0.3 - 0.1 * slit))
            inside = smoothstep(0.020, 0.035, aside - 0.028) * smoothstep(
                0.125 - 0.010 * slit, 0.10 - 0.010 * slit, aside
            )
            gills = np.maximum(gills, smoothstep(0.0085, 0.0035, line) * inside)
        rgb *= (1 - 0.72 * gills)[..., None]
        spots = value_noise(random, high, wide, 26, 44)
        speckle = smoothstep(0.78, 0.86, spots) * smoothstep(-0.02, -0.08, chord) * smoothstep(0.16, 0.10, aside)
        rgb *= (1 - 0.65 * speckle)[..., None]
        mouth = smoothstep(0.012, 0.004, np.abs(chord - 0.196)) * smoothstep(0.056, 0.048, aside)
        rgb *= (1 - 0.6 * mouth)[..., None]
        lit = 0.42 + 0.5 * light_on(mask, size * 0.035, (-0.1, -0.6, 0.8))
        # Light from above shines through the thin edges of the wings.
        thin = 1 - np.asarray(mask.filter(ImageFilter.GaussianBlur(size * 0.016)), np.float32) / np.float32(255)
        lit = np.clip(lit + thin * 0.9, 0, 1.15)
        picture = dress.finish(rgb, lit, alpha)
        if way < 0:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        self._drape = Drape(picture, True, length * 0.17)
        self._off = self._drape.along / np.float32(length) - np.float32(0.55)
        self._size = (wide, high)

    def draw(self, target: Planes, x: float, y: float, at_s: float) -> None:
        """Lay it over `target` with its middle at (`x`, `y`)."""
        reach = np.abs(self._off) / np.float32(0.5)
        beat = np.float32(at_s * 1.55)
        flap = np.sin(beat - reach * 1.15) * reach**1.7 * np.float32(0.145 * self.length)
        flap += np.float32(np.sin(float(beat) + 2.6) * 0.016 * self.length)
        self._drape.lay(target, x - self._size[0] / 2, y - self._size[1] * 0.52, flap)
