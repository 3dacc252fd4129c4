"""A sea turtle whose flippers beat."""

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.scenes.creatures import Dress, shape
from nemo_widgets.local.picture.scenes.drape import Drape
from nemo_widgets.local.picture.scenes.noise import clouds, generator, smoothstep
from nemo_widgets.local.picture.scenes.planes import Floats, Planes
from nemo_widgets.local.picture.scenes.relief import Points, curve, light_on


class Turtle:
    """A sea turtle, seen from its side and a little from above."""

    def __init__(self, length: float, way: int, dress: Dress, seed: int) -> None:
        self.length = length
        self._way = way
        random = generator(seed, "turtle")
        size = length
        wide, high = round(size * 1.24), round(size * 0.92)
        foot = high * 0.44

        def at(points: Points) -> Points:
            return [((x + 0.12) * size, foot + y * size) for x, y in points]

        def mask(points: Points) -> tuple[Image.Image, Floats]:
            return shape((wide, high), at(curve(points, 8)))

        shell, shell_alpha = mask([
            (0.745, 0.005), (0.70, -0.085), (0.60, -0.150), (0.46, -0.175), (0.32, -0.150), (0.19, -0.085),
            (0.08, 0.005), (0.045, 0.045), (0.10, 0.075), (0.25, 0.105), (0.42, 0.118), (0.58, 0.105), (0.70, 0.062),
        ])  # fmt: skip
        belly, belly_alpha = mask([
            (0.72, 0.04), (0.60, 0.085), (0.42, 0.115), (0.22, 0.09), (0.12, 0.062), (0.20, 0.125), (0.38, 0.160),
            (0.56, 0.150), (0.68, 0.105),
        ])  # fmt: skip
        head, head_alpha = mask([
            (0.70, -0.03), (0.78, -0.048), (0.845, -0.082), (0.905, -0.088), (0.955, -0.062), (0.985, -0.018),
            (0.975, 0.010), (0.925, 0.024), (0.86, 0.028), (0.79, 0.050), (0.71, 0.070),
        ])  # fmt: skip
        near, near_alpha = mask([
            (0.70, 0.055), (0.735, 0.090), (0.715, 0.145), (0.650, 0.215), (0.555, 0.290), (0.445, 0.350),
            (0.360, 0.372), (0.372, 0.345), (0.430, 0.285), (0.490, 0.215), (0.545, 0.140), (0.595, 0.075),
        ])  # fmt: skip
        far, far_alpha = mask([
            (0.70, -0.010), (0.760, -0.060), (0.770, -0.130), (0.735, -0.215), (0.672, -0.290), (0.610, -0.325),
            (0.612, -0.290), (0.640, -0.225), (0.650, -0.150), (0.630, -0.080),
        ])  # fmt: skip
        rear, rear_alpha = mask([
            (0.16, 0.065), (0.205, 0.105), (0.175, 0.160), (0.105, 0.200), (0.020, 0.208), (0.030, 0.165),
            (0.070, 0.120), (0.085, 0.075),
        ])  # fmt: skip
        y, x = np.mgrid[:high, :wide].astype(np.float32)
        across, down = x / size - 0.12, (y - foot) / size
        scales = _cells(random, high, wide, size * 0.021)
        skin = dress.back + (dress.belly - dress.back) * (0.75 * smoothstep(0.10, 0.02, scales))[..., None]
        plates, seams = _scutes(across, down)
        shell_rgb = dress.back * (0.78 + 0.55 * plates)[..., None]
        shell_rgb = shell_rgb + (dress.belly - shell_rgb) * (0.55 * seams)[..., None]
        rays = clouds(random, high, wide, 14, 22, 3)
        shell_rgb *= (0.82 + 0.36 * rays)[..., None]
        shell_lit = light_on(shell, size * 0.06)
        eye = np.hypot(across - 0.925, down + 0.048)
        skin = skin * (1 - 0.9 * smoothstep(0.016, 0.011, eye))[..., None]
        skin = skin + (1 - skin) * (0.8 * smoothstep(0.0045, 0.003, np.hypot(across - 0.928, down + 0.052)))[..., None]
        beak = smoothstep(0.004, 0.002, np.abs(down - 0.002 + 0.25 * (across - 0.965))) * (across > 0.93)
        skin = skin * (1 - 0.5 * beak)[..., None]
        layers = [
            (belly_alpha, np.broadcast_to(dress.belly * np.float32(0.75), skin.shape), light_on(belly, size * 0.03)),
            (head_alpha, skin, light_on(head, size * 0.026)),
            (shell_alpha, shell_rgb, shell_lit),
        ]
        rgb, lit, alpha = np.zeros_like(skin), np.zeros_like(across), np.zeros_like(across)
        for share, shade, light in layers:
            rgb += (shade - rgb) * share[..., None]
            lit += (light - lit) * share
            alpha = np.maximum(alpha, share)
        room = length * 0.36
        self._parts = [
            (self._make(dress.finish(skin * np.float32(0.8), light_on(far, size * 0.02), far_alpha), room), 0.66, 1.0),
            (self._make(dress.finish(skin, light_on(rear, size * 0.02), rear_alpha), room), 0.16, -0.55),
            (self._make(dress.finish(rgb, lit, alpha), length * 0.03), 0.0, 0.0),
            (self._make(dress.finish(skin, light_on(near, size * 0.022), near_alpha), room), 0.70, 1.0),
        ]
        self._size = (wide, high)

    def _across(self, part: Drape) -> Floats:
        share = part.along / np.float32(self.length)
        return share - np.float32(0.12) if self._way > 0 else np.float32(1.12) - share

    def _make(self, picture: Image.Image, room: float) -> Drape:
        return Drape(picture if self._way > 0 else picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), True, room)

    def draw(self, target: Planes, x: float, y: float, at_s: float) -> None:
        """Lay it over `target` with its middle at (`x`, `y`)."""
        beat = at_s * 1.7
        # The stroke goes down fast and comes up slowly.
        stroke = np.sin(beat + 0.45 * np.sin(beat))
        heave = np.float32(-0.012 * self.length * np.cos(beat))
        left, top = x - self._size[0] * 0.5, y - self._size[1] * 0.46
        for part, hinge, share in self._parts:
            reach = np.clip(hinge - self._across(part), 0, 0.45) * np.float32(hinge > 0)
            far = hinge == 0.66
            bend = np.float32((-0.9 if far else 1.0) * share * -stroke * 0.95 * self.length) * reach * (0.5 + reach)
            part.lay(target, left, top, bend + heave)


