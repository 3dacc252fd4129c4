"""Jobs at a studio that lived inside a kernel, kept nothing and is gone: nobody can take them up any more."""

import socket
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from nemo_widgets.library import JobRecord
from nemo_widgets.library.owner import Owner
from nemo_widgets.protocol.address import PASSING

_HERE: Final = ("127.0.0.1", "localhost", "::1")
_PATIENCE_S: Final = 0.2
"""How long to wait for this machine itself, which answers or refuses at once."""


def without_the_gone(rows: Sequence[JobRecord]) -> list[JobRecord]:
    """Return jobs without those that are gone with their studio; each address is tried once.

    Parameters
    ----------
    rows : sequence of JobRecord
        Jobs that were left unfinished.
    """
    refuses = {service: _refuses(service) for service in {row.place.service for row in rows if _may_be_gone(row)}}
    return [row for row in rows if not (_may_be_gone(row) and refuses[row.place.service])]


def gone_with_its_studio(row: JobRecord) -> str:
    """Return what to say of a job that is gone with its studio; nothing of one that may still be there.

    Parameters
    ----------
    row : JobRecord
        A job that was left unfinished.
    """
    if without_the_gone([row]):
        return ""
    return (
        f"This {row.kind} was asked of a lesson's own studio at {row.place.service}, which has ended and kept nothing, "
        "so there is nothing to take up. It is not offered again."
    )


def _may_be_gone(row: JobRecord) -> bool:
    """Whether a job is at a studio of this machine that keeps nothing; its ids of sessions tell."""
    is_passing = row.place.backend == "local" and row.session_id.endswith(PASSING)
    return is_passing and row.owner.host == Owner.this().host and _address(row.place.service) is not None


def _address(service: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(service)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    return (host, port) if host in _HERE and port else None


def _refuses(service: str) -> bool:
    """Whether nobody listens at an address of this machine."""
    address = _address(service)
    try:
        socket.create_connection(address, timeout=_PATIENCE_S).close()  # type: ignore[arg-type]  # it has one
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False
