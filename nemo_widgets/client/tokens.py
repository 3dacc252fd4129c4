"""Anonymous tokens, kept until they expire: there is one in seven days (``protocol/README.md``, call 1)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from filelock import AsyncFileLock

from nemo_widgets import settings
from nemo_widgets.client.network import untraced
from nemo_widgets.errors import NemoError, ProtocolError

_VALIDITY: Final = timedelta(days=7)
_RENEWED_BEFORE: Final = timedelta(minutes=1)
_LOCKED_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token, whose it is, and when it ends.

    Attributes
    ----------
    token : str
        Never part of a repr.
    user_id : str
        The anonymous user's; empty when the service did not say.
    expires_at : datetime
        Seven days on when the service did not say.
    """

    token: str = field(repr=False)
    user_id: str
    expires_at: datetime

    @classmethod
    def parse(cls, answer: Mapping[str, Any]) -> "KeptToken":
        """Read an answer of the service, or an entry of the file.

        Raises
        ------
        ProtocolError
            It holds no token.
        """
        token = answer.get("token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise ProtocolError("The service gave no token to work with. Try again later, or set NEMO_TOKEN.")
        return cls(
            token,
            str(answer.get("user_id") or ""),
            _read_moment(answer.get("expires_at")) or datetime.now(UTC) + _VALIDITY,
        )

    @property
    def has_time(self) -> bool:
        """Whether it can still be worked with."""
        return self.expires_at - _RENEWED_BEFORE > datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class TokenFile:
    """The kept tokens, by the origin that they belong to."""

    path: Path

    def lock(self) -> AsyncFileLock:
        """Return what keeps two kernels that start at once from asking twice: the second would get nothing."""
        settings.private_folder(self.path.parent)
        return AsyncFileLock(self.path.with_suffix(".lock"), timeout=_LOCKED_S)

    def read(self, origin: str) -> KeptToken | None:
        """Return an origin's token, if there is a whole one."""
        kept = self._all().get(origin)
        if not isinstance(kept, Mapping) or _read_moment(kept.get("expires_at")) is None:
            return None
        try:
            return KeptToken.parse(kept)
        except ProtocolError:
            return None

    def check(self) -> None:
        """Find out whether it can be written, before there is something to lose.

        Raises
        ------
        SetupError
            It cannot.
        """
        self._replace(self._all())

    def write(self, origin: str, token: KeptToken) -> None:
        """Keep an origin's token beside the others'."""
        self._replace({**self._all(), origin: {**asdict(token), "expires_at": token.expires_at.isoformat()}})

    def _all(self) -> dict[str, Any]:
        try:
            kept = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _replace(self, tokens: Mapping[str, Any]) -> None:
        try:
            settings.write_private(self.path, json.dumps(tokens))
        except NemoError as error:
            del tokens
            raise untraced(error)  # noqa: B904  what it was caused by is part of it


def _read_moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
