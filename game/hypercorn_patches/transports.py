"""Gives the application the connection itself, so that it can read and write WebSocket frames without Hypercorn.

Hypercorn passes each message through four objects, two queues and a task, and Quart through another task and
queue. On the play socket, where messages are small and many, that costs more than all we do with them. After
the handshake `game.play.frames` takes over, as far as a connection is ordinary. We know of no upstream issue.
"""

from __future__ import annotations

from typing import Any, Final

from hypercorn.asyncio import run

from game.hypercorn_patches.connections import BoundedServer

CONNECTION: Final = "inkrush.connection"
"""The key, in the ``state`` of an ASGI scope, of the connection: its `asyncio.StreamReader` and `StreamWriter`."""


class OpenServer(BoundedServer):
    """A connection that the application can reach."""

    def __init__(
        self, app: Any, loop: Any, config: Any, context: Any, state: Any, reader: Any, writer: Any
    ) -> None:
        super().__init__(app, loop, config, context, {**state, CONNECTION: (reader, writer)}, reader, writer)


def expose_connections() -> None:
    """Have Hypercorn, in this process, put each connection into the scopes of its requests.

    Call it after `bound_connections`.
    """
    run.TCPServer = OpenServer  # type: ignore[attr-defined]
