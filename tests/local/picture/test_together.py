"""What workers prepare together: every part once, the same for all, whoever fails."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes import SCENES, make_scene
from nemo_widgets.local.picture.scenes.planes import Bytes, Planes
from nemo_widgets.local.picture.together import sharing, together

SIZE = (192, 108)


class Counter:
    """Makes a part, and counts how often."""

    def __init__(self, number: int) -> None:
        self.number, self.made = number, 0
        self._mutex = threading.Lock()

    def __call__(self) -> tuple[int, Bytes]:
        with self._mutex:
            self.made += 1
        return self.number, np.full((3, 5), self.number, np.uint8)


def ask(folder: Path, makers: list[Counter], key: str = "parts") -> list[tuple[int, Bytes]]:
    with sharing(folder):
        return together(key, makers)


def test_every_part_is_made_once_and_all_get_all_of_them(tmp_path: Path) -> None:
    makers = [Counter(number) for number in range(6)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ask(tmp_path, makers), range(4)))
    assert [maker.made for maker in makers] == [1] * 6
    for parts in answers:
        assert [number for number, _ in parts] == list(range(6))
        assert all((array == number).all() for number, array in parts)


def test_other_keys_are_other_parts_and_without_a_folder_everyone_makes_all(tmp_path: Path) -> None:
    maker = Counter(1)
    ask(tmp_path, [maker], "a")
    ask(tmp_path, [maker], "b")
    together("a", [maker])
    ask(tmp_path / "missing", [maker], "a")
    assert maker.made == 4


def test_numbers_lie_where_processors_read_them_fastest(tmp_path: Path) -> None:
    def odd() -> list[NDArray[np.generic]]:
        return [np.arange(length, dtype=kind) for length in (1, 7, 130) for kind in (np.uint8, np.int64, np.float32)]

    with sharing(tmp_path):
        (made,), (fetched,) = together("odd", [odd]), together("odd", [odd])
    assert made is not fetched
    for first, second in zip(made, fetched, strict=True):
        assert np.array_equal(first, second)
        assert second.flags.aligned
        assert second.ctypes.data % 64 == 0


def test_what_one_fails_to_make_another_one_makes(tmp_path: Path) -> None:
    def fail() -> int:
        raise MemoryError

    makers: list[Callable[[], int]] = [fail]
    with sharing(tmp_path):
        with pytest.raises(MemoryError):
            together("part", makers)
        assert together("part", [lambda: 7]) == [7]


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_scene_prepared_together_is_the_same_scene(name: str, tmp_path: Path) -> None:
    def draw(planes: Planes) -> Planes:
        with sharing(tmp_path):
            make_scene(name, size=SIZE, seed=3).draw(planes, 1.5)
        return planes

    alone = Planes.black(*SIZE)
    make_scene(name, size=SIZE, seed=3).draw(alone, 1.5)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(draw, (Planes.black(*SIZE), Planes.black(*SIZE))))
    for planes in both:
        assert all(map(np.array_equal, (planes.y, planes.u, planes.v), (alone.y, alone.u, alone.v)))
