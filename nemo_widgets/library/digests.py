"""When two requests are the same one, and when two timelines are.

A request is the same when all of this is: the service; the language asked for; every message and every uploaded file of
the session so far, in order, files by their name and content; the timeline that the message meets; and the message's
text, to the letter. So the first message of a new session is the same as any other first message with the same words.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from nemo_widgets.library.records import UploadedFile
from nemo_widgets.library.scrub import scrubbed

_FORM: Final = "1"
"""Part of every digest: another one, once the rule above changes."""


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier message of a session."""

    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """An earlier upload of a session."""

    files: tuple[UploadedFile, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that was begun elsewhere: what was said in it before is not known, so it is like no other session."""

    session_id: str


Step = Said | Given | Begun


def request_digest(
    service: str, language: str | None, steps: Sequence[Step], draft: Mapping[str, Any], text: str
) -> str:
    """Return what is equal for identical requests, and for no others.

    Parameters
    ----------
    service : str
        As in `Place`.
    language : str or None
        That was asked for; None leaves it to the first prompt, which is part of the digest anyway.
    steps : sequence of Step
        What happened in the session so far, in order.
    draft : Mapping
        The timeline that the message meets; signatures of URLs in it do not count.
    text : str
        The message.
    """
    return _digest(["request", _FORM, service, language, [_told(step) for step in steps], scrubbed(draft), text])


def draft_digest(draft: Mapping[str, Any]) -> str:
    """Return what is equal for equal timelines; signatures of URLs in them do not count."""
    return _digest(["draft", _FORM, scrubbed(draft)])


def file_digest(content: IO[bytes]) -> str:
    """Return the SHA-256 of an open file, which is read from its beginning and left there."""
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]  # any binary file will do
    content.seek(0)
    return digest


def bytes_digest(content: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as content:
        return file_digest(content)


def url_digest(url: str) -> str:
    """Return what stands for the content of a URL, which nobody has read here."""
    return _digest(["url", url])


def _told(step: Step) -> list[object]:
    match step:
        case Said(text):
            return ["said", text]
        case Given(files):
            return ["given", [[file.name, file.digest] for file in files]]
        case Begun(session_id):
            return ["begun", session_id]


def _digest(value: object) -> str:
    # Escaped, so that half characters, which are no UTF-8, have a digest too.
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
