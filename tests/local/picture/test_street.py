"""A street: perspective that holds, pictures that grow as they come nearer, a ground that mirrors the night."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nemo_widgets.local.picture.scenes import make_scene
from nemo_widgets.local.picture.scenes.billboards import Billboard
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.pavement import Ground, lanes
from nemo_widgets.local.picture.scenes.perspective import View, view_of
from nemo_widgets.local.picture.scenes.planes import Floats, Planes
from nemo_widgets.local.picture.scenes.setting import Setting, palettes
from nemo_widgets.local.picture.scenes.street import Street

SIZE = (320, 180)


def view(seed: int = 1, size: tuple[int, int] = SIZE) -> View:
    return view_of(*size, generator(seed, "view"))


@given(seed=st.integers(0, 500), x=st.floats(-12, 12), up=st.floats(0, 12), away=st.floats(1, 100))
def test_what_goes_away_nears_the_vanishing_point(seed: int, x: float, up: float, away: float) -> None:
    seen = view(seed)
    near, far = seen.at(x, up, away), seen.at(x, up, away * 2)
    assert abs((near[0] - seen.x) / 2 - (far[0] - seen.x)) < 1e-6 * seen.focal
    assert abs((near[1] - seen.y) / 2 - (far[1] - seen.y)) < 1e-6 * seen.focal


@given(seed=st.integers(0, 500))
def test_the_road_lies_between_the_houses_and_cars_keep_off_the_eye(seed: int) -> None:
    seen = view(seed)
    low, high = seen.kerbs
    assert seen.left < low < high < seen.right
    for lane in lanes(seen):
        assert low + 0.9 < lane < high - 0.9
        assert abs(lane) > 2.5


def test_the_ground_lies_where_perspective_puts_it() -> None:
    seen = view()
    top = round(seen.y) + 2
    ground = Ground(seen, top)
    for row, column in ((20, 50), (60, 300), (70, 0)):
        px, py = seen.at(float(ground.x[row, column]), 0, float(ground.away[row, column]))
        assert abs(px - column - 0.5) < 0.01
        assert abs(py - (top + row) - 0.5) < 0.01


def billboard() -> Billboard:
    picture = Image.new("RGBA", (64, 96), (0, 0, 0, 0))
    picture.paste((255, 255, 255, 255), (12, 20, 52, 96))
    return Billboard(picture)


def weight(planes: Planes) -> tuple[float, float, float]:
    light: Floats = planes.y.astype(np.float32) - 16
    y, x = np.mgrid[: planes.height, : planes.width] + 0.5
    return float(light.sum() / 219), float(np.average(x, weights=light)), float(np.average(y, weights=light))


@pytest.mark.parametrize("scale", [1.0, 0.7, 0.4, 0.21, 0.1])
def test_a_billboard_has_the_size_and_place_that_were_asked_for(scale: float) -> None:
    planes = Planes.black(160, 160)
    billboard().lay(planes, 80.3, 140.6, scale)
    area, x, y = weight(planes)
    assert area == pytest.approx(40 * 76 * scale**2, rel=0.12)
    assert abs(x - 80.3) < 0.4
    assert abs(y - (140.6 - 38 * scale)) < 0.6


def test_a_billboard_moves_by_fractions_of_a_pixel() -> None:
    places = []
    for step in range(5):
        planes = Planes.black(160, 160)
        billboard().lay(planes, 80 + step / 5, 120.0, 0.5)
        places.append(weight(planes)[1])
    assert np.allclose(np.diff(places), 0.2, atol=0.08)


def test_a_picture_hung_straight_covers_what_it_would_cover_standing() -> None:
    standing, hung = Planes.black(160, 160), Planes.black(160, 160)
    billboard().lay(standing, 80.0, 130.0, 0.8)
    left, right, top, bottom = 80 - 25.6, 80 + 25.6, 130 - 76.8, 130.0
    billboard().hang(hung, ((left, top), (right, top), (right, bottom), (left, bottom)))
    assert weight(hung) == pytest.approx(weight(standing), rel=0.03)


@pytest.mark.parametrize("at", [(-30.0, 60.0), (200.0, 60.0), (80.0, -5.0), (80.0, 400.0), (0.0, 90.0)])
def test_what_reaches_over_the_edge_is_cut_off(at: tuple[float, float]) -> None:
    planes = Planes.black(160, 160)
    billboard().lay(planes, *at, 0.9)
    x, y = at
    billboard().hang(planes, ((x - 20, y - 40), (x + 20, y - 60), (x + 20, y + 10), (x - 20, y)))
    assert planes.y.max() <= 236


def test_wet_ground_takes_on_the_colours_of_the_lights() -> None:
    neon = next(one for one in palettes("street") if one.name == "neon")
    dry = replace(neon, colors={**neon.colors, "wet": ((0.0, 0.0, 0.0),)})
    colours = []
    for palette in (neon, dry):
        planes = Planes.black(*SIZE)
        Street(Setting(*SIZE, 1, palette)).draw(planes, 0.0)
        colours.append(np.hypot(planes.u.astype(float) - 128, planes.v.astype(float) - 128))
    assert (colours[0][:40] == colours[1][:40]).all()
    assert colours[0][58:].mean() > 1.25 * colours[1][58:].mean()


def test_people_and_cars_are_on_the_move() -> None:
    scene = make_scene("street", size=SIZE, seed=3, palette="sunny")
    first, second = Planes.black(*SIZE), Planes.black(*SIZE)
    scene.draw(first, 0.0)
    scene.draw(second, 1.5)
    changed = np.abs(first.y.astype(int) - second.y) > 12
    assert 0.004 < changed[80:150].mean() < 0.4
