"""What may be written on a cassette: words, timelines and media, and nobody's secrets.

Tokens, claim tokens, user ids and whatever else was learnt to be somebody's are blotted out wherever they turn up; ids
of sessions become numbers; addresses of media, whose queries and paths hold keys and signatures, become addresses
that only this cassette knows.
"""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from nemo_widgets.library.scrub import scrubbed, scrubbed_text

HIDDEN: Final = "***"

Piece = tuple[float, bytes]

_DEEPEST: Final = 60
_LARGEST: Final = 2**63 - 1
_SHORTEST_SECRET: Final = 6
_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_ADDRESS_IN_TEXT: Final = re.compile(r"https?://[^\s\"'<>()\\]+", re.IGNORECASE)
_ADDRESS_KEYS: Final = re.compile(r"ur[li]s?$|src|href|link|poster|thumb|cover|avatar", re.IGNORECASE)
_PERSONAL_KEYS: Final = re.compile(
    r"^(?:.*_)?(?:user_?(?:id|name)?|client_?id|owner(?:_?id)?|account_?id|member_?id|e?mail|phone)$", re.IGNORECASE
)
_MEDIA_SUFFIXES: Final = frozenset(
    {".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v", ".jpg", ".jpeg", ".png", ".gif", ".webp"}
    | {".mp3", ".wav", ".m4a", ".aac", ".json", ".srt"}
)
_PLAIN_NAME: Final = re.compile(r"[a-z]+(?:[_-][a-z]+)*(?:[_-]?\d{1,4})?", re.IGNORECASE)
_LONGEST_NAME: Final = 32
_BLANK_LINE: Final = re.compile(rb"(?:\r\n|\n|\r(?!\n)){2,}")
_LINE_END: Final = re.compile(r"(\r\n|\n|\r)")


