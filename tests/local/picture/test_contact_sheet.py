"""The sheet of all scenes in all styles."""

from pathlib import Path

import numpy as np
from PIL import Image

from nemo_widgets.local.picture.contact_sheet import COLUMNS, lit, main, rgb_of
from nemo_widgets.local.picture.lens.looks import STYLES
from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.planes import Planes, yuv_of


def test_a_row_of_the_sheet_holds_pictures_that_differ(tmp_path: Path) -> None:
    main([str(tmp_path / "sheet.png"), "--scenes", "sea"])
    with Image.open(tmp_path / "sheet.png") as sheet:
        cells = [np.asarray(sheet, np.float32)[36:178, 134 + 262 * number :][:, :252] for number in range(len(COLUMNS))]
    for number, cell in enumerate(cells):
        assert cell.std() > 8
        for other in cells[:number]:
            assert np.abs(cell - other).mean() > 8


def test_every_style_has_a_column_and_every_scene_a_palette_for_it() -> None:
    assert {style for style, _ in COLUMNS.values()} == {"", *STYLES}
    for scene in SCENES:
        assert lit(scene, "day").light == "day"
        assert lit(scene, "night").light in ("night", "dusk")


def test_colours_come_out_as_they_were_drawn() -> None:
    planes = Planes.black(16, 16)
    planes.y[:], planes.u[:], planes.v[:] = (round(value) for value in yuv_of((0.9, 0.2, 0.1)))
    assert np.abs(rgb_of(planes)[8, 8].astype(float) - np.array([0.9, 0.2, 0.1]) * 255).max() < 4
