"""Which requests are the same."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.library.digests import Begun, Given, Said, Step, draft_digest, file_digest, request_digest
from nemo_widgets.library.records import UploadedFile

STEPS = st.lists(
    st.builds(Said, st.text())
    | st.builds(Begun, st.text())
    | st.builds(Given, st.lists(st.builds(UploadedFile, st.text(), st.text(), st.none()), max_size=2).map(tuple)),
    max_size=3,
)
REQUESTS = st.tuples(st.text(), st.none() | st.text(), STEPS, st.dictionaries(st.text(), st.text()), st.text())
DRAFT = {"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"url": "https://cdn.example/a.mp4?sig=1"}}]}]}


@given(REQUESTS, REQUESTS)
def test_requests_are_the_same_only_if_all_of_them_is(one: Any, other: Any) -> None:
    assert (request_digest(*one) == request_digest(*other)) == (one == other)


@pytest.mark.parametrize(
    ("service", "language", "steps", "text"),
    [
        ("https://other", None, [], "a city"),
        ("s", "en", [], "a city"),
        ("s", None, [Said("a sea")], "a city"),
        ("s", None, [Begun("s1")], "a city"),
        ("s", None, [Given((UploadedFile("a.mp4", "d1", 1),))], "a city"),
        ("s", None, [], "a city "),
    ],
)
def test_whatever_differs_makes_another_request(service: str, language: str, steps: list[Step], text: str) -> None:
    assert request_digest(service, language, steps, {}, text) != request_digest("s", None, [], {}, "a city")


def test_a_file_counts_by_name_and_content_but_not_by_where_it_was() -> None:
    def with_file(name: str, digest: str) -> str:
        return request_digest("s", None, [Given((UploadedFile(name, digest, None),))], {}, "cut it")

    assert len({with_file("a.mp4", "d1"), with_file("b.mp4", "d1"), with_file("a.mp4", "d2")}) == 3


def test_the_signature_of_a_link_does_not_make_another_timeline() -> None:
    again = {"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"url": "https://cdn.example/a.mp4?sig=2"}}]}]}
    assert draft_digest(DRAFT) == draft_digest(again)
    assert draft_digest(DRAFT) != draft_digest({"t": []})


def test_half_characters_have_a_digest_too() -> None:
    assert request_digest("s", None, [], {"m": "\ud800"}, "\udcff") != request_digest("s", None, [], {}, "\udcff")


def test_reading_a_file_for_its_digest_leaves_it_at_its_beginning() -> None:
    content = io.BytesIO(b"abc")
    content.seek(2)
    assert file_digest(content) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert content.tell() == 0
