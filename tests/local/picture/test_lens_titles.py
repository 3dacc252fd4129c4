"""Titles and captions: where they stand, how they come, and that no text breaks them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.picture.titles import TitleCard, Wording
from nemo_widgets.local.picture.wrapping import LONGEST, balanced, cleaned, filled, pieces_of

SHAPES = [(320, 180), (180, 320), (180, 180)]
SENTENCES = [
    "Urban Dreams",
    "The last ferry leaves at nine, and nobody waits for it any more.",
    "城市之夜：霓虹与雨，灯塔一明一灭。",
    "She said: “今晚的海很安静。” And it was.",
    "W" * 90,
    "Party 🎉👩‍👩‍👧 tonight ☕ at 8!",
    "The Long Story of a Small Boat That Wanted to See the Whole Wide World, and Went. " * 9,
]


def shown(text: str, size: tuple[int, int], at_s: float = 2.0, **meta: object) -> NDArray[np.bool_]:
    """Return where letters are, `at_s` into four seconds."""
    planes = Planes.black(*size)
    planes.y[:] = 110
    TitleCard(Wording.read(text, meta), *size).draw(planes, at_s, 4.0)
    return planes.y > 160


@pytest.mark.parametrize("size", SHAPES, ids=str)
@pytest.mark.parametrize(("role", "place"), [("title", "center"), ("title", "top"), ("caption", "bottom")])
@pytest.mark.parametrize("text", SENTENCES)
def test_text_stays_where_it_is_safe(text: str, place: str, role: str, size: tuple[int, int]) -> None:
    rows, columns = np.nonzero(shown(text, size, role=role, place=place))
    width, height = size
    assert len(rows) > 30
    assert columns.min() >= width * 0.045
    assert columns.max() <= width * 0.955
    assert abs((columns.min() + columns.max()) / 2 - width / 2) < width * 0.02 + 4
    assert rows.min() >= height * 0.045
    assert rows.max() <= height * 0.92
    middle = (rows.min() + rows.max()) / 2 / height
    if len(text) < 80:
        assert {"top": middle < 0.4, "center": 0.25 < middle < 0.6, "bottom": middle > 0.6}[place]


def test_captions_are_smaller_than_titles_and_stand_at_the_foot() -> None:
    title, caption = (np.argwhere(shown("Hello there", (640, 360), role=role)) for role in ("title", "caption"))
    assert np.ptp(caption[:, 0]) < 0.7 * np.ptp(title[:, 0])
    assert caption[:, 0].min() > title[:, 0].max()


def test_text_without_a_role_is_a_title_as_before() -> None:
    assert Wording.read("Hi", {"style": "title"}) == Wording("Hi", "title", "center", "rise")
    assert Wording.read("Hi", {"role": 3, "place": [], "animation": "explode"}) == Wording("Hi")
    assert Wording.read("Hi", {"role": "caption"}) == Wording("Hi", "caption", "bottom", "fade")


def light(way: str, at_s: float) -> float:
    return float(shown("Hello there", (640, 360), at_s, animation=way).sum())


def test_animations_come_and_go() -> None:
    full = light("none", 2.0)
    assert light("none", 0.0) == full == light("none", 3.99)
    for way in ("fade", "rise"):
        assert light(way, 0.0) == 0 == light(way, 3.999)
        assert light(way, 2.0) == full
    typed = [light("type", at_s) for at_s in (0.0, 0.15, 0.3, 0.45, 0.7)]
    assert 0 < typed[0] < typed[1] < typed[2] < typed[3] <= typed[4] == full


def test_a_rising_line_comes_from_below_and_a_fading_one_does_not() -> None:
    for way, moves in (("rise", True), ("fade", False)):
        early, late = (np.argwhere(shown("Hello", (640, 360), at_s, animation=way)) for at_s in (0.34, 2.0))
        assert (early[:, 0].max() > late[:, 0].max() + 1) == moves


def test_symbols_without_a_glyph_are_left_out_and_letters_are_not() -> None:
    assert cleaned("Party 🎉 at\n 8 ", lambda letter: letter != "🎉") == "Party at 8"
    assert cleaned("🎉🎉", lambda letter: False) == "🎉🎉"
    assert cleaned("ꙮ a", lambda letter: letter == "a") == "ꙮ a"
    assert cleaned("\x00\u202e", lambda letter: True) == ""


def measure(text: str) -> float:
    return float(len(text))


TEXTS = (
    st.text(alphabet="ab  ，。漢字かな“”()한국어é", min_size=1, max_size=60).map(str.split).map(" ".join).filter(bool)
)


@given(TEXTS, st.integers(1, 4))
def test_breaking_into_lines_loses_nothing(text: str, count: int) -> None:
    lines = balanced(text, count, measure)
    assert 1 <= len(lines) <= count
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines[1:]:
        assert line[0] not in "，。”)"
    for line in lines[:-1]:
        assert line[-1] not in "“("


@given(TEXTS, st.integers(2, 20))
def test_lines_are_no_wider_than_their_room(text: str, room: int) -> None:
    lines = filled(text, room, measure)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(map(len, lines)) <= room + 1


def test_foreign_words_in_japanese_stay_whole_where_they_fit() -> None:
    assert pieces_of("夜のタイトル・ソース") == ["夜", "の", "タイトル・", "ソース"]
    assert filled("タイトル", 2, measure) == ["タイ", "トル"]


def test_words_of_scripts_with_spaces_are_not_broken() -> None:
    assert pieces_of("a small 漢字 한국어 boat.") == ["a ", "small ", "漢", "字 ", "한국어 ", "boat."]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=2 * LONGEST), st.sampled_from(["title", "caption"]), st.sampled_from(["fade", "type"]))
def test_any_text_can_be_drawn(text: str, role: str, animation: str) -> None:
    planes = Planes.black(128, 72)
    card = TitleCard(Wording.read(text, {"role": role, "animation": animation}), 128, 72)
    for at_s in (0.0, 0.5, 1.0):
        card.draw(planes, at_s, 1.0)


@pytest.mark.parametrize("size", [(2, 2), (16, 400), (400, 16)], ids=str)
def test_any_shape_of_canvas_can_have_text(size: tuple[int, int]) -> None:
    TitleCard(Wording.read("Hello there, 世界", {}), *size).draw(Planes.black(*size), 1.0, 2.0)
