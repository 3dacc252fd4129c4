"""All scenes in all styles on one picture: ``python -m nemo_widgets.local.picture.contact_sheet FILE``.

The README's picture of what the local studio draws is made by this.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Colorspace, Interpolation
from PIL import Image

from nemo_widgets.local.picture.lettering import text_mask
from nemo_widgets.local.picture.prepare import prepare
from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.planes import Bytes, Planes
from nemo_widgets.local.picture.scenes.setting import Palette, palettes
from nemo_widgets.local.picture.shots import read_shot
from nemo_widgets.protocol.draft import Draft

COLUMNS = {
    "by day": ("", "day"),
    "by night": ("", "night"),
    "cinematic": ("cinematic", "dusk"),
    "flat": ("flat", "day"),
    "noir": ("noir", "night"),
    "neon": ("neon", "night"),
}
"""What heads each column: a style, and the light that shows it well."""

_NEXT_BEST = {"day": ("day", "dusk", "night"), "dusk": ("dusk", "night", "day"), "night": ("night", "dusk", "day")}
_DRAWN, _CELL = (640, 360), (256, 144)
"""The size at which a frame is drawn, and at which it is shown."""
_GAP, _HEAD, _SIDE = 6, 34, 132
_LETTERS = 19.0
_PAPER, _INK = (250, 250, 250), (70, 70, 70)
_AT_S, _SEED = 2.0, 7


def lit(scene: str, light: str) -> Palette:
    """Return the plainest palette of a scene for a light, or for the one that is most like it."""
    known = palettes(scene)
    return next(palette for name in _NEXT_BEST[light] for palette in known if palette.light == name)


def frame(scene: str, palette: str, style: str, size: tuple[int, int] = _DRAWN, seed: int = _SEED) -> Planes:
    """Draw one frame of a shot as a draft with these names would have it."""
    meta = {"scene": scene, "palette": palette, "style": style, "seed": seed}
    draft = Draft.parse({"t": [{"tt": 0, "sg": [{"d": 4000, "m": meta}]}]})
    planes = Planes.black(*size)
    prepare(read_shot(draft.tracks[0].segments[0]), size, detail=1.0, assets={}).draw(planes, _AT_S)
    return planes


def rgb_of(planes: Planes) -> Bytes:
    """Return a frame as RGB, ``(height, width, 3)``."""
    picture = av.VideoFrame.from_dlpack((planes.y, planes.u, planes.v), format="yuv420p")
    rgb = picture.to_ndarray(format="rgb24", src_colorspace=Colorspace.ITU709, interpolation=Interpolation.BICUBIC)
    return np.asarray(rgb, np.uint8)


def contact_sheet(scenes: Sequence[str]) -> Image.Image:
    """Draw `scenes`, one a row, in the light and the style of each column."""
    wide, high = _CELL
    sheet = Image.new("RGB", (_SIDE + len(COLUMNS) * (wide + _GAP), _HEAD + len(scenes) * (high + _GAP)), _PAPER)
    for column, head in enumerate(COLUMNS):
        mask = text_mask(head, _LETTERS)
        sheet.paste(_INK, (_SIDE + column * (wide + _GAP) + (wide - mask.width) // 2, 3), mask)
    for row, scene in enumerate(scenes):
        top = _HEAD + row * (high + _GAP)
        mask = text_mask(scene.replace("_", " "), _LETTERS)
        sheet.paste(_INK, (_SIDE - mask.width - 4, top + (high - mask.height) // 2), mask)
        for column, (style, light) in enumerate(COLUMNS.values()):
            drawn = Image.fromarray(rgb_of(frame(scene, lit(scene, light).name, style)))
            sheet.paste(drawn.resize(_CELL, Image.Resampling.LANCZOS), (_SIDE + column * (wide + _GAP), top))
    return sheet


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the sheet to the file that the command line names; its ending chooses the format."""
    options = argparse.ArgumentParser(description="Draw all scenes in all styles on one picture.")
    options.add_argument("file", type=Path, help="where to write it, such as scenes.jpg")
    options.add_argument("--scenes", nargs="+", default=sorted(SCENES), choices=sorted(SCENES), metavar="SCENE")
    chosen = options.parse_args(arguments)
    contact_sheet(chosen.scenes).save(chosen.file, quality=78, optimize=True)


if __name__ == "__main__":
    main()
