"""What the service knows, as tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, get_args

import pandas as pd

from nemo_widgets.client.batch import BatchItem, Phase
from nemo_widgets.client.given import GivenFile
from nemo_widgets.library.records import KINDS as JOB_KINDS
from nemo_widgets.library.records import STATES, ClipRecord, JobRecord
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
_ASSETS: Final[dict[str, str | pd.CategoricalDtype]] = {
    "name": "string",
    "kind": pd.CategoricalDtype(["video", "image", "audio", "other"]),
    "duration_s": "Float64",
    "width": "Int64",
    "height": "Int64",
    "fps": "Float64",
    "size_bytes": "Int64",
    "digest": "string",
}
_BATCH: Final[dict[str, str | pd.CategoricalDtype]] = {
    "number": "int64",
    "file": "string",
    "instruction": "string",
    "phase": pd.CategoricalDtype(list(get_args(Phase)), ordered=True),
    "credits_spent": "Float64",
    "duration_s": "Float64",
    "path": "string",
    "error": "string",
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


def assets_table(files: Iterable[GivenFile]) -> pd.DataFrame:
    """Return what a session was given as a table, one row a file, oldest first.

    Parameters
    ----------
    files : iterable of GivenFile
        May be empty.

    Returns
    -------
    pandas.DataFrame
        ``name`` is what a prompt calls it; ``kind`` is a categorical; ``duration_s`` is seconds, ``width`` and
        ``height`` pixels, ``fps`` frames a second, missing where they do not apply; ``size_bytes`` and ``digest``,
        which is SHA-256, are missing for URLs. Types are the same when it is empty.
    """
    kinds = ("video", "image", "audio")
    rows = [
        {
            "name": file.asset.filename,
            "kind": file.asset.kind if file.asset.kind in kinds else "other",
            "duration_s": file.asset.duration_s,
            "width": file.asset.width,
            "height": file.asset.height,
            "fps": file.asset.fps,
            "size_bytes": file.size_bytes,
            "digest": file.digest or None,
        }
        for file in files
    ]
    return pd.DataFrame(rows, columns=list(_ASSETS)).astype(_ASSETS)


def batch_table(items: Iterable[BatchItem]) -> pd.DataFrame:
    """Return what came of a batch as a table, one row a file, in order.

    Parameters
    ----------
    items : iterable of BatchItem
        May be empty.

    Returns
    -------
    pandas.DataFrame
        ``phase`` is an ordered categorical; ``credits_spent`` and ``duration_s`` are missing while they are not known,
        ``path`` is where the clip is. Types are the same when it is empty.
    """
    rows = [
        {
            "number": item.number,
            "file": str(item.file),
            "instruction": item.instruction,
            "phase": item.phase,
            "credits_spent": item.credits_spent,
            "duration_s": item.clip.duration_s if item.clip is not None else None,
            "path": str(item.clip.path) if item.clip is not None else None,
            "error": item.error,
        }
        for item in items
    ]
    return pd.DataFrame(rows, columns=list(_BATCH)).astype(_BATCH)


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


_HISTORY: Final[dict[str, str]] = {
    "job": "string",
    "kind": "object",
    "state": "object",
    "resumable": "bool",
    "text": "string",
    "began_at": "float64",
    "elapsed_s": "Float64",
    "credits_spent": "Float64",
    "path": "string",
    "duration_s": "Float64",
    "width": "Int64",
    "height": "Int64",
    "size_bytes": "Int64",
    "kept": "bool",
    "backend": "string",
    "session": "string",
    "error": "string",
}


_FIRST: Final = ("job", "kind", "state", "text", "began_at", "elapsed_s", "credits_spent", "path")
_NOTHING: Final = "The history has no such jobs. What you send, upload and export from now on stands here."


class HistoryTable(pd.DataFrame):
    """The history as a DataFrame that shows what a person wants first; whatever is made of it shows everything."""

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> str:
        if self.empty:
            return f"<p>{_NOTHING}</p>"
        shown: str = self[list(_FIRST)].to_html(notebook=True, max_rows=pd.get_option("display.max_rows"))
        return f"{shown}<p>{len(_FIRST)} of {len(self.columns)} columns: nemo.history()[:] shows all.</p>"

    def __repr__(self) -> str:
        if self.empty:
            return _NOTHING
        return str(self[list(_FIRST)].to_string(max_rows=pd.get_option("display.max_rows"), max_colwidth=40))


def history_table(jobs: Sequence[JobRecord], clips: Mapping[str, ClipRecord]) -> pd.DataFrame:
    """Return jobs as a table, one row each, in their order.

    Parameters
    ----------
    jobs : sequence of JobRecord
        May be empty.
    clips : Mapping of str to ClipRecord
        The clips of the library by their digest.

    Returns
    -------
    pandas.DataFrame
        ``job`` is the id that ``nemo.resume`` takes; ``kind`` and ``state`` are categoricals; ``resumable`` tells
        whether ``nemo.resume`` can take it up; ``text`` is the prompt, or the names of uploaded files; ``began_at`` is
        in UTC, to the second; ``elapsed_s`` is in seconds and missing while it runs; ``credits_spent`` is missing when
        nobody knows; ``path`` is where the file went; ``duration_s`` (seconds), ``width``, ``height`` (pixels) and
        ``size_bytes`` are those of the clip that came of it, and missing unless it is ``kept`` in the library;
        ``session`` is the service's id; ``error`` what went wrong. Types are the same when it is empty. It shows its
        main columns; ``table[:]`` shows all of them.
    """
    rows = [_history_row(job, clips.get(job.clip)) for job in jobs]
    table = pd.DataFrame(rows, columns=list(_HISTORY)).astype(_HISTORY)
    table["began_at"] = table["began_at"].astype("int64").astype("datetime64[s]").dt.tz_localize("UTC")
    table["kind"] = pd.Categorical(table["kind"], categories=list(JOB_KINDS))
    table["state"] = pd.Categorical(table["state"], categories=list(STATES))
    return HistoryTable(table)


def _history_row(job: JobRecord, clip: ClipRecord | None) -> dict[str, Any]:
    facts = clip.facts if clip else {}
    return {
        "job": job.id,
        "kind": job.kind,
        "state": job.shown_state,
        "backend": job.place.backend,
        "session": job.session_id,
        "text": job.text,
        "began_at": job.began_at,
        "elapsed_s": None if job.ended_at is None else max(0.0, round(job.ended_at - job.began_at, 1)),
        "credits_spent": job.credits_spent,
        "duration_s": facts.get("duration_s"),
        "width": facts.get("width"),
        "height": facts.get("height"),
        "size_bytes": clip.size_bytes if clip else None,
        "kept": clip is not None,
        "resumable": job.can_be_resumed,
        "path": job.path,
        "error": job.error,
    }
