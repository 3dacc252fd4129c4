"""A client of a cassette: everything works as with a live service, and nothing is sent, spent or written down."""

import os
from datetime import datetime
from pathlib import Path
from typing import Final

from nemo_widgets.client.auth import Access
from nemo_widgets.client.cassette.network import CassetteNetwork
from nemo_widgets.client.client import Client
from nemo_widgets.client.clock import Clock, FasterClock, SystemClock
from nemo_widgets.client.keeper import Keeper
from nemo_widgets.errors import AuthError, ConnectionFailedError, InputError
from nemo_widgets.library.cassette import Cassette
from nemo_widgets.protocol.account import Account

_SPEEDS: Final = (0.05, 10_000.0)
_WHO: Final = {
    "cloud": "in the NemoVideo cloud",
    "local": "with the local studio: drawn by a program, not by the AI",
    "custom": "with a server of somebody's own",
}


def replay(path: str | os.PathLike[str], speed: float, clock: Clock | None) -> Client:
    """Return a client of a cassette, and say so.

    Raises
    ------
    CassetteError
        It cannot be read.
    InputError
        There is no such speed.
    """
    slowest, fastest = _SPEEDS
    if not (isinstance(speed, int | float) and slowest <= speed <= fastest):
        raise InputError(f"speed={speed!r} is none: 1 is as it was recorded, 10 is ten times as fast.")
    cassette = Cassette(Path(path).expanduser().absolute())
    time = FasterClock(clock or SystemClock(), speed)
    network = CassetteNetwork(cassette, time)
    print(_notice(cassette))  # noqa: T201  what looks like an answer is none of now
    return Client(
        cassette.tape.backend,
        _NoToken(Account(token_source="the local studio") if cassette.tape.backend == "local" else Account()),
        clock=time,
        network=network,
        keeper=Keeper(None),
        replays=cassette.path.name,
        prompts=network.prompts,
    )


class _NoToken:
    def __init__(self, account: Account) -> None:
        self._access = Access("", "", account)

    async def get(self) -> Access:
        return self._access

    async def renewed(self, refused: Access, error: AuthError) -> Access:
        raise error

    async def moved(self, unreachable: Access, error: ConnectionFailedError) -> Access:
        raise error


def _notice(cassette: Cassette) -> str:
    tape = cassette.tape
    try:
        moment = datetime.fromisoformat(tape.recorded_at).astimezone()
        when = f" on {moment.day} {moment:%B %Y}"
    except (ValueError, OverflowError):
        when = ""
    return f"Replaying {cassette.path.name}, recorded{when} {_WHO[tape.backend]}. Nothing is sent, and nothing costs."
