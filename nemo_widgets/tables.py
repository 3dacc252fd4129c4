"""What the service knows, as tables."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from nemo_widgets.protocol.draft import Draft, Segment

KINDS: Final = ("video", "audio", "text", "other")

_KNOWN: Final = frozenset({"name", "text", "volume", "url"})
_LATEST_MS: Final = 2**63 - 1
_DTYPES: Final[dict[str, str]] = {
    "track": "int64",
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
_COLUMNS: Final = ("track", "kind", *(name for name in _DTYPES if name != "track"))


def tracks_table(draft: Draft) -> pd.DataFrame:
    """Return a timeline as a table, one row a segment, in the timeline's order.

    Parameters
    ----------
    draft : Draft
        May be empty.

    Returns
    -------
    pandas.DataFrame
        ``track`` and ``segment`` count from 1; ``kind`` is an ordered categorical; ``start_ms``, ``end_ms`` and
        ``duration_ms`` are milliseconds; ``volume`` is 0 to 1 or missing; ``source`` is where the material lies, empty
        when the service did not say; ``extra`` is a dict of all other metadata. Types are the same when it is empty.
    """
    rows = list(_rows(draft))
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_DTYPES)
    table["kind"] = pd.Categorical(table["kind"], categories=list(KINDS), ordered=True)
    return table


def _rows(draft: Draft) -> Iterator[dict[str, Any]]:
    for track_number, track in enumerate(draft.tracks, start=1):
        for segment_number, segment in enumerate(track.segments, start=1):
            yield {
                "track": track_number,
                "kind": track.kind,
                "segment": segment_number,
                "name": segment.name or track.name,
                "text": segment.text,
                "start_ms": min(segment.start_ms, _LATEST_MS),
                "end_ms": min(segment.end_ms, _LATEST_MS),
                "duration_ms": min(segment.duration_ms, _LATEST_MS),
                "volume": segment.volume,
                "source": segment.url,
                "extra": _extra(segment),
            }


def _extra(segment: Segment) -> dict[str, Any]:
    return {key: value for key, value in segment.meta.items() if key not in _KNOWN}
