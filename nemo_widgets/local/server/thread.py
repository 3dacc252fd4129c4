"""A studio that serves in a thread of this process."""

import asyncio
import socket
import threading

from nemo_widgets.errors import StudioUnavailableError
from nemo_widgets.local.server.leaving import Server
from nemo_widgets.local.server.serving import serve
from nemo_widgets.local.studio import Studio


class ServingThread:
    """Serves from `start` to `stop`.

    Parameters
    ----------
    studio : Studio
        What to serve.
    listener : socket.socket
        From `bind`; closed at the end.
    """

    def __init__(self, studio: Studio, listener: socket.socket) -> None:
        self._thread = threading.Thread(target=self._run, name="nemo-local-studio", daemon=True)
        self._started = threading.Event()
        self._server: Server | None = None
        self._problem: BaseException | None = None
        self._studio = studio
        self._listener = listener

    def start(self) -> None:
        """Return when requests are answered.

        Raises
        ------
        StudioUnavailableError
            It could not start.
        """
        self._thread.start()
        self._started.wait()
        if self._problem:
            raise StudioUnavailableError(f"The local studio could not start: {self._problem}.") from self._problem

    def stop(self) -> None:
        """End everything that is under way; returns when the port is closed and the folder is free."""
        if self._server:
            self._server.leave()
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

    def _now_serves(self, server: Server) -> None:
        self._server = server
        self._started.set()
