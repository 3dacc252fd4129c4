"""Styles: each can be told from the others on any scene, and is the same in every process."""

from itertools import combinations

import numpy as np
import pytest

from nemo_widgets.local.picture.lens.looks import STYLES, in_style
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.planes import Floats, Planes

from .scenery import SIZE, digest, digests_of_another_process, prepared
from .scenery import styled as frame

NAMES = sorted(STYLES)


def colour(planes: Planes) -> float:
    return float(np.hypot(planes.u.astype(float) - 128, planes.v.astype(float) - 128).mean())


def inner(planes: Planes) -> Floats:
    """Return the luma between the bars that a cinematic frame has."""
    height = planes.height
    return planes.y[height // 6 : height - height // 6].astype(np.float32)


def tones(planes: Planes) -> int:
    """Count the values of luma that cover a hundredth of the picture each."""
    return int((np.bincount(planes.y.reshape(-1), minlength=256) > planes.y.size / 100).sum())


def grain(still: Planes, style: str) -> float:
    """Return by how much a picture in which nothing moves differs from one moment to the next, at most places."""
    first, second = Planes.black(*SIZE), Planes.black(*SIZE)
    scene = in_style(_Still(still), style, View(*SIZE, seed=1), 0.0)
    scene.draw(first, 0.5)
    scene.draw(second, 0.6)
    return float(np.median(np.abs(inner(first) - inner(second))))


@pytest.mark.parametrize("scene", sorted(SCENES))
@pytest.mark.parametrize("style", NAMES)
def test_a_style_is_told_from_the_plain_picture_and_from_the_others(scene: str, style: str) -> None:
    mine, plain = frame(scene, style), frame(scene, "natural")
    bars = bool((mine.y[:10] == 16).all() and (mine.y[-10:] == 16).all())
    assert bars == (style == "cinematic")
    assert (colour(mine) == 0) == (style == "noir")
    if style == "flat":
        assert tones(mine) < 30
        assert colour(mine) > colour(plain)
    if style == "neon":
        assert np.percentile(mine.y, 40) < 80
        assert np.percentile(mine.y, 99) > 100
    assert (grain(plain, style) >= 1) == (style in ("noir", "cinematic"))


def test_a_style_looks_the_same_whatever_is_in_the_picture() -> None:
    for first, second in combinations(NAMES, 2):
        for scene in SCENES:
            mine, other = frame(scene, first), frame(scene, second)
            apart = np.abs(inner(mine) - inner(other)).mean() + abs(colour(mine) - colour(other))
            assert apart > 6, (scene, first, second)


@pytest.mark.parametrize("style", NAMES)
def test_the_range_of_video_is_kept_within_the_reach_of_grain(style: str) -> None:
    """Values that run over would come back as black dots in the light, or white ones in the dark."""
    for ground in (16, 120, 235):
        flat = Planes.black(*SIZE)
        flat.y[:] = ground
        made = Planes.black(*SIZE)
        in_style(_Still(flat), style, View(*SIZE, seed=1), 0.0).draw(made, 0.5)
        luma = inner(made)
        assert luma.max() - luma.min() < 90


@pytest.mark.parametrize("style", NAMES)
@pytest.mark.parametrize("size", [(180, 320), (64, 36), (322, 182), (2, 2)], ids=str)
def test_every_shape_of_canvas_can_have_a_style(style: str, size: tuple[int, int]) -> None:
    still = Planes.black(*size)
    still.y[:] = np.linspace(16, 235, size[0], dtype=np.uint8)
    made = Planes.black(*size)
    in_style(_Still(still), style, View(*size, seed=1), 0.0).draw(made, 0.5)
    assert made.y.shape == (size[1], size[0])


def test_an_unknown_style_changes_nothing() -> None:
    assert digest(frame("sea", "sepia")) == digest(frame("sea", "natural"))


def test_frames_may_be_drawn_in_any_order() -> None:
    for style in NAMES:
        scene = in_style(prepared("city", SIZE, 1, ""), style, View(*SIZE, seed=1), 2.0)
        planes = Planes.black(*SIZE)
        for at_s in (5.0, 0.0, 2.0):
            scene.draw(planes, at_s)
        assert digest(planes) == digest(frame("city", style))


@pytest.mark.parametrize("style", NAMES)
def test_another_process_draws_the_same_planes(style: str) -> None:
    assert digests_of_another_process()[f"city {style}"] == digest(frame("city", style))


def paper(shape: Floats, ground: int, ink: int) -> Planes:
    """Return a grey picture with a shape on it that covers each pixel by the share given."""
    planes = Planes.black(shape.shape[1], shape.shape[0])
    planes.y[:] = np.rint(ground + (ink - ground) * shape)
    return planes


def seen_in(style: str, picture: Planes) -> Floats:
    made = Planes.black(picture.width, picture.height)
    in_style(_Still(picture), style, View(picture.width, picture.height, seed=1), 0.0).draw(made, 0.5)
    return made.y.astype(np.float32)


@pytest.mark.parametrize("style", ["flat", "neon"])
def test_thin_things_stay(style: str) -> None:
    """A cable, a mast, a bird: a pixel or two on a plain sky."""
    shape = np.zeros((360, 640), np.float32)
    shape[60:300, 200:202] = shape[180, 300:600] = 1
    made = seen_in(style, paper(shape, 170, 40))
    for line, sky in (
        (made[80:280, 199:203], made[80:280, 120:160]),
        (made[179:183, 320:580].T, made[60:160, 420:520]),
    ):
        apart = np.abs(line - np.median(sky)).max(axis=1)
        assert np.percentile(apart, 5) > 50


@pytest.mark.parametrize("style", ["flat", "neon"])
def test_a_slanting_edge_is_no_staircase(style: str) -> None:
    """What is dark below a line that rises by one row in seven columns begins where the line is, within a third."""
    y, x = np.mgrid[:360, :640].astype(np.float32)
    made = seen_in(style, paper(np.clip(y - (230 - x / 7) + np.float32(0.5), 0, 1), 190, 60))
    if style == "neon":
        tube = np.maximum(made - 150, 0)
        line = (tube * y).sum(axis=0) / tube.sum(axis=0)
    else:
        line = (made - made[-1]).sum(axis=0) / (made[20] - made[-1])
    columns = np.arange(60, 580)
    away = line[columns] - np.polyval(np.polyfit(columns, line[columns], 1), columns)
    assert np.abs(away).max() < 1 / 3


def test_small_lights_stay_round_in_neon() -> None:
    """Seen from their middles, most are as wide upright as aslant: no diamonds and no squares."""
    y, x = np.mgrid[:360, :640].astype(np.float32)
    down, across = np.mgrid[-12:13, -12:13]
    away, turn = np.hypot(down, across), np.arctan2(down, across)
    corners = []
    for radius in (1.2, 1.5, 2, 2.5, 3, 4):
        lights = np.zeros((360, 640), np.float32)
        for row in range(40, 360, 30):
            for column in range(40, 640, 30):
                lights += np.clip(radius + 0.5 - np.hypot(x - column, y - row), 0, 1)
        made = seen_in("neon", paper(lights, 30, 220))
        lit = np.maximum(made[148:173, 328:353] - made[145, 325] - 30, 0) * away**4
        corners.append((lit * np.cos(4 * turn)).sum() / lit.sum())
    assert abs(np.mean(corners)) < 0.15


def test_a_dark_wall_before_the_night_shines_though_its_windows_are_brighter() -> None:
    shape = np.zeros((360, 640), np.float32)
    shape[120:, 200:440] = 0.08
    for row in range(140, 340, 20):
        for column in range(210, 430, 16):
            shape[row : row + 9, column : column + 7] = 1
    made = seen_in("neon", paper(shape, 24, 224))
    sky = np.median(made[20:80])
    for edge in (made[150:340, 198:202].max(axis=1), made[118:122, 220:420].max(axis=0)):
        assert np.percentile(edge, 5) > sky + 50


def test_no_dark_line_runs_about_what_is_thin_and_light_in_flat() -> None:
    """Sparks at dusk, glints on the sea."""
    shape = np.zeros((360, 640), np.float32)
    shape[40:320:40, 40:600:40] = shape[41:321:40, 40:600:40] = 1
    shape[60:320:40, 40:580:40] = shape[60:320:40, 41:581:40] = shape[60:320:40, 42:582:40] = 1
    made = seen_in("flat", paper(shape, 120, 210))
    assert made[30:330, 30:610].min() > np.median(made) - 8
    assert made[shape > 0].mean() > np.median(made) + 40


class _Still:
    def __init__(self, planes: Planes) -> None:
        self._planes = planes

    def draw(self, target: Planes, at_s: float) -> None:
        target.copy_from(self._planes)
