"""Air in front of a strip, and the pixels at its edges."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_widgets.local.picture.scenes.planes import Bytes, Planes, yuv_of
from nemo_widgets.local.picture.scenes.strip import Strip, Veil, _by_column

HAZE = (0.8, 0.5, 0.2)
ROWS, PERIOD = 20, 48


def drawn(share: float | None, opacity: int = 255) -> Planes:
    picture: Bytes = np.empty((ROWS * 2, PERIOD * 2, 4), np.uint8)
    picture[:] = (30, 60, 90, opacity)
    veil = None if share is None else Veil(HAZE, np.full(ROWS, share, np.float32))
    planes = Planes.black(40, 24)
    Strip(picture, 2, veil).draw(planes, 3.5)
    return planes


def test_air_hides_nothing_or_all_or_its_share() -> None:
    clear, half, none = drawn(0.0), drawn(0.5), drawn(None)
    for plane, haze, goal, usual, step in zip(
        (clear.y, clear.u, clear.v),
        (drawn(1.0).y, drawn(1.0).u, drawn(1.0).v),
        yuv_of(HAZE),
        (none.y, none.u, none.v),
        (1, 2, 2),
        strict=True,
    ):
        assert np.array_equal(plane, usual)
        assert np.abs(haze[2 // step : 22 // step] - goal).max() <= 1
    middle = (clear.y[2:22].astype(float) + yuv_of(HAZE)[0]) / 2
    assert np.abs(half.y[2:22] - middle).max() <= 1


def test_air_is_not_seen_where_the_strip_is_not() -> None:
    planes, ground = drawn(1.0, opacity=0), Planes.black(40, 24)
    assert np.array_equal(planes.y, ground.y)
    assert np.array_equal(planes.u, ground.u)
    assert np.array_equal(planes.v, ground.v)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 30), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_pixels_at_the_edges_come_column_by_column(rows: int, columns: int, seed: int) -> None:
    mask = np.random.default_rng(seed).random((rows, columns)) < 0.2
    across, down = np.nonzero(mask.T)
    row, column = _by_column(mask)
    assert np.array_equal(row, down)
    assert np.array_equal(column, across)