def _scutes(across: Floats, down: Floats) -> tuple[Floats, Floats]:
    """Return the plates of a turtle's shell, each lighter in its middle, and the seams between them."""
    arch = 0.155 * np.sqrt(np.clip(1 - ((across - 0.42) / 0.40) ** 2, 0.02, 1))
    rise = np.clip((0.06 - down) / (arch + 0.075), 0, 1.2)
    row = np.where(rise > 0.74, 2, np.where(rise > 0.24, 1, 0))
    pitch = np.where(row == 0, 0.062, 0.135)
    phase = np.where(row == 1, 0.5, 0.0)
    lean = (across - 0.40) * (1 - 0.22 * rise) + 0.40
    along = (lean - 0.06) / pitch + phase
    beside = np.abs(along - np.round(along)) * pitch
    edges = np.minimum(np.abs(rise - 0.74), np.abs(rise - 0.24)) * 0.20
    seam = np.minimum(beside, edges)
    inner = np.clip(np.abs(along - np.floor(along) - 0.5) * 2, 0, 1)
    plates = 1 - inner**2 * 0.8
    return plates.astype(np.float32), smoothstep(0.008, 0.003, seam)


def _cells(random: np.random.Generator, high: int, wide: int, pitch: float) -> Floats:
    """Return how far each pixel is from the border of its scale, in shares of a scale."""
    rows, columns = max(2, round(high / pitch)), max(2, round(wide / pitch))
    jitter = random.uniform(0.2, 0.8, (rows + 2, columns + 2, 2)).astype(np.float32)
    y, x = np.mgrid[:high, :wide].astype(np.float32)
    gy, gx = y / high * rows, x / wide * columns
    cy, cx = gy.astype(np.intp), gx.astype(np.intp)
    nearest = np.full((high, wide), 9.0, np.float32)
    second = nearest.copy()
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            spot = jitter[np.clip(cy + dy + 1, 0, rows + 1), np.clip(cx + dx + 1, 0, columns + 1)]
            away = np.hypot(gx - cx - dx - spot[..., 0], gy - cy - dy - spot[..., 1])
            second = np.minimum(second, np.maximum(nearest, away))
            nearest = np.minimum(nearest, away)
    border: Floats = second - nearest
    return border
