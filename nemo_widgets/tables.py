"""What the service knows, as tables."""

from collections.abc import Iterable, Iterator, Mapping
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
_WIRE_DTYPES: Final[dict[str, str | pd.CategoricalDtype]] = {
    "number": "int64",
    "time": "datetime64[us, UTC]",
    "elapsed_ms": "float64",
    "exchange": "int64",
    "direction": pd.CategoricalDtype(["to studio", "from studio"]),
    "what": pd.CategoricalDtype(["request", "response", "event", "end"]),
    "call": "Int64",
    "name": "string",
    "method": "string",
    "path": "string",
    "session": "string",
    "status": "Int64",
    "event": "string",
    "size_bytes": "int64",
    "fault": "string",
    "headers": "string",
    "excerpt": "string",
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


def wire_table(records: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return what went over the wire as a table, one row a request, response or event, oldest first.

    Parameters
    ----------
    records : iterable of mapping
        The fields of a local studio's wire records.

    Returns
    -------
    pandas.DataFrame
        ``time`` is in UTC, ``elapsed_ms`` counts from the beginning of the request, ``exchange`` is the same for a
        request and what answers it. ``call`` is missing for files, ``status`` for all but responses. Types are the same
        when it is empty.
    """
    table = pd.DataFrame(list(records), columns=["at_s", *(name for name in _WIRE_DTYPES if name != "time")])
    table.insert(1, "time", pd.to_datetime(table.pop("at_s").astype("float64"), unit="s", utc=True))
    return table.astype(_WIRE_DTYPES)


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
