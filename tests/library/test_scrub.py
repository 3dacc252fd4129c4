"""Nothing that opens a door is kept on disk."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.library.scrub import scrubbed, scrubbed_text

SECRETS = st.sampled_from(
    ["nmv_usr_a1b2c3d4", "clm_9f8e7d", "Bearer abcdef0123456789", "https://cdn.example/a.mp4?Signature=s3cr3tsig",
     "https://nemovideo.com/workspace/claim?ct=clm_9f8e7d", "https://user:s3cr3tpw@host/a"]
)  # fmt: skip
MARKS = ("a1b2c3d4", "9f8e7d", "abcdef0123456789", "s3cr3t")
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | SECRETS
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | SECRETS, inner, max_size=4)
)


@given(JSON)
def test_no_secret_survives_wherever_it_is(value: Any) -> None:
    kept = json.dumps(scrubbed(value))
    assert not any(mark in kept for mark in MARKS)


@given(JSON)
def test_scrubbing_again_changes_nothing(value: Any) -> None:
    once = scrubbed(value)
    assert scrubbed(once) == once


@given(st.text(st.characters(whitelist_categories=["L", "Zs"])))
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert scrubbed_text(text) == text


def test_a_value_under_a_telling_name_is_blotted_out_and_its_neighbours_stay() -> None:
    assert scrubbed({"claim_token": "plain", "name": "city", "d": 1000}) == {
        "claim_token": "***",
        "name": "city",
        "d": 1000,
    }


def test_a_link_keeps_its_place_and_loses_what_opens_it() -> None:
    assert scrubbed_text("see https://u:p@cdn.example:8443/a/b.mp4?X-Amz-Signature=1#t now") == (
        "see https://cdn.example:8443/a/b.mp4 now"
    )


def test_what_is_nested_endlessly_is_cut_off() -> None:
    endless: Any = []
    for _ in range(500):
        endless = [endless]
    assert json.dumps(scrubbed(endless)).count("[") < 100
