"""The local studio: a server that speaks the service's protocol and really renders, without a token, a GPU or a credit.

Examples
--------
>>> with LocalStudio() as studio:  # doctest: +SKIP
...     client = nemo_widgets.connect(studio.url)
"""

import asyncio
import secrets
import socket
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import uvicorn

from nemo_widgets.errors import StudioUnavailableError
from nemo_widgets.local.engine import OWN_ENGINE
from nemo_widgets.local.faults.plan import FaultPlan
from nemo_widgets.local.options import Dialect, EnvelopeForm, ErrorForm, Options, Speed
from nemo_widgets.local.ports import Engine
from nemo_widgets.local.server.serving import bind, serve
from nemo_widgets.local.studio import Studio

__all__ = ["Engine", "LocalStudio", "Options"]


class LocalStudio:
    """A local studio on a real loopback port, in a thread of this process, for tests and scripts.

    A context manager; it listens while the block runs. A script that uses it needs the usual
    ``if __name__ == "__main__":``, because pictures are drawn by processes that import the script again.

    Parameters
    ----------
    port : int
        0 lets the system choose.
    state_dir : Path, optional
        Where sessions and files are kept; default a temporary folder that goes away at the end.
    speed, dialect, envelope, errors, credits
        The fields of `Options` of the same name that are most often wanted.
    faults : str, optional
        What goes wrong, such as ``"run_sse:cut@200; credits:429*2"``; `nemo_widgets.local.faults.plan` has all of it.
    token : str, optional
        The bearer token of its owner; default a new one.
    engine : Engine, optional
        What invents and draws; default the package's own.
    options : Options, optional
        Everything else about how it behaves.

    Attributes
    ----------
    url : str
        The origin it answers at, inside the block.
    token : str
        The bearer token of its owner.

    Raises
    ------
    InputError
        The fault plan is wrong.
    PortTakenError
        The port is in use.
    StudioUnavailableError
        The folder is in use by another studio.
    """

    def __init__(
        self,
        port: int = 0,
        state_dir: Path | str | None = None,
        *,
        speed: Speed | None = None,
        dialect: Dialect | None = None,
        envelope: EnvelopeForm | None = None,
        errors: ErrorForm | None = None,
        credits: int | None = None,
        faults: str = "",
        token: str | None = None,
        engine: Engine | None = None,
        options: Options | None = None,
    ) -> None:
        base = options or Options()
        self.options = replace(
            base,
            speed=speed or base.speed,
            dialect=dialect or base.dialect,
            envelope=envelope or base.envelope,
            errors=errors or base.errors,
            credits=base.credits if credits is None else credits,
            faults=faults or base.faults,
        )
        FaultPlan.parse(self.options.faults)
        self.token = token or f"nmv_usr_{secrets.token_urlsafe(32)}"
        self.url = ""
        self._port = port
        self._state_dir = state_dir
        self._engine = engine
        self._open = ExitStack()
        self._studio: Studio | None = None

    def __enter__(self) -> "LocalStudio":
        with ExitStack() as opened:
            listener = opened.enter_context(bind(self._port))
            folder = self._state_dir or opened.enter_context(tempfile.TemporaryDirectory(prefix="nemo-studio-"))
            self._studio = Studio(Path(folder), self._engine or OWN_ENGINE, self.options, token=self.token)
            serving = _Serving(self._studio, listener)
            opened.callback(serving.stop)
            serving.start()
            self.url = self._studio.presence.origin
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def faults(self) -> FaultPlan:
        """What goes wrong now. May be set inside the block, to a plan's text too."""
        return self._running.faults

    @faults.setter
    def faults(self, plan: FaultPlan | str) -> None:
        self._running.faults = FaultPlan.parse(plan) if isinstance(plan, str) else plan

    def accepted(self, session_id: str | None = None) -> int:
        """Return how many messages the agent of a session, or of all, took on.

        Raises
        ------
        KeyError
            There is no such session.
        """
        if session_id is None:
            return self._running.store.count_accepted()
        session = self._running.store.session(session_id)
        if session is None:
            raise KeyError(session_id)
        return session.accepted

    def expire_tokens(self) -> None:
        """Let every token that an anonymous client got expire now."""
        self._running.store.expire_tokens()

    @property
    def _running(self) -> Studio:
        if self._studio is None:
            raise StudioUnavailableError("The local studio is not running: use it inside its `with` block.")
        return self._studio


class _Serving:
    """The thread that serves."""

    def __init__(self, studio: Studio, listener: socket.socket) -> None:
        self._thread = threading.Thread(target=self._run, name="nemo-local-studio", daemon=True)
        self._started = threading.Event()
        self._server: uvicorn.Server | None = None
        self._problem: BaseException | None = None
        self._studio = studio
        self._listener = listener

    def start(self) -> None:
        self._thread.start()
        self._started.wait()
        if self._problem:
            raise StudioUnavailableError(f"The local studio could not start: {self._problem}.") from self._problem

    def stop(self) -> None:
        if self._server:
            self._server.should_exit = True
        self._thread.join()

    def _run(self) -> None:
        try:
            # Not asyncio.run: a notebook may have nest_asyncio's in its place.
            with asyncio.Runner() as runner:
                runner.run(serve(self._studio, self._listener, started=self._now_serves))
        except Exception as problem:
            self._problem = problem
        finally:
            self._started.set()

    def _now_serves(self, server: uvicorn.Server) -> None:
        self._server = server
        self._started.set()
