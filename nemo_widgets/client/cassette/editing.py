"""What was heard becomes a tape: in order, timed from the beginning, and without anybody's secrets."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from nemo_widgets import __version__
from nemo_widgets.client.state import State
from nemo_widgets.errors import NemoError
from nemo_widgets.library.cassette import Answer, Call, Cleaner, Media, Tape
from nemo_widgets.library.cassette.tape import VERSION
from nemo_widgets.protocol.account import Account
from nemo_widgets.protocol.envelope import open_envelope
from nemo_widgets.protocol.refusals import TOKEN_CODES

if TYPE_CHECKING:
    from nemo_widgets.client.cassette.taping import Heard

_STEPS: Final = frozenset({"message", "upload", "submit"})
_LOOKS: Final = frozenset({"credits", "state", "status"})
_MOST_TEXT: Final = 65_536


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was fetched, by its URL or by its render."""

    digest: str
    size_bytes: int
    url: str
    render: str


@dataclass(slots=True)
class Take:
    """What was heard so far, as it came.

    Attributes
    ----------
    began_s : float
        When the recording began, of ``time.perf_counter``.
    began_at : str
        The same as a date, ISO 8601.
    origin, backend : str
        Whose words they are; the origin is empty before the first.
    origins : set of str
        All origins that it had: a local studio comes back at another one.
    secrets : set of str
        What must not be written down.
    heard : list of Heard
        The requests and their answers.
    kept : list of Kept
        The files.
    """

    began_s: float
    began_at: str
    origin: str = ""
    backend: Literal["cloud", "local", "custom"] = "custom"
    origins: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set, repr=False)
    heard: "list[Heard]" = field(default_factory=list, repr=False)
    kept: list[Kept] = field(default_factory=list, repr=False)

    def keep(self, digest: str, size_bytes: int, *, url: str, render: str) -> None:
        """Note a file, once."""
        kept = Kept(digest, size_bytes, url, render)
        if kept not in self.kept:
            self.kept.append(kept)

    def in_words(self) -> str:
        """Return ``2 messages, 1 export, 3.1 MB of media``."""
        counts = [(what, sum(heard.asked.what == what for heard in self.heard)) for what in ("message", "submit")]
        said = [f"{count} {_PEOPLE[what]}{'' if count == 1 else 's'}" for what, count in counts]
        sizes = {kept.digest: kept.size_bytes for kept in self.kept}
        return f"{', '.join(said)}, {sum(sizes.values()) / 1e6:.1f} MB of media"

    @property
    def has_only_failed(self) -> bool:
        """Whether something was said or exported, and nothing of it came to a good end."""
        tried = [heard for heard in self.heard if heard.asked.what in _STEPS]
        return bool(tried) and not any(_went_well(heard) for heard in tried)


_PEOPLE: Final[Mapping[str, str]] = {"message": "message", "submit": "export"}


def can_be_replayed(tape: Tape) -> bool:
    """Whether there is more on a tape than that a session was opened and the account looked at."""
    return any(call.what not in ("open", "credits") for call in tape.calls)


def raw_clips(heard: "Heard") -> list[str]:
    """Return the URLs of the videos that the state of a session names as generated."""
    try:
        media = State.parse(_opened(heard)).generated_media
    except NemoError:
        return []
    return [str(item["url"]) for item in media if str(item.get("type") or "video").startswith("video")]


def _went_well(heard: "Heard") -> bool:
    if heard.end == "broken" or not 200 <= heard.status < 300:
        return False
    try:
        return "json" not in heard.kind or _opened(heard) is not None
    except NemoError:
        return False


def edited(take: Take) -> tuple[Tape, dict[int, bytes]]:
    """Return the index of a cassette, and the bytes of its event streams by their number."""
    tape_id = secrets.token_hex(8)
    cleaner = Cleaner(tape_id, take.origin)
    cleaner.learn(take.secrets)
    heard = sorted(filter(_belongs, take.heard), key=lambda one: one.began_s)
    for one in heard:  # what is learnt from a later answer is hidden in an earlier one too
        _call(one, 0, take.began_s, cleaner)
    written = [_call(one, number, take.began_s, cleaner) for number, one in enumerate(heard)]
    media = [
        Media(
            digest=kept.digest,
            size_bytes=kept.size_bytes,
            url=cleaner.address(kept.url) if kept.url else "",
            render=cleaner.number("render", kept.render),
        )
        for kept in take.kept
    ]
    tape = Tape(
        format="nemo-cassette",
        version=VERSION,
        id=tape_id,
        made_with=__version__,
        recorded_at=take.began_at,
        backend=take.backend,
        calls=[call for call, _ in written],
        media=media,
    )
    return tape, {call.answer.stream: content for call, content in written if call.answer.stream is not None}


def _belongs(heard: "Heard") -> bool:
    """Whether it is to be replayed: a look that failed was repeated, and a refused token is nobody else's matter."""
    if heard.asked.what in _LOOKS:
        return heard.end == "whole" and 200 <= heard.status < 300
    if heard.status in TOKEN_CODES:
        return False
    body = _json(heard) if "json" in heard.kind else None
    code = body.get("code") if isinstance(body, Mapping) else None
    return not (str(code).isdigit() and int(str(code)) in TOKEN_CODES)


def _call(heard: "Heard", number: int, began_s: float, cleaner: Cleaner) -> tuple[Call, bytes]:
    asked = heard.asked
    session = asked.session
    if asked.what == "open":
        session = str(_opened_or_nothing(heard).get("session_id") or "")
        cleaner.number("task", str(_opened_or_nothing(heard).get("task_id") or ""))
    content, body, text = b"", None, ""
    pieces: list[tuple[float, int]] = []
    is_stream = asked.what == "message" and ("event-stream" in heard.kind or not heard.kind)
    session_number, render_number = cleaner.number("session", session), cleaner.number("render", asked.render)
    if is_stream:
        cleaned = cleaner.stream(heard.pieces)
        content = b"".join(piece for _, piece in cleaned)
        pieces = [(_s(at_s - heard.began_s), len(piece)) for at_s, piece in cleaned]
    else:
        body = cleaner.value(_json(heard))
        text = "" if body is not None else cleaner.text(heard.body[:_MOST_TEXT].decode("utf-8", "replace"))
    call = Call(
        what=asked.what,  # type: ignore[arg-type]  # the others are not heard
        session=session_number,
        render=render_number,
        said=cleaner.text(asked.said),
        files=[cleaner.text(name) for name in asked.files],
        output=cleaner.value(dict(asked.output)),
        answer=Answer(
            began_s=_s(heard.began_s - began_s),
            head_s=_s(heard.head_s - began_s),
            ended_s=_s(heard.ended_s - began_s),
            status=heard.status,
            kind=heard.kind,
            retry_after=heard.retry_after,
            body=body,
            text=text,
            stream=number if is_stream else None,
            pieces=pieces,
            end=heard.end,
        ),
    )
    return call, content


def _s(seconds: float) -> float:
    return max(0.0, round(seconds, 6))


def _json(heard: "Heard") -> Any:
    try:
        return json.loads(heard.body)
    except (ValueError, RecursionError):
        return None


def _opened(heard: "Heard") -> Mapping[str, Any]:
    return open_envelope(heard.status, heard.body, content_type=heard.kind, account=Account())


def _opened_or_nothing(heard: "Heard") -> Mapping[str, Any]:
    try:
        return _opened(heard)
    except NemoError:
        return {}
