"""The local studio as a process of its own: found through its address file, ending by itself when nobody needs it."""

import asyncio
import os
import secrets
import signal
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psutil

import nemo_widgets
from nemo_widgets.local.engine import OWN_ENGINE
from nemo_widgets.local.options import Options
from nemo_widgets.local.server.leaving import Server
from nemo_widgets.local.server.serving import bind, serve
from nemo_widgets.local.state.store import owner_only
from nemo_widgets.local.studio import Studio
from nemo_widgets.protocol.address import StudioAddress, parse_address

_LOOK_EVERY_S = 1.0
_PREDECESSOR_S = 15.0


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a studio process stays.

    Attributes
    ----------
    idle_s : float
        Seconds after its last request and job; 0 is for ever.
    address_file : Path or None
        Where it says how to reach it. When the file goes, or tells of another, it ends as soon as it has nothing to do.
    """

    idle_s: float
    address_file: Path | None

    def is_over(self, studio: Studio, own: StudioAddress) -> bool:
        """Return whether a studio has nothing more to stay for."""
        if self.address_file and studio.idle_s > 0 and _read(self.address_file) != own:
            return True
        return 0 < self.idle_s <= studio.idle_s


def run(state_dir: Path, options: Options, lifetime: Lifetime, *, port: int = 0) -> None:
    """Serve until the lifetime is over, or SIGTERM or SIGINT comes.

    Parameters
    ----------
    state_dir : Path
        Where sessions and files are kept; the previous process may still be leaving it.
    options : Options
        How the studio behaves.
    lifetime : Lifetime
        How long it stays, and where it says how to reach it.
    port : int
        0 lets the system choose.

    Raises
    ------
    PortTakenError
        The port is in use.
    StudioUnavailableError
        The folder is in use by another studio.
    """
    # uvicorn stops gracefully at a SIGTERM, then raises it again: as an exception it lets everything be put away.
    signal.signal(signal.SIGTERM, _leave)
    with bind(port) as listener:
        token = f"nmv_usr_{secrets.token_urlsafe(32)}"
        studio = Studio(state_dir, OWN_ENGINE, options, token=token, patience_s=_PREDECESSOR_S)
        address = StudioAddress(
            url=f"http://127.0.0.1:{listener.getsockname()[1]}",
            token=token,
            pid=os.getpid(),
            started_at=psutil.Process().create_time(),
            version=nemo_widgets.__version__,
        )

        def withdraw() -> None:
            if lifetime.address_file and _read(lifetime.address_file) == address:
                lifetime.address_file.unlink(missing_ok=True)

        async def watch(server: Server) -> None:
            while True:
                await asyncio.sleep(_LOOK_EVERY_S)
                if lifetime.is_over(studio, address):
                    break
            # First unfindable, then gone: who looks for a studio now starts the next.
            withdraw()
            server.leave()

        def tell(server: Server) -> None:
            if lifetime.address_file:
                _write(lifetime.address_file, address)

        try:
            with asyncio.Runner() as runner:
                runner.run(serve(studio, listener, started=tell, beside=watch))
        finally:
            withdraw()


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def _read(file: Path) -> StudioAddress | None:
    try:
        return parse_address(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _write(file: Path, address: StudioAddress) -> None:
    draft = file.with_name(f".{file.name}.{address.pid}")
    draft.unlink(missing_ok=True)
    with open(draft, "x", encoding="utf-8", opener=owner_only) as out:
        out.write(address.dump())
    draft.replace(file)
