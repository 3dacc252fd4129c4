"""A timeline as a table: one row a segment, the same types whatever is in it."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.protocol.draft import Draft
from nemo_widgets.tables import tracks_table

RAW = {
    "t": [
        {"tt": 0, "sg": [{"d": 4000, "m": {"name": "a", "url": "https://x/a.mp4", "seed": 7}}, {"d": 6000}]},
        {"tt": 1, "m": {"name": "Lo-fi"}, "sg": [{"s": 0, "d": 10_000, "m": {"volume": 0.35}}]},
        {"tt": 7, "sg": [{"s": 500, "d": 3000, "m": {"text": "Urban Dreams", "style": "bold"}}]},
        {"tt": 99, "sg": [{"d": 1}]},
        {"tt": 0, "sg": []},
    ]
}
DTYPES = {
    "track": "int64",
    "kind": "category",
    "segment": "int64",
    "name": "string",
    "text": "string",
    "start_ms": "int64",
    "end_ms": "int64",
    "duration_ms": "int64",
    "volume": "Float64",
    "source": "string",
    "extra": "object",
}


def types(table: pd.DataFrame) -> dict[str, str]:
    return {name: str(dtype) for name, dtype in table.dtypes.items()}


def test_each_segment_is_a_row() -> None:
    table = tracks_table(Draft.parse(RAW))
    assert table["track"].tolist() == [1, 1, 2, 3, 4]
    assert table["segment"].tolist() == [1, 2, 1, 1, 1]
    assert table["kind"].tolist() == ["video", "video", "audio", "text", "other"]
    assert table["name"].tolist() == ["a", "", "Lo-fi", "", ""]
    assert table["text"].tolist() == ["", "", "", "Urban Dreams", ""]
    assert table["start_ms"].tolist() == [0, 4000, 0, 500, 0]
    assert table["end_ms"].tolist() == [4000, 10_000, 10_000, 3500, 1]
    assert table["source"].tolist() == ["https://x/a.mp4", "", "", "", ""]
    assert table["volume"].isna().tolist() == [True, True, False, True, True]
    assert table["volume"][2] == pytest.approx(0.35)
    assert table["extra"].tolist() == [{"seed": 7}, {}, {}, {"style": "bold"}, {}]


@pytest.mark.parametrize("raw", [RAW, {}, {"t": []}, {"t": [{"tt": 0}]}])
def test_the_types_are_the_same_whatever_is_in_it(raw: object) -> None:
    table = tracks_table(Draft.parse(raw))
    assert types(table) == DTYPES
    assert list(table["kind"].cat.categories) == ["video", "audio", "text", "other"]
    assert table["kind"].cat.ordered


def test_kinds_sort_as_a_timeline_does() -> None:
    table = tracks_table(Draft.parse(RAW)).sort_values("kind", kind="stable")
    assert table["kind"].tolist() == ["video", "video", "audio", "text", "other"]


def test_a_draft_gives_its_own_table() -> None:
    pd.testing.assert_frame_equal(Draft.parse(RAW).to_frame(), tracks_table(Draft.parse(RAW)))


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just([])
segments = st.dictionaries(
    st.sampled_from(["s", "d", "id", "m"]),
    values | st.dictionaries(st.sampled_from(["name", "text", "volume", "url", "x"]), values, max_size=4),
    max_size=4,
)
tracks = st.fixed_dictionaries({"tt": values, "sg": st.lists(segments, max_size=3)})


@given(st.lists(tracks, max_size=3))
def test_any_draft_has_a_table(raw: list[object]) -> None:
    draft = Draft.parse({"t": raw})
    table = tracks_table(draft)
    assert len(table) == sum(len(track.segments) for track in draft.tracks)
    assert types(table) == DTYPES
