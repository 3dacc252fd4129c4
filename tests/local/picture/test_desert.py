"""The desert: dunes that the wind has shaped, camels that walk on them, and what only some palettes have."""

import numpy as np
import pytest

from nemo_widgets.local.picture.scenes import make_scene
from nemo_widgets.local.picture.scenes.camels import camel
from nemo_widgets.local.picture.scenes.drift import Shimmer
from nemo_widgets.local.picture.scenes.dunes import Field, Sand, draw_dunes
from nemo_widgets.local.picture.scenes.landform import Sun
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.scenes.setting import Setting, choose_palette, palettes

SIZE = (480, 270)
WHITE = (1.0, 1.0, 1.0)


def frame(palette: str, seed: int, at_s: float = 2.0) -> Planes:
    planes = Planes.black(*SIZE)
    make_scene("desert", size=SIZE, seed=seed, palette=palette).draw(planes, at_s)
    return planes


@pytest.mark.parametrize("wind", [-1.0, 1.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_dunes_rise_gently_against_the_wind_and_fall_steeply_behind_it(wind: float, seed: int) -> None:
    field = Field(
        name="row",
        period=400,
        rows=90,
        tallest=60.0,
        depth=160,
        breadth=200.0,
        tilt=0.2,
        slant=0.0,
        mist=(0.0, 0.0),
        ripples=0.0,
    )
    drawn = draw_dunes(field, Sand(WHITE, WHITE, WHITE, WHITE), Sun(-wind, 0.5, 0.0), wind, seed)
    assert drawn.ground is not None
    # Rows of the picture count downwards.
    rises = -np.diff(drawn.ground[:60], axis=1) * wind
    assert rises[rises < 0].mean() < -1.5 * rises[rises > 0].mean()


def test_dunes_go_on_where_their_picture_ends() -> None:
    field = Field(
        name="row",
        period=400,
        rows=90,
        tallest=60.0,
        depth=160,
        breadth=200.0,
        tilt=0.2,
        slant=0.5,
        mist=(0.0, 0.0),
        ripples=0.5,
    )
    drawn = draw_dunes(field, Sand((0.8, 0.6, 0.4), WHITE, WHITE, WHITE), Sun(-1.0, 0.5, 0.0), 1.0, 3)
    pixels = np.asarray(drawn.picture).astype(np.float32)
    seam = np.abs(pixels[:, 0] - pixels[:, -1]).mean()
    assert seam < 3 * np.abs(np.diff(pixels, axis=1)).mean() + 1


@pytest.mark.parametrize("load", ["rider", "packs", "none"])
def test_a_camel_has_its_feet_on_the_ground_at_every_step(load: str) -> None:
    for step in range(8):
        walking = camel(40, step / 8, (0.7, 0.5, 0.3), (0.7, 0.2, 0.2), load, WHITE, 1.0)
        opacity = np.asarray(walking.getchannel("A"))
        assert opacity[-3:].max() > 128
    first, last = (camel(40, phase, WHITE, WHITE, load, WHITE, 1.0) for phase in (0.0, 1.0))
    assert np.array_equal(np.asarray(first), np.asarray(last))


def green(planes: Planes) -> float:
    """Return which share of the lower two thirds is green."""
    rows = planes.u.shape[0] // 3
    return float(((planes.v[rows:] < 124) & (planes.u[rows:] < 126)).mean())


def test_cacti_grow_where_there_is_rock_and_palms_where_there_is_water() -> None:
    for seed in (1, 2):
        plain = green(frame("sahara", seed))
        assert green(frame("canyon", seed)) > plain + 0.006
        assert green(frame("oasis", seed)) > plain + 0.006


def test_a_caravan_by_night_carries_lanterns() -> None:
    def warm(planes: Planes) -> int:
        return int(((planes.v > 134) & (planes.u < 122)).sum())

    assert warm(frame("starry", 1)) >= 10


def test_hot_air_makes_only_what_is_near_the_horizon_wobble() -> None:
    setting = Setting(*SIZE, 1, choose_palette("desert", "sahara", 1))
    still, hot = Planes.black(*SIZE), Planes.black(*SIZE)
    for planes in (still, hot):
        planes.y[:] = np.random.default_rng(1).integers(16, 235, planes.y.shape, np.uint8)
    Shimmer(setting, 120, 40).draw(hot, 1.0)
    changed = (still.y != hot.y).any(axis=1)
    assert changed[100:140].all()
    assert not changed[:80].any()
    assert not changed[160:].any()


def test_every_palette_has_the_colours_of_what_it_shows() -> None:
    for palette in palettes("desert"):
        assert ("sun" in palette.colors) == (palette.light == "dusk")
        assert ("moon" in palette.colors) == (palette.light == "night")
