"""The camera: smooth to a fraction of a pixel, and never beyond the border of what was drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_widgets.local.picture.lens.camera import MOVES, Camera
from nemo_widgets.local.picture.scenes.planes import Floats, Planes

NAMES = sorted(MOVES)
EVEN = st.integers(16, 320).map(lambda half: 2 * half)


class Waves:
    """A picture whose value is known between its pixels too."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size

    @staticmethod
    def at(x: Floats, y: Floats) -> Floats:
        return 125 + 50 * np.sin(x / 23)[None, :] * np.cos(y / 17)[:, None]

    def draw(self, target: Planes, at_s: float) -> None:
        width, height = self.size
        target.y[:] = np.rint(self.at(np.arange(width), np.arange(height)))
        middles = (np.arange(0, width, 2) + 0.5, np.arange(0, height, 2) + 0.5)
        target.u[:] = np.rint(self.at(*middles))
        target.v[:] = 128


def filmed(move: str, size: tuple[int, int], duration_s: float, at_s: float, seed: int = 1) -> tuple[Planes, Camera]:
    camera = Camera(Waves, size, move, duration_s, seed)
    planes = Planes.black(*size)
    camera.draw(planes, at_s)
    return planes, camera


@settings(deadline=None)
@given(st.sampled_from(NAMES), EVEN, EVEN, st.floats(0.1, 60), st.floats(-0.5, 1.5), st.integers(0, 99))
def test_every_pixel_is_what_the_scene_has_there(
    move: str, width: int, height: int, duration_s: float, share: float, seed: int
) -> None:
    at_s = duration_s * share
    planes, camera = filmed(move, (width, height), duration_s, at_s, seed)
    x, y, scale = camera._move.at(at_s)
    across = (np.arange(width) + 0.5) / scale + x - 0.5
    down = (np.arange(height) + 0.5) / scale + y - 0.5
    assert across[0] > -1.5
    assert down[0] > -1.5
    assert across[-1] < width + camera._move.wider + 0.5
    assert down[-1] < height + camera._move.higher + 0.5
    wrong = np.abs(Waves.at(across, down) - planes.y)
    assert wrong.mean() < 1.5
    assert wrong[2:-2, 2:-2].max() < 5
    middles = across[0] + 0.5 + np.arange(0, width, 2) / scale, down[0] + 0.5 + np.arange(0, height, 2) / scale
    assert np.abs(Waves.at(*middles) - planes.u).mean() < 3


@pytest.mark.parametrize(("move", "way"), [("pan_left", -1), ("pan_right", 1)])
def test_a_pan_moves_evenly_in_its_direction(move: str, way: int) -> None:
    camera = Camera(Waves, (1920, 1080), move, 5.0, 1)
    places = [camera._move.at(index / 30)[0] for index in range(150)]
    steps = np.diff(places) * way
    assert steps.min() >= 1
    assert np.allclose(steps, np.rint(steps))
    assert steps.max() - steps.min() < 1e-6


def test_a_push_comes_nearer_and_a_pull_goes_away_without_a_jerk() -> None:
    for move, sign in (("push", 1), ("pull", -1)):
        camera = Camera(Waves, (1280, 720), move, 4.0, 1)
        scales = np.array([camera._move.at(index / 30)[2] for index in range(121)])
        steps = np.diff(np.log(scales)) * sign
        assert steps.min() > 0
        assert steps.max() / steps.min() < 1.01


def test_hands_differ_by_seed_and_stay_within_the_margin() -> None:
    paths = []
    for seed in (1, 2):
        camera = Camera(Waves, (640, 360), "handheld", 4.0, seed)
        paths.append([camera._move.at(index / 30)[:2] for index in range(300)])
    first, second = np.array(paths[0]), np.array(paths[1])
    assert np.abs(first - second).max() > 3
    assert np.abs(np.diff(first, axis=0)).max() < 2.5
    assert first.min() >= 0
    assert first.max() <= camera._move.wider
