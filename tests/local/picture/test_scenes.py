"""Scenes: the same seed gives the same planes, anything else gives others, and everything moves."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest

from nemo_widgets.local.picture.contact_sheet import lit
from nemo_widgets.local.picture.scenes import FALLBACK, SCENES, make_scene
from nemo_widgets.local.picture.scenes.planes import Floats, Planes, yuv
from nemo_widgets.local.picture.scenes.setting import HUES, SEASONS, palette_names, palettes

from .scenery import SIZE, digest, digests_of_another_process, drawn, frame, prepared

NAMES = sorted(SCENES)


def look(planes: Planes) -> Floats:
    """Blur a frame into what one sees from far away: 16 by 9 patches of light and colour."""
    height, width = planes.u.shape
    patches = []
    for plane in (planes.y[::2, ::2], planes.u, planes.v):
        cut = plane[: height // 9 * 9, : width // 16 * 16].astype(np.float32)
        patches.append(cut.reshape(9, height // 9, 16, width // 16).mean(axis=(1, 3)))
    return np.stack(patches)


def difference(first: Planes, second: Planes) -> float:
    return float(np.abs(look(first) - look(second)).mean())


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_planes(name: str) -> None:
    assert digest(drawn(name)) == digest(frame(name))


@pytest.mark.parametrize("name", NAMES)
def test_another_process_draws_the_same_planes(name: str) -> None:
    assert digests_of_another_process()[name] == digest(frame(name))


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_gives_another_picture(name: str) -> None:
    for first, second in combinations(range(4), 2):
        assert difference(frame(name, first), frame(name, second)) > 3


@pytest.mark.parametrize(
    "palette", [(name, palette) for name in NAMES for palette in palette_names(name)], ids="-".join
)
def test_a_palette_changes_the_light_and_not_the_shapes(palette: tuple[str, str]) -> None:
    name, shade = palette
    others = [other for other in palette_names(name) if other != shade]
    assert difference(frame(name, palette=shade), frame(name, palette=others[0])) > 2


@pytest.mark.parametrize("name", NAMES)
def test_palettes_say_what_a_prompt_may_ask_for(name: str) -> None:
    known = palettes(name)
    assert any(palette.chance for palette in known)
    for palette in known:
        assert palette.hues
        assert set(palette.hues) <= set(HUES)
        assert palette.season in ("", *SEASONS)
        assert all(word == word.lower() for word in palette.words)


def texture(planes: Planes) -> Floats:
    """Describe what a picture is made of rather than what is where, in which light: edges, upright and level.

    For each plane, how strong they are in each quarter of the height, fine and coarse, on a scale of logarithms; less
    their mean, so that neither light nor contrast counts. Light says more about a subject than colour.
    """
    features = []
    for plane, weight in ((planes.y, 1.0), (planes.u, 0.5), (planes.v, 0.5)):
        strengths = []
        for step in (1, 2, 4):
            height, width = plane.shape[0] // step * step, plane.shape[1] // step * step
            coarse = plane[:height, :width].astype(np.float32).reshape(height // step, step, -1, step).mean(axis=(1, 3))
            bands = np.array_split(coarse, 4, axis=0)
            strengths += [np.abs(np.diff(band, axis=axis)).mean() + 0.3 for band in bands for axis in (0, 1)]
        features.append((np.log(strengths) - np.log(strengths).mean()) * weight)
    return np.concatenate(features)


def assert_told_by_texture(pictures: Iterable[tuple[str, str, int]]) -> None:
    """Assert that of all pictures from another seed the most alike shows the same subject."""
    seen = [(name, shade, seed, texture(frame(name, seed, palette=shade))) for name, shade, seed in pictures]
    for name, palette, seed, mine in seen:
        nearest = min(
            (float(np.abs(mine - other).sum()), also)
            for also, _, another, other in seen
            if also != name or another != seed
        )
        assert nearest[1] == name, (name, palette, seed)


@pytest.mark.timeout(600)
def test_a_subject_is_told_by_its_texture_whatever_the_seed() -> None:
    """By day and in the dark."""
    shades = [(name, lit(name, light).name) for name in NAMES for light in ("day", "night")]
    assert_told_by_texture((name, shade, seed) for name, shade in shades for seed in range(3))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_subject_is_told_by_its_texture_in_every_palette() -> None:
    assert_told_by_texture((name, shade, seed) for name in NAMES for shade in palette_names(name) for seed in range(2))


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_moves_from_frame_to_frame(name: str) -> None:
    scene = prepared(name, SIZE, 1, "")
    first, second = Planes.black(*SIZE), Planes.black(*SIZE)
    scene.draw(first, 1.0)
    scene.draw(second, 1.0 + 1 / 30)
    changed = np.abs(first.y.astype(int) - second.y) > 2
    assert 0.002 < changed.mean() < 0.9


@pytest.mark.parametrize("name", NAMES)
def test_frames_may_be_drawn_in_any_order(name: str) -> None:
    scene = prepared(name, SIZE, 1, "")
    planes = Planes.black(*SIZE)
    for at_s in (9.0, 0.0, 4.0, 2.0):
        scene.draw(planes, at_s)
    assert digest(planes) == digest(frame(name))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [(180, 320), (240, 240), (64, 36), (322, 182), (640, 272)], ids=str)
def test_every_shape_of_canvas_is_filled(name: str, size: tuple[int, int]) -> None:
    planes = frame(name, size=size)
    assert planes.y.shape == (size[1], size[0])
    assert planes.y.std() > 5
    assert (planes.y[-2:].astype(int) - 16).max() > 0


@pytest.mark.parametrize("name", NAMES)
def test_it_can_go_on_for_an_hour(name: str) -> None:
    assert frame(name, at_s=3600.0).y.std() > 5


@pytest.mark.parametrize("name", NAMES)
def test_draft_detail_keeps_the_picture(name: str) -> None:
    planes = Planes.black(*SIZE)
    make_scene(name, size=SIZE, seed=1, detail=0.5).draw(planes, 2.0)
    assert 0 < difference(planes, frame(name)) < 1.5


def test_an_unknown_scene_falls_back() -> None:
    assert digest(frame("volcano")) == digest(frame(FALLBACK))


def test_colours_convert_as_bt709_says() -> None:
    rgb = np.array([[0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 0, 1]], np.float32)
    y, u, v = yuv(rgb)
    assert np.round(y).tolist() == [16, 235, 63, 32]
    assert np.round(u).tolist() == [128, 128, 102, 240]
    assert np.round(v).tolist() == [128, 128, 240, 118]
