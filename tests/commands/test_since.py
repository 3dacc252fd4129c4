"""Moments as a person says them."""

from datetime import datetime

import pytest

from nemo_widgets.commands.since import moment
from nemo_widgets.errors import InputError

_NOW = datetime(2026, 3, 1, 15, 30)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("today", datetime(2026, 3, 1)),
        ("Yesterday", datetime(2026, 2, 28)),
        ("7d", datetime(2026, 2, 22, 15, 30)),
        ("12 hours ago", datetime(2026, 3, 1, 3, 30)),
        ("2w", datetime(2026, 2, 15, 15, 30)),
        ("2025-11-01", datetime(2025, 11, 1)),
        ("2025-11-01 14:00", datetime(2025, 11, 1, 14)),
    ],
)
def test_a_moment_is_told_in_words_or_as_a_date(said: str, meant: datetime) -> None:
    assert moment(said, _NOW) == meant


@pytest.mark.parametrize("said", ["soon", "", "d", "-3d", "2025-13-01"])
def test_what_is_no_time_is_refused(said: str) -> None:
    with pytest.raises(InputError, match="is no time"):
        moment(said, _NOW)
