"""Wind over a field: a picture in perspective, whose every part sways as gusts roll over it and light follows them."""

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from PIL import Image

from nemo_widgets.local.picture.scenes.field import Upscaler
from nemo_widgets.local.picture.scenes.noise import generator, weighted_sum
from nemo_widgets.local.picture.scenes.planes import Bytes, Floats, Planes, pixels
from nemo_widgets.local.picture.scenes.setting import Setting

_BLOCK_X, _BLOCK_Y = 8, 2
"""Pixels that move together."""
_FINE = 2
"""Steps of a pixel by which they move."""
_WAVES = ((0.55, 1.0, 0.9), (1.05, 0.65, 1.35), (1.9, 0.42, 1.9), (4.1, 0.26, 2.9))
"""Gusts: how fine, how strong, how fast."""
_LIGHT = 26
"""Steps of luma between a trough of the light and a crest."""


class Breeze:
    """A field that sways.

    Parameters
    ----------
    setting : Setting
        Size and seed.
    picture : PIL.Image.Image
        The field, `margin` pixels wider than the frame on both sides.
    top : int
        Where it begins in the frame, in pixels, even.
    margin : int
        How far it may move.
    strength : float
        How strongly the wind blows; 1 is usual.
    """

    def __init__(self, setting: Setting, picture: Image.Image, top: int, margin: int, strength: float) -> None:
        random = generator(setting.seed, "breeze")
        self._top, self._margin = top, margin
        rows = setting.height - top
        wide = picture.width * _FINE
        frame = av.VideoFrame.from_ndarray(np.asarray(picture.convert("RGB")), format="rgb24")
        grown = VideoReformatter().reformat(
            frame,
            wide,
            rows,
            "yuv420p",
            interpolation=Interpolation.BILINEAR,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        y, u, v = (np.ascontiguousarray(pixels(plane)) for plane in grown.planes)
        # Half of the light's swing is taken away first, so that light only ever has to be added.
        self._planes = (np.maximum(y, 16 + _LIGHT // 2) - np.uint8(_LIGHT // 2), u, v)
        self._bases = [
            np.arange(rows // step, dtype=np.intp)[:, None] * (wide // step)
            + (np.arange(setting.width // step, dtype=np.intp) * _FINE + margin * _FINE // step)[None, :]
            for step in (1, 2)
        ]
        coarse_rows, coarse_columns = -(-rows // _BLOCK_Y), -(-setting.width // _BLOCK_X)
        self._near = ((np.arange(coarse_rows, dtype=np.float32) + 0.5) / coarse_rows)[:, None]
        across = (np.arange(coarse_columns, dtype=np.float32) / coarse_columns - 0.5)[None, :]
        across = across * np.float32(setting.width / rows)
        away = 1 / (self._near + np.float32(0.10))
        heading = float(random.uniform(-0.5, 0.5))
        self._way = float(random.choice([-1, 1]))
        phases, self._speeds = [], np.array([speed for _, _, speed in _WAVES], np.float32)
        for fineness, _, _ in _WAVES:
            turn = heading + float(random.normal(0, 0.25))
            x, z = across * away * np.float32(np.cos(turn) * self._way), away * np.float32(np.sin(turn))
            phases.append((x * 2.2 + z * 1.6) * np.float32(fineness * 1.7) + np.float32(random.uniform(0, 6.3)))
        phase = np.stack(phases).astype(np.float32)
        weights = np.tile(np.array([weight for _, weight, _ in _WAVES], np.float32), 2)[:, None, None]
        # Far away gusts are finer than a block: there they are left out.
        seen = np.clip(self._near * 9, 0, 1)[None]
        self._gusts = np.concatenate([np.sin(phase), np.cos(phase)]) * weights * seen
        self._sway = (self._near**0.9 * np.float32(9.5 * setting.unit * strength * _FINE)).astype(np.float32)
        self._gloom = 0.55 + 0.45 * np.clip(self._near * 3, 0, 1)
        self._upscaler = Upscaler()

    def gust(self, at_s: float) -> Floats:
        """Return how hard the wind blows at `at_s` seconds, about -2 to 2, a coarse field of the whole."""
        angle = self._speeds * np.float32(at_s)
        return weighted_sum(self._gusts, np.concatenate([np.cos(angle), -np.sin(angle)]))

    def draw(self, target: Planes, at_s: float, glide: float) -> None:
        """Paint the field; the eye has moved `glide` pixels to the right, as its nearest part sees it."""
        gust = self.gust(at_s)
        moves = gust * self._sway
        moves += self._near * np.float32(glide * _FINE)
        reach = (self._margin - 2) * _FINE
        whole = np.clip(np.rint(moves), -reach, reach).astype(np.intp)
        band = target.band(self._top, target.height)
        for step, planes in (
            (1, ((band.y, self._planes[0]),)),
            (2, tuple(zip((band.u, band.v), self._planes[1:], strict=True))),
        ):
            base = self._bases[step - 1]
            spread = np.repeat(np.repeat(whole // step, _BLOCK_Y // step, 0)[: base.shape[0]], _BLOCK_X // step, 1)
            index = base + spread[:, : base.shape[1]]
            for plane, field in planes:
                np.copyto(plane, field.reshape(-1).take(index, mode="clip"))
        self._lighten(band.y, gust)

    def _lighten(self, plane: Bytes, gust: Floats) -> None:
        light = np.clip(gust * np.float32(0.28) + np.float32(0.5), 0, 1)
        light *= self._gloom
        light *= np.float32(_LIGHT)
        added = self._upscaler.plane(light, plane.shape[1], plane.shape[0])
        np.minimum(plane, np.subtract(235, added, dtype=np.uint8), out=plane)
        np.add(plane, added, out=plane)
