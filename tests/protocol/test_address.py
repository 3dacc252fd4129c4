"""A studio's address file is read back as it was written, and anything else is none."""

import json

import pytest

from nemo_widgets.protocol.address import StudioAddress, parse_address

ADDRESS = StudioAddress("http://127.0.0.1:4711", "nmv_local_1", 42, 1795333368.5, "0.1.0")


def test_an_address_survives_its_file() -> None:
    assert parse_address(ADDRESS.dump()) == ADDRESS


def test_numbers_may_come_as_text() -> None:
    raw = json.loads(ADDRESS.dump()) | {"pid": "42", "started_at": "1795333368.5"}
    assert parse_address(json.dumps(raw)) == ADDRESS


@pytest.mark.parametrize("key", ["url", "token", "pid", "started_at", "version"])
def test_a_file_that_lacks_something_is_none(key: str) -> None:
    raw = json.loads(ADDRESS.dump())
    del raw[key]
    assert parse_address(json.dumps(raw)) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "3", '"text"', ADDRESS.dump()[:-4], ADDRESS.dump().replace("42", "[]")]
)
def test_an_unfinished_file_is_none(text: str) -> None:
    assert parse_address(text) is None


def test_the_token_is_in_no_repr() -> None:
    assert ADDRESS.token not in repr(ADDRESS)
