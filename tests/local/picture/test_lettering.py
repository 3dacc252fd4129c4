"""What is written over a picture can be read, whatever the picture."""

import numpy as np
import pytest

from nemo_widgets.local.picture.lettering import text_mask
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.titles import Mark

SIZES = [(640, 360), (1920, 1080), (1080, 1920)]


@pytest.mark.parametrize("ground", [16, 126, 235])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_line_in_the_corner_stands_out_from_any_ground(size: tuple[int, int], ground: int) -> None:
    planes = Planes.black(*size)
    planes.y[:] = ground
    Mark(*size).draw(planes)
    changed = np.argwhere(planes.y != ground)
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0) + 1
    assert bottom - top > 0.019 * size[1]
    written = planes.y[top:bottom, left:right]
    assert np.percentile(written, 99.5) - np.percentile(written, 3) > 75


def test_small_letters_keep_the_proportions_of_large_ones() -> None:
    small, large = text_mask("locally", 13), text_mask("locally", 130)
    assert small.width / large.width == pytest.approx(0.1, rel=0.05)
