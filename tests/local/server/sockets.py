"""Connections without a client: bytes as an attacker sends them."""

import contextlib
import socket

from nemo_widgets.local import LocalStudio
from nemo_widgets.protocol.address import StudioAddress


def raw(studio: LocalStudio | StudioAddress, timeout_s: float = 10) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port_of(studio)), timeout=timeout_s)


def port_of(studio: LocalStudio | StudioAddress) -> int:
    return int(studio.url.rpartition(":")[2])


def head(studio: LocalStudio | StudioAddress, request: str, *lines: str, token: bool = True) -> bytes:
    shown = [f"Authorization: Bearer {studio.token}"] if token else []
    return "\r\n".join([request, f"Host: 127.0.0.1:{port_of(studio)}", *shown, *lines, "", ""]).encode()


def answer_of(connection: socket.socket) -> bytes:
    """Return all that comes until the other side is done, or goes."""
    seen = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            seen += piece
    return seen


def answer_of_head(connection: socket.socket) -> bytes:
    with contextlib.suppress(ConnectionResetError):
        if piece := connection.recv(65536):
            return piece.split()[1]
    return b""
