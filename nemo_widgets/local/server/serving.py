"""Serves a studio with uvicorn on a loopback socket that is bound before anything else happens."""

import asyncio
import errno
import socket
import sys
from collections.abc import Callable, Coroutine

import uvicorn

from nemo_widgets.errors import PortTakenError, SetupError
from nemo_widgets.local.server.app import create_app
from nemo_widgets.local.server.connections import connection_class, most_connections
from nemo_widgets.local.server.leaving import Server
from nemo_widgets.local.studio import Studio
from nemo_widgets.protocol.address import STUDIO_SERVER

_HOST = "127.0.0.1"
_BACKLOG = 256
"""Also the most that are let in at a time, before one of too many can be let go."""
_GOODBYE_S = 1
_KEEP_ALIVE_S = 75
"""Long, because a message that meets a closing connection is lost: a client may not send it again."""


def bind(port: int) -> socket.socket:
    """Return a listening loopback socket; connections wait in it until the studio serves.

    Parameters
    ----------
    port : int
        0 lets the system choose.

    Raises
    ------
    PortTakenError
        Something else listens there.
    SetupError
        The system does not give this port to this user.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        # Lets a studio come back to a port whose old connections still linger. On Windows it would let two share one.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError) as problem:
        listener.close()
        if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE:
            raise PortTakenError(
                f"Port {port} is in use by another program. Choose another port, or 0 to let the system choose."
            ) from problem
        raise SetupError(f"The local studio cannot listen on port {port}: {problem}.") from problem
    return listener


async def serve(
    studio: Studio,
    listener: socket.socket,
    *,
    started: Callable[[Server], None],
    beside: Callable[[Server], Coroutine[None, None, None]] | None = None,
) -> None:
    """Serve until the server is told to exit.

    Parameters
    ----------
    studio : Studio
        What to serve; entered and left here.
    listener : socket.socket
        From `bind`; closed at the end.
    started : callable
        Called with the server once requests are answered; its `leave` ends it.
    beside : callable, optional
        A coroutine function that runs while the server does.
    """
    with listener:
        studio.presence.port = listener.getsockname()[1]
        async with studio:
            config = uvicorn.Config(
                create_app(studio),
                http=connection_class(most_connections(), studio.options.head_timeout_s),
                backlog=_BACKLOG,
                lifespan="off",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                headers=[("Server", STUDIO_SERVER)],
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_S,
                timeout_graceful_shutdown=_GOODBYE_S,
            )
            server = Server(config)
            started(server)
            companion = asyncio.create_task(beside(server)) if beside else None
            try:
                await server.serve(sockets=[listener])
            finally:
                if companion:
                    companion.cancel()
