"""The sockets that the server listens on."""

from __future__ import annotations

import socket
import sys
from typing import Final

from game.settings import show_value

BACKLOG: Final = 1024
"""How many connections may wait to be accepted, for each listener."""

_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104


class CannotListen(Exception):
    """The server cannot listen on the address. The message says why."""


def open_listener(host: str, port: int) -> socket.socket:
    """Listen on an address.

    Raises:
        CannotListen: if the address is in use, or not an address of this machine.
    """
    return _open(host, port, is_shared=False)


def open_shared_listeners(host: str, port: int, number: int) -> list[socket.socket]:
    """Open several listeners on one address (SO_REUSEPORT). The kernel gives each a share of the new connections.

    Raises:
        CannotListen: if another server uses the address, or it is not an address of this machine.
    """
    if port:
        # A shared listener joins those of another server of the same user without an error. This one does not.
        _open(host, port, is_shared=False).close()
    first = _open(host, port, is_shared=True)
    listeners = [first]
    try:
        while len(listeners) < number:
            listeners.append(_open(host, first.getsockname()[1], is_shared=True))
    except CannotListen:
        for listener in listeners:
            listener.close()
        raise
    return listeners


def format_address(host: str, listener: socket.socket) -> str:
    """Return the address where a browser on this machine finds ``listener``, which listens on ``host``."""
    port = listener.getsockname()[1]
    if host in _EVERYWHERE:
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def announce(address: str) -> None:
    """Print where the server is, for the person who started it."""
    sys.stdout.write(f"Inkrush is ready at {address}\n")
    sys.stdout.flush()


def _open(host: str, port: int, *, is_shared: bool) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if is_shared:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "that is not an address"
        raise CannotListen(f"Cannot listen on {show_value(host)} port {port}: {reason}.") from error
    return listener
