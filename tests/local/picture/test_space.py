"""Planets: they turn as a whole and leave what is around them alone; plates lie over a picture as layers do."""

import numpy as np
import pytest

from nemo_widgets.local.picture.scenes import make_scene
from nemo_widgets.local.picture.scenes.globe import Ball, Globe
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Floats, Planes, yuv
from nemo_widgets.local.picture.scenes.plate import Plate
from nemo_widgets.local.picture.scenes.rings import Rings
from nemo_widgets.local.picture.scenes.setting import Palette, palette_names, palettes
from nemo_widgets.local.picture.scenes.worlds import surface_of

SIZE = (128, 96)
BALL = Ball(60.0, 50.0, 30.0, 0.3, 0.2)


def globe(surface: Floats, light: float = 1.0) -> Globe:
    box = BALL.box(*SIZE)
    off = BALL.normals(box)[3]
    return Globe(BALL, surface, (off < 0.97).astype(np.float32) * np.float32(light), box)


def test_a_globe_stays_inside_its_disc_and_shows_the_colour_of_its_map() -> None:
    surface = np.full((40, 80, 3), (0.8, 0.5, 0.2), np.float32)
    planes = Planes.black(*SIZE)
    globe(surface).draw(planes, 0.3)
    y, x = np.mgrid[: SIZE[1], : SIZE[0]] + 0.5
    off = np.hypot(x - BALL.x, y - BALL.y) / BALL.radius
    assert (planes.y[off > 1.0] == 16).all()
    goal = [float(plane) for plane in yuv(np.array((0.8, 0.5, 0.2), np.float32))]
    assert abs(planes.y[50, 60] - goal[0]) <= 2
    assert abs(int(planes.u[25, 30]) - goal[1]) <= 2
    assert abs(int(planes.v[25, 30]) - goal[2]) <= 2


def test_half_the_light_gives_half_the_brightness() -> None:
    surface = np.full((40, 80, 3), 0.8, np.float32)
    full, half = Planes.black(*SIZE), Planes.black(*SIZE)
    globe(surface).draw(full, 0.0)
    globe(surface, 0.5).draw(half, 0.0)
    assert abs((int(full.y[50, 60]) - 16) / 2 - (int(half.y[50, 60]) - 16)) <= 2


def test_a_globe_is_the_same_after_a_whole_turn_and_not_before() -> None:
    surface = generator(1, "map").random((40, 80, 3), dtype=np.float32)
    start, part, whole = (Planes.black(*SIZE) for _ in range(3))
    turning = globe(surface)
    for planes, turns in ((start, 0.25), (part, 0.30), (whole, 3.25)):
        turning.draw(planes, turns)
    assert (start.y == whole.y).all()
    assert np.abs(start.y.astype(int) - part.y).mean() > 3


def test_what_turns_moves_along_the_equator() -> None:
    surface = np.zeros((60, 120, 3), np.float32)
    surface[:, 56:64] = 1.0
    places = []
    for turns in (0.48, 0.50, 0.52):
        planes = Planes.black(*SIZE)
        globe(surface).draw(planes, turns)
        places.append(float(np.average(np.arange(SIZE[0]), weights=planes.y[50].astype(float) - 15.99)))
    assert places[0] > places[1] > places[2]


def test_a_plate_lies_over_a_picture_as_its_layers_would() -> None:
    random = generator(3, "layers")
    ground = Planes.black(*SIZE)
    ground.y[:] = random.integers(16, 236, ground.y.shape)
    expected = ground.y.astype(np.float32)
    plate = Plate(*SIZE)
    for level in (0.2, 0.9, 0.5):
        alpha = np.clip(random.random(ground.y.shape, dtype=np.float32) * 2 - 0.5, 0, 1)
        plate.over((level, level, level), alpha)
        expected += (16 + 219 * level - expected) * alpha
    plate.seal().draw(ground)
    assert np.abs(ground.y - expected).max() < 2.5


def test_where_a_plate_holds_nothing_the_picture_is_untouched() -> None:
    ground = Planes.black(*SIZE)
    ground.y[:] = np.arange(SIZE[0])
    ground.u[:] = 77
    plate = Plate(*SIZE)
    plate.over((1.0, 0.0, 0.0), np.ones((20, 30), np.float32), 40, 10)
    plate.seal().draw(ground)
    assert (ground.y[:10] == np.arange(SIZE[0])).all()
    assert (ground.u[20:] == 77).all()
    assert abs(int(ground.y[15, 50]) - 63) <= 1


def test_rings_throw_no_shadow_on_the_side_of_the_light() -> None:
    toward = (0.5, 0.7, 0.51)
    rings = Rings(BALL, [(0.0, (0.2, 0.2, 0.2)), (1.0, (1.0, 1.0, 1.0))], toward, generator(1, "rings"))
    across, up, near, _ = BALL.normals(BALL.box(*SIZE))
    shadow = rings.shadow((across, up, near))
    north = across * BALL.pole[0] + up * BALL.pole[1] + near * BALL.pole[2]
    assert shadow[north > 0.02].max() < 0.05
    assert shadow[(north < 0) & (near > 0)].max() > 0.3


@pytest.mark.parametrize("palette", palettes("space"), ids=lambda palette: palette.name)
def test_every_world_has_a_map_that_wraps_round(palette: Palette) -> None:
    surface = surface_of(palette)(generator(2, "world"), palette, 90)
    assert surface.shape == (90, 180, 3)
    assert surface.min() >= 0
    assert surface.max() <= 1
    seam = np.abs(surface[:, 0] - surface[:, -1]).mean()
    inside = np.abs(np.diff(surface, axis=1)).mean()
    assert seam < 2.5 * inside + 0.01


@pytest.mark.parametrize("palette", palette_names("space"))
def test_the_planet_turns_before_a_sky_that_slides(palette: str) -> None:
    scene = make_scene("space", size=(320, 180), seed=2, palette=palette)
    frames = []
    for at_s in (0.0, 4.0):
        planes = Planes.black(320, 180)
        scene.draw(planes, at_s)
        frames.append(planes.y.astype(int))
    changed = np.abs(frames[0] - frames[1]) > 2
    middle, corner = changed[70:130, 110:210], changed[:60, :80]
    assert middle.mean() > 0.05
    assert corner.mean() > 0.005