class Cleaner:
    """Cleans what one recording holds, the same thing in the same way every time.

    Parameters
    ----------
    tape_id : str
        Of the cassette.
    origin : str
        Of the API: an address without one belongs to it.
    """

    def __init__(self, tape_id: str, origin: str) -> None:
        self._tape_id = tape_id
        self._origin = origin
        self._secrets: dict[str, str] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._addresses: dict[str, dict[str, str]] = {}

    def learn(self, secrets: Iterable[str]) -> None:
        """Remember secrets, to blot them out wherever they turn up."""
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                self._secrets[secret] = HIDDEN

    def number(self, kind: str, id: str) -> int:
        """Return which session or render an id is of, counted from 1; the id itself is not kept. 0 is for none."""
        if not id:
            return 0
        count = sum(known == kind for known, _ in self._numbers)
        number = self._numbers.setdefault((kind, id), count + 1)
        if len(id) >= _SHORTEST_SECRET:
            self._secrets.setdefault(id, f"{kind}-{number}")
        return number

    def address(self, url: str) -> str:
        """Return the address that stands for a URL of the service's on this cassette."""
        whole = self._origin + url if url.startswith("/") else url
        try:
            parts = urlsplit(whole)
        except ValueError:
            return HIDDEN
        if (parts.hostname or "").endswith(".cassette.invalid"):
            return whole
        # A signature is another one each time, and the file the same; but ?id=1 and ?id=2 are two files.
        takes = self._addresses.setdefault(f"{parts.netloc.rpartition('@')[2]}{parts.path}", {})
        if parts.query not in takes:
            place = list(self._addresses).index(f"{parts.netloc.rpartition('@')[2]}{parts.path}") + 1
            take = f".{len(takes) + 1}" if takes else ""
            takes[parts.query] = f"https://{self._tape_id}.cassette.invalid/{place}{take}/{_name(parts.path)}"
        return takes[parts.query]

    def text(self, text: str) -> str:
        """Return what a person or the agent said, as it may be kept."""
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half a character is no UTF-8
        return self._blotted(scrubbed_text(_ADDRESS_IN_TEXT.sub(self._known, whole)))

    def value(self, value: Any) -> Any:
        """Return decoded JSON as it may be kept; what is nested deeper than 60 levels is left out."""
        return scrubbed(self._value(value, "", _DEEPEST))

    def stream(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Return the bytes of an event stream as they may be kept, an event at a time, each when it was whole.

        Events that hold nothing to hide stay as they are, byte by byte. A secret may be cut in two by the network: so
        an event is looked at as a whole, and comes when its last byte came.
        """
        data = b"".join(piece for _, piece in pieces)
        cleaned: list[Piece] = []
        arrived = iter(pieces)
        at_s, have = 0.0, 0
        for begin, end in _blocks(data):
            while have < end:
                at_s, piece = next(arrived)
                have += len(piece)
            block = self._block(data[begin:end])
            if cleaned and cleaned[-1][0] == at_s:
                block = cleaned.pop()[1] + block
            cleaned.append((at_s, block))
        return cleaned

    def _block(self, block: bytes) -> bytes:
        text = block.decode("utf-8", "replace")  # as whoever reads the stream decodes it
        lines = _LINE_END.split(text)
        found = "\n".join(line[5:].removeprefix(" ") for line in lines if line.startswith("data:"))
        try:
            said = json.loads(found)
        except (ValueError, RecursionError):
            return "".join(map(self._line, lines)).encode()
        kept = self.value(said)
        hidden = kept != said
        rewritten: list[str] = []
        for line in lines:
            if not line.startswith("data:"):
                rewritten.append(self._line(line))
            elif not hidden:
                rewritten.append(line)
            elif not any(other.startswith("data:") for other in rewritten):
                rewritten.append(f"data: {json.dumps(kept, ensure_ascii=False)}")
            elif rewritten[-1] in ("\n", "\r", "\r\n"):
                rewritten.pop()
        return "".join(rewritten).encode("utf-8", "replace")

    def _line(self, line: str) -> str:
        return line if line in ("", "\n", "\r", "\r\n") else self.text(line)

    def _value(self, value: Any, key: str, levels: int) -> Any:
        if isinstance(value, str):
            if value and _PERSONAL_KEYS.match(key):
                self.learn([value])
                return HIDDEN
            return self.address(value) if _is_address(value, key) else self.text(value)
        if levels == 0:
            return None
        if isinstance(value, dict):
            return {self.text(str(name)): self._value(item, str(name), levels - 1) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(item, key, levels - 1) for item in value]
        return None if isinstance(value, int) and abs(value) > _LARGEST else value

    def _known(self, found: "re.Match[str]") -> str:
        parts = urlsplit(found[0]) if "[" not in found[0] else None
        is_known = parts is not None and f"{parts.netloc.rpartition('@')[2]}{parts.path}" in self._addresses
        return self.address(found[0]) if is_known else found[0]

    def _blotted(self, text: str) -> str:
        for secret, instead in self._secrets.items():
            if secret in text:
                text = text.replace(secret, instead)
        return text


def _is_address(value: str, key: str) -> bool:
    if not (_ADDRESS.fullmatch(value) or (value.startswith("/") and _ADDRESS_KEYS.search(key))):
        return False
    suffix = PurePosixPath(value.partition("?")[0]).suffix.lower()
    return suffix in _MEDIA_SUFFIXES or _ADDRESS_KEYS.search(key) is not None


def _name(path: str) -> str:
    file = PurePosixPath(unquote(path))
    suffix = file.suffix.lower() if file.suffix.lower() in _MEDIA_SUFFIXES else ""
    # A name that is not made of words may be the very key that opens the file.
    is_plain = len(file.stem) <= _LONGEST_NAME and _PLAIN_NAME.fullmatch(file.stem)
    return f"{file.stem if is_plain and suffix else 'file'}{suffix}"


def _blocks(data: bytes) -> Iterable[tuple[int, int]]:
    begin = 0
    for found in _BLANK_LINE.finditer(data):
        yield begin, found.end()
        begin = found.end()
    if begin < len(data):
        yield begin, len(data)
