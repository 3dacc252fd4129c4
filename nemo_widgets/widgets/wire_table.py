"""The newest lines of a wire as a table of HTML, everything from outside escaped."""

import html
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

_EXCERPT_CHARS = 110

_STYLE = """<style>
.nemo-wire-box { container-type: inline-size; }
.nemo-wire { width: 100%; border-collapse: collapse; font-size: var(--jp-code-font-size, 13px); }
.nemo-wire caption { text-align: left; white-space: normal; color: var(--jp-ui-font-color2, #555); padding: 2px 0; }
.nemo-wire th, .nemo-wire td { text-align: left; padding: 1px 8px 1px 0; white-space: nowrap; line-height: 1.5; }
.nemo-wire td:last-child { width: 100%; max-width: 0; overflow: hidden; text-overflow: ellipsis;
  font-family: var(--jp-code-font-family, monospace); }
.nemo-wire td.n { text-align: right; font-variant-numeric: tabular-nums; }
.nemo-wire tr.request td { border-top: 1px solid var(--jp-border-color2, #ccc); }
.nemo-wire tr.fault td { color: var(--jp-error-color1, #b00020); }
.nemo-wire tr.event td, .nemo-wire tr.end td { color: var(--jp-ui-font-color2, #555); }
@container (max-width: 620px) { .nemo-wire .wide { display: none; } }
@container (max-width: 440px) { .nemo-wire .time { display: none; } }
</style>"""


_COLUMNS = (
    ("Time", "time"), ("", ""), ("Call", ""), ("What", ""), ("Bytes", "wide"), ("Session", "wide"), ("Begins", ""),
)  # fmt: skip


class Record(Protocol):
    """What is shown of one thing that went over the wire."""

    @property
    def number(self) -> int: ...
    @property
    def at_s(self) -> float: ...
    @property
    def elapsed_ms(self) -> float: ...
    @property
    def direction(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def call(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def session(self) -> str: ...
    @property
    def status(self) -> int | None: ...
    @property
    def event(self) -> str: ...
    @property
    def size_bytes(self) -> int: ...
    @property
    def fault(self) -> str: ...
    @property
    def excerpt(self) -> str: ...


def wire_html(records: Sequence[Record], count: int, *, first: int = 1) -> str:
    """Return a table of records as HTML, everything from outside escaped.

    Parameters
    ----------
    records : sequence of Record
        What is shown, oldest first.
    count : int
        How many there are in all.
    first : int
        Which of them the first is, counted from 1.
    """
    last = first + len(records) - 1
    place = f"Numbers {first:,} to {last:,}" if last < count else f"The newest {len(records)}"
    shown = f"{place} of {count:,}" if count > len(records) else f"{count}"
    caption = (
        f"{shown} records on the wire; to_frame() has all of them." if count else "Nothing went over the wire yet."
    )
    head = "".join(f'<th scope="col" class="{place}">{title}</th>' for title, place in _COLUMNS)
    rows = "".join(map(_row, records))
    return (
        f'{_STYLE}<table class="nemo-wire"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(record: Record) -> str:
    at = datetime.fromtimestamp(record.at_s).strftime("%H:%M:%S.%f")[:-3]
    kind = f"{record.what} fault" if record.fault and record.what != "request" else record.what
    arrow, way = ("→", "to the studio") if record.direction == "to studio" else ("←", "from the studio")
    cells = (
        f'<td class="n time">{at}</td>',
        f'<td aria-label="{way}">{arrow}</td>',
        f"<td>{html.escape(_called(record))}</td>",
        f"<td>{html.escape(_what(record))}</td>",
        f'<td class="n wide">{record.size_bytes:,}</td>',
        f'<td class="wide">{html.escape(record.session[:8])}</td>',
        f"<td>{html.escape(_beginning(record))}</td>",
    )
    return f'<tr class="{kind}">{"".join(cells)}</tr>'


def _called(record: Record) -> str:
    number = f"{record.call} " if record.call else ""
    return f"{number}{record.name}" if record.name else record.path[:40]


def _what(record: Record) -> str:
    if record.what == "request":
        return record.method
    if record.what == "response":
        return f"{record.status} · {record.elapsed_ms:,.0f} ms"
    return record.event


def _beginning(record: Record) -> str:
    met = f"[{record.fault}] " if record.fault and record.what in ("response", "end") else ""
    said = record.excerpt or (record.path if record.what == "request" else "")
    return (met + said)[:_EXCERPT_CHARS]
