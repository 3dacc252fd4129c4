"""Weather: seen on any scene, told from the other kinds, and the same at the same moment."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from nemo_widgets.local.picture.lens.hashing import scattered
from nemo_widgets.local.picture.lens.looks import WEATHERS, in_weather
from nemo_widgets.local.picture.lens.sky import SkyFinder
from nemo_widgets.local.picture.lens.storm import Storm
from nemo_widgets.local.picture.lens.view import View
from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.planes import Floats, Planes
from nemo_widgets.local.picture.scenes.setting import choose_palette

from .scenery import SIZE, digest, prepared

NAMES = sorted(WEATHERS)
HERE = sorted(SCENES)


def view_of(scene: str, size: tuple[int, int] = SIZE) -> View:
    return View(*size, seed=1, light=choose_palette(scene, "", 1).light)


@cache
def frame(scene: str, weather: str, at_s: float = 2.0) -> Planes:
    planes = Planes.black(*SIZE)
    in_weather(prepared(scene, SIZE, 1, ""), weather, view_of(scene)).draw(planes, at_s)
    return planes


def luma(planes: Planes) -> Floats:
    return planes.y.astype(np.float32)


def colour(planes: Planes) -> float:
    return float(np.hypot(planes.u.astype(float) - 128, planes.v.astype(float) - 128).mean())


def green(planes: Planes) -> Floats:
    """Return how green each place is: below grey in both planes of chroma."""
    return np.minimum(128 - planes.v.astype(np.float32), 140 - planes.u.astype(np.float32))


@pytest.mark.parametrize("scene", HERE)
def test_each_kind_does_what_it_is_called(scene: str) -> None:
    clear = frame(scene, "")
    rain, snow, storm, fog, aurora = (frame(scene, name) for name in ("rain", "snow", "storm", "fog", "aurora"))
    assert luma(fog).std() < 0.75 * luma(clear).std()
    assert luma(storm).mean() < luma(rain).mean() < luma(fog).mean()
    for grey in (rain, snow, storm, fog):
        assert colour(grey) < colour(clear)
    # The sky turns green and the ground does not, more than in any other weather: the scene itself may be green.
    assert greener_above(clear, aurora) > max(greener_above(clear, grey) for grey in (rain, snow, storm, fog))
    assert balance(aurora) > balance(clear) * 1.05


def greener_above(clear: Planes, seen: Planes) -> float:
    """Return how much more of what is clearly green now, and was less so, lies in the upper third than below."""
    gained = np.where(green(seen) > 8, green(seen) - green(clear), 0).clip(0)
    return float(gained[:30].mean() - gained[-25:].mean())


def balance(planes: Planes) -> float:
    """Return how much lighter the upper half is than the lowest quarter."""
    return float(luma(planes)[:90].mean() / luma(planes)[-50:].mean())


def test_kinds_differ_on_every_scene() -> None:
    for scene in HERE:
        for first, second in combinations(["", *NAMES], 2):
            mine, other = frame(scene, first), frame(scene, second)
            apart = np.abs(luma(mine) - luma(other)).mean() + abs(colour(mine) - colour(other))
            assert apart > 3, (scene, first, second)


@pytest.mark.parametrize("weather", NAMES)
def test_it_moves_and_comes_back_to_the_same_moment(weather: str) -> None:
    still = _Still(frame("sea", ""))
    seen = in_weather(still, weather, view_of("sea"))
    first, second, again = (Planes.black(*SIZE) for _ in range(3))
    for planes, at_s in ((first, 1.0), (second, 1.4), (again, 1.0)):
        seen.draw(planes, at_s)
    assert (first.y != second.y).mean() > 0.005
    assert digest(first) == digest(again)


@pytest.mark.parametrize("weather", NAMES)
@pytest.mark.parametrize("size", [(180, 320), (64, 36), (322, 182), (2, 2)], ids=str)
def test_every_shape_of_canvas_can_have_weather(weather: str, size: tuple[int, int]) -> None:
    still = Planes.black(*size)
    still.y[:] = np.linspace(16, 235, size[0], dtype=np.uint8)
    made = Planes.black(*size)
    for light in ("day", "night"):
        in_weather(_Still(still), weather, View(*size, seed=1, light=light)).draw(made, 1.0)
        assert made.y.max() <= 240


@pytest.mark.parametrize("weather", NAMES)
def test_it_can_go_on_for_an_hour(weather: str) -> None:
    assert luma(frame("sea", weather, 3600.0)).std() > 2


@pytest.mark.parametrize("seed", range(6))
def test_lightning_strikes_a_storm_now_and_then(seed: int) -> None:
    storm = Storm(View(*SIZE, seed=seed))
    ground = Planes.black(*SIZE)
    ground.y[:] = 90
    light = []
    for index in range(160):
        planes = Planes.black(*SIZE)
        planes.copy_from(ground)
        storm.apply(planes, index / 20)
        light.append(float(planes.y[:80].mean()))
    usual = float(np.median(light))
    flashes = np.array(light) > usual + 15
    assert 2 <= np.count_nonzero(np.diff(flashes.astype(int)) == 1) <= 8
    assert flashes.mean() < 0.3


def test_the_sky_ends_at_roofs_and_not_at_the_moon() -> None:
    planes = Planes.black(*SIZE)
    planes.y[:] = 80
    planes.y[20:34, 40:54] = 220
    planes.y[100:, 160:] = 30
    sky = SkyFinder(View(*SIZE)).find(planes)
    assert sky[:, 2:17].min() > 0.8
    assert sky[:11, 24:].min() > 0.8
    assert sky[14:, 24:].max() < 0.2


def test_scattered_numbers_are_spread_evenly_and_depend_on_every_key() -> None:
    places = np.arange(4000)
    shares = scattered(3, places, 1)
    assert np.histogram(shares, 10, (0, 1))[0].min() > 320
    assert abs(np.corrcoef(shares[:-1], shares[1:])[0, 1]) < 0.06
    for other in (scattered(4, places, 1), scattered(3, places, 2), scattered(3, places + 1, 1)):
        assert abs(np.corrcoef(shares, other)[0, 1]) < 0.06


class _Still:
    def __init__(self, planes: Planes) -> None:
        self._planes = planes

    def draw(self, target: Planes, at_s: float) -> None:
        target.copy_from(self._planes)
