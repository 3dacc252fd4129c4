"""Above the clouds: cumulus lit from one side, balloons where the palette has them, light from the sun."""

import numpy as np
import pytest

from nemo_widgets.local.picture.scenes import make_scene
from nemo_widgets.local.picture.scenes.airliner import airliner
from nemo_widgets.local.picture.scenes.balloons import balloon
from nemo_widgets.local.picture.scenes.cumulus import Lamp, puff
from nemo_widgets.local.picture.scenes.noise import generator
from nemo_widgets.local.picture.scenes.planes import Floats, Planes
from nemo_widgets.local.picture.scenes.setting import palettes

SIZE = (320, 180)
BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
RAMP = [(0.0, BLACK), (1.0, WHITE)]


def frame(palette: str, seed: int) -> Planes:
    planes = Planes.black(*SIZE)
    make_scene("clouds", size=SIZE, seed=seed, palette=palette).draw(planes, 2.0)
    return planes


def halves(picture: Floats) -> tuple[float, float]:
    """Return how light the left and the right half of what is drawn are; the last plane is opacity."""
    light, cover = picture[..., 0].astype(np.float64), picture[..., 3].astype(np.float64)
    middle = int((cover.sum(axis=0) * np.arange(cover.shape[1])).sum() / cover.sum())
    left, right = (
        float((light[:, part] * cover[:, part]).sum() / cover[:, part].sum())
        for part in (slice(0, middle), slice(middle, None))
    )
    return left, right


@pytest.mark.parametrize("tall", [False, True], ids=["heads", "tower"])
def test_a_cloud_is_lighter_where_the_light_comes_from(tall: bool) -> None:
    for seed in range(3):
        left, right = (
            halves(np.asarray(puff(240, 170, Lamp(way, 0.5, 0.2, RAMP), generator(seed, "test"), tall)))
            for way in (-1.0, 1.0)
        )
        assert left[0] > right[0] + 5
        assert right[1] > left[1] + 5


def test_a_cloud_ends_within_its_picture_and_dissolves_below() -> None:
    for seed in range(3):
        cover = np.asarray(puff(240, 170, Lamp(1.0, 0.5, 0.2, RAMP), generator(seed, "test")))[..., 3]
        assert cover[:2].max() == cover[-2:].max() == cover[:, :2].max() == cover[:, -2:].max() == 0
        assert 0.3 < (cover > 200).mean() < 0.9


@pytest.mark.parametrize("pattern", [0, 1, 2])
def test_a_balloon_is_as_broad_as_asked_with_a_basket_below(pattern: int) -> None:
    drawn = np.asarray(balloon(60, ((0.9, 0.1, 0.1), WHITE), pattern, (0.5, 0.5, 0.5), None))
    solid = drawn[..., 3] > 128
    widths = solid.sum(axis=1)
    assert 56 <= widths.max() <= 60
    assert widths[:30].argmax() > 20
    # The mouth is narrow; below it hangs something that is no envelope.
    assert 0 < widths[-6:].max() < 16
    assert (np.diff(widths[30:62].astype(int)) <= 0).all()


def test_a_burner_lights_a_balloon_from_within() -> None:
    stripes = ((0.5, 0.1, 0.1), (0.4, 0.4, 0.4))
    dark, lit = (
        np.asarray(balloon(60, stripes, 0, (0.5, 0.5, 0.1), glow)).astype(int) for glow in (None, (1.0, 0.7, 0.3))
    )
    assert lit[40:64, 24:36, 0].mean() > 1.3 * dark[40:64, 24:36, 0].mean()


def test_an_airliner_has_light_in_its_windows_by_night_only() -> None:
    day, night = (
        np.asarray(airliner(120, WHITE, BLACK, (0.3, 0.3, 0.4), 1.0, lit)).astype(int) for lit in (False, True)
    )
    warm = [((one[..., 0] - one[..., 2] > 40) & (one[..., 3] > 100)).sum() for one in (day, night)]
    assert warm[0] == 0 < warm[1]


def colourful(planes: Planes) -> int:
    """Return how many places are far from the colours of sky and cloud."""
    u, v = planes.u.astype(int) - 128, planes.v.astype(int) - 128
    return int(((v > 24) | (u < -24)).sum())


def test_balloons_are_where_the_palette_has_them() -> None:
    for seed in (1, 2):
        assert colourful(frame("festival", seed)) > colourful(frame("azure", seed)) + 20


def test_palettes_have_the_colours_of_what_they_show() -> None:
    for palette in palettes("clouds"):
        assert len(palette.colors["cloud"]) == 4
        assert ("sun" in palette.colors) == (palette.light == "dusk")
        assert ("moon" in palette.colors) == (palette.light == "night")
        assert ("burner" in palette.colors) == (palette.light == "night")
