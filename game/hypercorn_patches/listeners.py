"""Lets a running server accept connections from one more listener.

Hypercorn opens its listeners when it starts, and only then. A worker that stands in for another one that died gets
that one's listener later. We know of no upstream issue: Hypercorn's own workers share one listener.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from hypercorn.asyncio import run

from game.listening import BACKLOG


class _RecordingAsyncio:
    """The module asyncio, as Hypercorn sees it. It remembers what Hypercorn serves connections with."""

    serve_connection: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def start_server(self, serve_connection: Any, **options: Any) -> asyncio.Server:
        self.serve_connection = serve_connection
        return await asyncio.start_server(serve_connection, **options)


_recording = _RecordingAsyncio()


def record_server() -> None:
    """Have Hypercorn, in this process, be able to `serve_too`."""
    run.asyncio = _recording  # type: ignore[attr-defined, assignment]


async def serve_too(listener: socket.socket) -> asyncio.Server:
    """Serve connections from ``listener`` as well, as the running Hypercorn does, until the result is closed."""
    return await asyncio.start_server(_recording.serve_connection, sock=listener, backlog=BACKLOG)
