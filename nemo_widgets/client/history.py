"""What this machine has run: `history`, and the line that tells of work a kernel's end has interrupted."""

import difflib
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nemo_widgets.client.keeper import own_keeper
from nemo_widgets.client.passing import without_the_gone
from nemo_widgets.display import resolve
from nemo_widgets.errors import InputError, NemoError
from nemo_widgets.library import JobRecord, Library, Wanted
from nemo_widgets.library.records import KINDS, STATES

if TYPE_CHECKING:
    import pandas as pd

_BACKENDS: Final = ("cloud", "local", "custom")
Choice = str | Sequence[str] | None

_TOLD_FOR_S: Final = 7 * 86_400.0
_TOLD: Final[set[Path]] = set()


def history(
    *,
    session: str | None = None,
    kind: Choice = None,
    state: Choice = None,
    backend: Choice = None,
    since: datetime | date | str | None = None,
    text: str | None = None,
) -> "pd.DataFrame":
    """Return every job that this machine has run, one row each, oldest first.

    Parameters
    ----------
    session : str, optional
        Only of this session: its ``Session.id``.
    kind : str or sequence of str, optional
        ``"message"``, ``"upload"``, ``"export"``, ``"preview"``.
    state : str or sequence of str, optional
        ``"running"``, ``"done"``, ``"failed"``, ``"stopped"``, ``"unclear"`` (the network broke, and nobody knows what
        became of it), ``"interrupted"`` (its kernel has ended).
    backend : str or sequence of str, optional
        ``"cloud"``, ``"local"``, ``"custom"``.
    since : datetime, date or str, optional
        Only what began then or later; text such as ``"2026-05-03"`` or ``"2026-05-03 14:00"``. Without a time zone, in
        this machine's.
    text : str, optional
        Only what has this in its prompt, in any case.

    Returns
    -------
    pandas.DataFrame
        Its columns are told by `tables.history_table`.

    Raises
    ------
    InputError
        There is no such kind, state or backend, or `since` is no time.
    LibraryError
        The history cannot be read.
    """
    found = jobs(session=session, kind=kind, state=state, backend=backend, since=since, text=text)
    library = own_keeper().library
    clips = library.all_clips() if library is not None and found else []
    table: pd.DataFrame = resolve("history_table")(found, {clip.digest: clip for clip in clips})
    return table


def jobs(
    *,
    session: str | None = None,
    kind: Choice = None,
    state: Choice = None,
    backend: Choice = None,
    since: datetime | date | str | None = None,
    text: str | None = None,
) -> list[JobRecord]:
    """Return the jobs that `history` tells of, as they were written down."""
    wanted = Wanted(
        session=session,
        kinds=_chosen("kind", kind, KINDS),
        states=_chosen("state", state, STATES),
        backends=_chosen("backend", backend, _BACKENDS),
        since=_moment(since),
        text=text,
    )
    keeper = own_keeper()
    keeper.catch_up()
    return keeper.library.ledger.jobs(wanted) if keeper.library is not None and keeper.library.exists else []


def unfinished() -> list[JobRecord]:
    """Return the jobs that `resume` can take up, oldest first."""
    return [job for job in jobs(kind=("export", "message")) if job.can_be_resumed]


def orphans_told() -> str:
    """Return the line that tells what can be resumed, the first time in a process; else nothing."""
    try:
        library = own_keeper().library
        if library is None or not library.exists or library.folder in _TOLD:
            return ""
        told_now(library)
        return _in_words(_recent(library))
    except NemoError:
        return ""  # told when something is to be written


def told_now(library: Library) -> None:
    """Note that this process has told what is left unfinished, or takes it up."""
    _TOLD.add(library.folder)


def _recent(library: Library) -> list[JobRecord]:
    return without_the_gone([job for job in library.ledger.orphans() if time.time() - job.began_at < _TOLD_FOR_S])


def _in_words(jobs: Sequence[JobRecord]) -> str:
    if not jobs:
        return ""
    counts = [(kind, sum(job.kind == kind for job in jobs)) for kind in ("export", "message")]
    listed = " and ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts if count)
    them = "it" if len(jobs) == 1 else "them"
    return (
        f"Left unfinished when a kernel ended or the network broke: {listed}. await nemo.resume() takes {them} up; "
        f"nothing is sent twice.{_timelines(jobs)}"
    )


def _timelines(jobs: Sequence[JobRecord]) -> str:
    if len({job.session_id for job in jobs}) > 1 or not jobs[0].session_id:
        return ""
    return f" The timeline is still there: {reopening(jobs[0])}."


def reopening(job: JobRecord) -> str:
    """Return the Python that opens the session of a job again."""
    place = job.place
    service = "local" if place.is_own_studio else "cloud" if place.backend == "cloud" else place.service
    return f"nemo.connect({service!r}).open_session({job.session_id!r})"


def _chosen(name: str, said: Choice, known: Sequence[str]) -> tuple[str, ...]:
    values = () if said is None else (said,) if isinstance(said, str) else tuple(said)
    for value in values:
        if value not in known:
            near = difflib.get_close_matches(str(value), known, n=1)
            guess = f"; did you mean {near[0]!r}?" if near else f": choose of {', '.join(known)}."
            raise InputError(f"There is no {name} {value!r}{guess}")
    return values


def _moment(said: datetime | date | str | None) -> float | None:
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else said
    except ValueError:
        raise InputError(f'since={said!r} is no time. Write for example since="2026-05-03 14:00".') from None
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, datetime.min.time())
    return moment.timestamp()
