"""A timeline is read tolerantly, kept as it came, and told in one line."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.protocol.draft import Draft, seconds

CITY = {
    "t": [
        {"tt": 0, "sg": [{"id": "a", "s": 0, "d": 10_000, "m": {"name": "city timelapse", "url": "u1"}}]},
        {"tt": 1, "sg": [{"d": 10_000, "m": {"name": "Lo-fi", "volume": 0.35}}]},
        {"tt": 7, "sg": [{"s": 0, "d": 3_000, "m": {"text": "Urban Dreams", "style": "neon"}}]},
    ],
    "d": 10_000,
    "m": {"title": "City", "width": 1920, "height": 1080},
}


def one(segment: object, *, kind: object = 0) -> Draft:
    return Draft.parse({"t": [{"tt": kind, "sg": [segment]}]})


def test_the_example_of_the_protocol_is_told_in_its_words() -> None:
    assert Draft.parse(CITY).summary() == (
        "Timeline (3 tracks): 1. Video: city timelapse (0-10s) 2. BGM: Lo-fi (0-10s, 35%) "
        '3. Title: "Urban Dreams" (0-3s)'
    )


def test_everything_that_is_known_is_read() -> None:
    draft = Draft.parse(CITY)
    assert [track.kind for track in draft.tracks] == ["video", "audio", "text"]
    assert (draft.title, draft.width, draft.height, draft.duration_ms) == ("City", 1920, 1080, 10_000)
    segment = draft.tracks[0].segments[0]
    assert (segment.id, segment.start_ms, segment.duration_ms, segment.end_ms) == ("a", 0, 10_000, 10_000)
    assert (segment.name, segment.url, segment.text, segment.style) == ("city timelapse", "u1", "", "")
    assert segment.meta == {"name": "city timelapse", "url": "u1"}
    assert draft.tracks[1].segments[0].volume == 0.35
    assert draft.tracks[2].segments[0].text == "Urban Dreams"
    assert draft.tracks[2].segments[0].style == "neon"


@pytest.mark.parametrize("raw", [CITY, {"t": [], "x": {"y": [1]}}, {"t": [{"tt": 9, "z": 1, "sg": [{"q": None}]}]}])
def test_a_round_trip_changes_nothing(raw: dict[str, Any]) -> None:
    before = json.dumps(raw)
    assert Draft.parse(raw).dump() == raw
    assert json.dumps(raw) == before


def test_a_draft_gives_its_table() -> None:
    table = Draft.parse({"t": [{"tt": 0, "sg": [{"d": 5, "m": {"name": "sea"}}]}]}).to_frame()
    assert table["name"].tolist() == ["sea"]


@pytest.mark.parametrize("raw", [json.dumps(CITY), json.dumps(CITY).encode()])
def test_the_text_of_a_draft_is_read_too(raw: str | bytes) -> None:
    assert Draft.parse(raw) == Draft.parse(CITY)


@pytest.mark.parametrize(
    "raw", [None, "", "{", b"\xff", "[]", [], 3, True, {}, {"t": None}, {"t": "tracks"}, {"t": [None]}]
)
def test_what_is_no_draft_is_an_empty_one(raw: object) -> None:
    draft = Draft.parse(raw)
    assert draft.is_empty
    assert (draft.summary(), draft.duration_ms, draft.title, draft.width) == ("Timeline: empty", 0, "", None)


def test_a_segment_without_a_start_follows_the_one_before_it() -> None:
    segments = [{"d": 1_000}, {"d": 2_000}, {"s": 5_000, "d": 1_000}, {"d": 500}]
    (track,) = Draft.parse({"t": [{"tt": 0, "sg": segments}]}).tracks
    assert [(segment.start_ms, segment.end_ms) for segment in track.segments] == [
        (0, 1_000),
        (1_000, 3_000),
        (5_000, 6_000),
        (6_000, 6_500),
    ]


def test_a_draft_ends_with_its_last_segment_or_where_it_says() -> None:
    segments = [{"s": 5_000, "d": 1_000}, {"s": 0, "d": 2_000}]
    assert Draft.parse({"t": [{"sg": segments}]}).duration_ms == 6_000
    assert Draft.parse({"t": [{"sg": segments}], "d": 7_500}).duration_ms == 7_500
    assert Draft.parse({"t": [{"sg": segments}], "d": 10}).duration_ms == 6_000


@pytest.mark.parametrize(
    ("value", "ms"),
    [
        *[(1500, 1500), (1500.4, 1500), ("1500", 1500), (" 2e3 ", 2000), (-5, 0), (None, 0), ("soon", 0), (True, 0)],
        *[([1], 0), (float("nan"), 0), (float("inf"), 0), (float("-inf"), 0), ("nan", 0)],
    ],
)
def test_a_duration_may_come_as_anything(value: object, ms: int) -> None:
    assert one({"d": value}).tracks[0].segments[0].duration_ms == ms


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (0, "video"),
        (1, "audio"),
        (7, "text"),
        ("7", "text"),
        (7.0, "text"),
        (3, "other"),
        (None, "other"),
        (True, "other"),
    ],
)
def test_a_track_is_of_the_kind_that_it_says(code: object, kind: str) -> None:
    assert one({}, kind=code).tracks[0].kind == kind


@pytest.mark.parametrize(("given_id", "read"), [("a", "a"), (7, "7"), (None, ""), (1.5, ""), ([], "")])
def test_an_id_is_text_or_a_number(given_id: object, read: str) -> None:
    assert one({"id": given_id}).tracks[0].segments[0].id == read


def test_a_lane_is_told_by_the_best_name_it_has() -> None:
    named = {"tt": 0, "m": {"name": "B-roll"}, "sg": [{"d": 1_000}, {"d": 500, "m": {"name": "pier"}}]}
    other = {"tt": 4, "sg": [{"s": 250, "d": 1_000, "m": {"volume": 0.5}}]}
    draft = Draft.parse({"t": [named, other, {"tt": 7, "sg": []}]})
    assert draft.summary() == (
        "Timeline (3 tracks): 1. Video: B-roll (0-1s), pier (1-1.5s) 2. Track: unnamed (0.25-1.25s) 3. Title: empty"
    )
    assert draft.tracks[0].name == "B-roll"
    assert Draft.parse({"t": [named]}).summary().startswith("Timeline (1 track): ")


def test_volume_is_told_of_sound_alone_and_only_when_known() -> None:
    assert one({"d": 1_000, "m": {"name": "x", "volume": 1}}, kind=1).summary().endswith("BGM: x (0-1s, 100%)")
    assert one({"d": 1_000, "m": {"name": "x"}}, kind=1).summary().endswith("BGM: x (0-1s)")
    assert one({"d": 1_000, "m": {"name": "x", "volume": 1}}).summary().endswith("Video: x (0-1s)")


def test_a_draft_with_one_filled_track_can_be_rendered() -> None:
    assert not Draft.parse({"t": [{"sg": []}, {"sg": [{}]}]}).is_empty
    assert Draft.parse({"t": [{"sg": []}, {"tt": 1}]}).is_empty


@pytest.mark.parametrize(
    ("ms", "told"), [(0, "0"), (3_000, "3"), (2_500, "2.5"), (1_234, "1.23"), (10_000, "10"), (5, "0.01")]
)
def test_milliseconds_are_told_as_seconds(ms: int, told: str) -> None:
    assert seconds(ms) == told


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
keys = st.sampled_from(["t", "tt", "sg", "s", "d", "m", "id", "name", "text", "volume", "width", "title"])


drafts = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
)


@given(drafts)
def test_anything_is_read_and_told(raw: object) -> None:
    draft = Draft.parse(raw)
    assert draft.summary().startswith("Timeline")
    assert draft.duration_ms >= 0
    assert all(segment.start_ms >= 0 for track in draft.tracks for segment in track.segments)
