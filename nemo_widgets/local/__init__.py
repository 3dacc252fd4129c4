"""The local studio: a server that speaks the service's protocol and really renders, without a token, a GPU or a credit.

Examples
--------
>>> with LocalStudio() as studio:  # doctest: +SKIP
...     client = nemo_widgets.connect(studio.url, token=studio.token)
"""

import atexit
import secrets
import socket
import tempfile
import threading
from contextlib import ExitStack, suppress
from dataclasses import replace
from inspect import cleandoc
from pathlib import Path
from types import TracebackType
from typing import Self

from nemo_widgets.errors import PortTakenError, StudioUnavailableError
from nemo_widgets.local.engine import OWN_ENGINE
from nemo_widgets.local.faults.kinds import explained
from nemo_widgets.local.faults.plan import FaultPlan
from nemo_widgets.local.options import Dialect, EnvelopeForm, ErrorForm, Options, Speed
from nemo_widgets.local.ports import Engine
from nemo_widgets.local.server.serving import bind
from nemo_widgets.local.server.thread import ServingThread
from nemo_widgets.local.standing import Standing
from nemo_widgets.local.studio import Studio
from nemo_widgets.local.wire import Wire, tell_of_reset

__all__ = ["Engine", "LocalStudio", "Options", "Wire"]


class LocalStudio:
    """A local studio on a real loopback port, in a thread of this process: for lessons, tests and scripts.

    A context manager that listens while the block runs; in a notebook, where a block ends with its cell, `start` and
    `stop` do the same.

    Parameters
    ----------
    port : int
        0 lets the system choose; it stays the same when it is stopped and started again.
    state_dir : Path, optional
        Where sessions and files are kept; default a temporary folder that goes away at the end.
    speed, dialect, envelope, errors, credits
        The fields of `Options` of the same name that are most often wanted.
    faults : str, optional
        What goes wrong, such as ``"run_sse:cut@200; credits:429*2"``: see *Faults* below.
    token : str, optional
        The bearer token of its owner; default a new one.
    engine : Engine, optional
        What invents and draws; default the package's own.
    options : Options, optional
        Everything else about how it behaves.

    Attributes
    ----------
    url : str
        The origin it answers at; empty while it does not.
    token : str
        The bearer token of its owner.

    Raises
    ------
    InputError
        The fault plan is wrong.
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
        self._last_port = 0
        self._state_dir = state_dir
        self._engine = engine or OWN_ENGINE
        self._changing = threading.RLock()
        self._open: ExitStack | None = None
        self._studio: Studio | None = None
        self._serving: ServingThread | None = None
        self._listener: socket.socket | None = None
        self._folder = Path()
        self._wire: Wire | None = None

    def __repr__(self) -> str:
        return f"<LocalStudio at {self.url}>" if self.url else "<LocalStudio, not started>"

    def start(self) -> Self:
        """Begin to answer. One that answers already goes on as it is.

        One that was stopped comes back at its old address where nobody else has taken it. What it knew it still knows
        if it has a `state_dir`.

        Returns
        -------
        LocalStudio
            Itself.

        Raises
        ------
        PortTakenError
            The port is in use.
        StudioUnavailableError
            The folder is in use by another studio.
        """
        with self._changing:
            if self._open is None:
                with ExitStack() as opened:
                    self._listener = opened.enter_context(self._bound())
                    self._last_port = self._listener.getsockname()[1]
                    folder = self._state_dir or opened.enter_context(tempfile.TemporaryDirectory(prefix="nemo-studio-"))
                    self._folder = Path(folder)
                    opened.callback(self._end)
                    self._begin()
                    self._open = opened.pop_all()
                atexit.register(self.stop)
        return self

    def stop(self) -> None:
        """End everything that is under way, and stop answering. One that was stopped stays as it is."""
        with self._changing:
            opened, self._open = self._open, None
            if opened is not None:
                atexit.unregister(self.stop)
                opened.close()

    def reset(self) -> None:
        """Begin a new lesson: as `stop` and `start`, with nothing left of what was, at the same address and token.

        All accounts have their first credits again. Sessions, files and exports are gone, and so are the tokens that
        clients asked for; those ask for new ones. What goes wrong is what went wrong at first. The wire is empty.

        Raises
        ------
        StudioUnavailableError
            It is not running.
        """
        with self._changing:
            if self._running:
                self._end()
                if self._wire is not None:
                    self._wire.clear()
                self._begin(fresh=True)
                tell_of_reset(self.url)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def faults(self) -> FaultPlan:
        """What goes wrong now. May be set while it runs, to a plan's text too."""
        return self._running.faults

    @faults.setter
    def faults(self, plan: FaultPlan | str) -> None:
        self._running.faults = FaultPlan.parse(plan) if isinstance(plan, str) else plan

    @property
    def wire(self) -> Wire:
        """What goes over the wire, from the first look at it on: a table, and in a notebook a live view."""
        with self._changing:
            if self._wire is None:
                self._wire = Wire(self)
                if self._studio is not None:
                    self._studio.wire_log = self._wire.log
            return self._wire

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

    def standing(self) -> Standing:
        """Return how its accounts and exports stand now: credits, what is held of them, what is drawn and waits."""
        return self._running.standing()

    def expire_tokens(self) -> None:
        """Let every token that an anonymous client got expire now."""
        self._running.store.expire_tokens()

    def expire_links(self) -> None:
        """Let every link to an exported file expire now; whoever asks for the export again gets a new one."""
        self._running.store.expire_links()

    def _bound(self) -> socket.socket:
        if not self._port and self._last_port:
            with suppress(PortTakenError):
                return bind(self._last_port)
        return bind(self._port)

    def _begin(self, *, fresh: bool = False) -> None:
        assert self._listener is not None, "start comes first"
        # A copy, so that clients who come while it is reset wait in the queue of a port that stays open.
        listener = self._listener.dup()
        try:
            passing = self._state_dir is None
            self._studio = Studio(
                self._folder, self._engine, self.options, token=self.token, fresh=fresh, passing=passing
            )
        except BaseException:
            listener.close()
            raise
        self._studio.wire_log = self._wire.log if self._wire is not None else None
        self._serving = ServingThread(self._studio, listener)
        self._serving.start()
        self.url = self._studio.presence.origin

    def _end(self) -> None:
        serving, self._serving = self._serving, None
        self._studio, self.url = None, ""
        if serving is not None:
            serving.stop()

    @property
    def _running(self) -> Studio:
        if self._studio is None:
            raise StudioUnavailableError(
                "The local studio is not running: call its start(), or use it inside its `with` block."
            )
        return self._studio


if LocalStudio.__doc__:  # for help() and Shift+Tab
    LocalStudio.__doc__ = f"{cleandoc(LocalStudio.__doc__)}\n\nFaults\n------\n{explained()}\n"
