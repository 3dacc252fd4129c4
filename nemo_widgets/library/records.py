"""What the ledger's rows say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from nemo_widgets.library.owner import Owner

Kind = Literal["message", "upload", "export", "preview"]
State = Literal["running", "done", "failed", "stopped", "unclear"]
Shown = Literal["running", "done", "failed", "stopped", "unclear", "interrupted"]

KINDS: Final[tuple[Kind, ...]] = ("message", "upload", "export", "preview")
STATES: Final[tuple[Shown, ...]] = ("running", "done", "failed", "stopped", "unclear", "interrupted")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a session is; two are the same when the service is.

    Attributes
    ----------
    backend : str
        ``"cloud"``, ``"local"`` or ``"custom"``: a studio that was given by its address says with its first answer that
        it is a local one.
    service : str
        The origin; of this person's own local studio, whose address changes, ``"local"`` and its version.
    """

    backend: str = field(compare=False)
    service: str

    @property
    def is_own_studio(self) -> bool:
        """Whether it is the local studio that all kernels of this person share."""
        return self.service.startswith("local ")


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One job: a message, an upload, an export or a preview.

    Attributes
    ----------
    id : str
        Ours, such as ``"export-4f2a91c07b"``.
    kind : {"message", "upload", "export", "preview"}
        What it is.
    state : {"running", "done", "failed", "stopped", "unclear"}
        As it was written down last; unclear is when the network broke and nobody knows what became of it. One that is
        running and has ended was stopped, and its process has not outlived that yet.
    place : Place
        Where it runs.
    session : int
        The session's row.
    session_id : str
        The service's name for the session; empty while it was not opened.
    task_name : str
        What the project is called.
    text : str
        The prompt, or the names of the files.
    error : str
        What went wrong, in words.
    began_at, ended_at : float or None
        In seconds since 1970.
    owner : Owner
        The process that works on it.
    credits_spent : float or None
        None when nobody knows.
    clip : str
        The digest of the clip that came of it; empty when there is none.
    path : str
        Where the file goes or went; empty when there is none.
    """

    id: str
    kind: Kind
    state: State
    place: Place
    session: int
    session_id: str
    task_name: str
    text: str
    error: str
    began_at: float
    ended_at: float | None
    owner: Owner
    credits_spent: float | None
    clip: str
    path: str

    @property
    def shown_state(self) -> Shown:
        """Its state, or ``"interrupted"`` when it was running, or had just been stopped, in a process that is gone."""
        if self.state != "running":
            return self.state
        if self.owner.is_gone(self.began_at):
            return "interrupted"
        return "running" if self.ended_at is None else "stopped"

    @property
    def can_be_resumed(self) -> bool:
        """Whether there may be a result that nobody has fetched."""
        return self.kind in ("message", "export") and self.shown_state in ("interrupted", "unclear")


@dataclass(frozen=True, slots=True)
class Before:
    """What a message met: the timeline, scrubbed, and how many raw media there were."""

    draft: Mapping[str, Any]
    generated: int


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A message that was answered, and all that came.

    Attributes
    ----------
    job : JobRecord
        The message.
    answer : Mapping
        The turn, as `client.kept` writes it.
    """

    job: JobRecord
    answer: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RenderRecord:
    """What an export asked for.

    Attributes
    ----------
    output : Mapping
        The ``output`` of call 7.
    remote_id : str
        The id it was submitted under last; empty while it was not.
    draft : str
        The digest of the timeline that was submitted; empty while none was.
    """

    output: Mapping[str, Any]
    remote_id: str
    draft: str


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file or a URL of an upload; `digest` is the SHA-256 of its content, or tells the URL."""

    name: str
    digest: str
    size_bytes: int | None


@dataclass(frozen=True, slots=True)
class ClipRecord:
    """A clip of the store.

    Attributes
    ----------
    digest : str
        The SHA-256 of its content, as 64 hexadecimal digits.
    size_bytes : int
        Of the file.
    made_at, used_at : float
        When it was stored, and when it was last handed out, in seconds since 1970.
    facts : Mapping
        ``duration_s``, ``width``, ``height``, ``fps``, ``backend``, ``prompt``, as far as they are known.
    """

    digest: str
    size_bytes: int
    made_at: float
    used_at: float
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs of the history are asked for; what is None, or empty, leaves nothing out.

    Attributes
    ----------
    job, session : str or None
        Ids.
    kinds, states, backends : sequence of str
        Any of them.
    since : float or None
        The earliest beginning, in seconds since 1970.
    text : str or None
        In the prompt, in any case.
    """

    job: str | None = None
    session: str | None = None
    kinds: Sequence[str] = ()
    states: Sequence[str] = ()
    backends: Sequence[str] = ()
    since: float | None = None
    text: str | None = None
