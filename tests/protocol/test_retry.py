"""A ``Retry-After`` header is a number of seconds or a date, and anything else is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.protocol.retry import retry_after_s

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("0", 0.0),
        ("30", 30.0),
        (" 120 ", 120.0),
        ("999999999", 999999999.0),
        ("Sun, 01 Mar 2026 12:00:45 GMT", 45.0),
        ("Sunday, 01-Mar-26 12:00:45 GMT", 45.0),
        ("Sun Mar  1 12:00:45 2026", 45.0),
        ("Sun, 01 Mar 2026 13:00:45 +0100", 45.0),
        ("Sun, 01 Mar 2026 11:59:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("٣٠", None),
        ("9999999999", None),
        ("Sun, 99 Mar 2026 12:00:45 GMT", None),
    ],
)
def test_a_header_is_read(header: str, wait_s: float | None) -> None:
    assert retry_after_s(header, NOW) == wait_s


@given(st.text(max_size=40))
def test_no_header_makes_it_fail(header: str) -> None:
    wait_s = retry_after_s(header, NOW)
    assert wait_s is None or wait_s >= 0
