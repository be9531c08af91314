"""Bounds the connections: how many there are, how fast they come, and how long one may hold up the server.

Hypercorn takes every connection. A few thousand idle ones use up the file descriptors of the process, and then
nobody can connect and no file can be opened. A client that sends requests and never reads the answers stays for
good, because Hypercorn waits without a limit for what it has written to leave. A connection that its client closed
stays for 5 seconds. We know of no upstream issue.

One limit that Hypercorn has does work: the head of a request must arrive within ``keep_alive_timeout``, 5 seconds,
after the connection began or the request before it ended.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Any, Final, Protocol

from hypercorn.asyncio import run
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData

_STUCK_SECONDS: Final = 20.0
"""How long a client may read nothing of what was sent to it."""

_CLOSE_SECONDS: Final = 5.0
"""How long what was sent last may take to leave when a connection is closed."""

_MESSAGE: Final = b"Too many connections are open. Please try again in a moment."
_BODY: Final = b'{"error":{"code":"too_many_connections","message":"%b"}}' % _MESSAGE
_REFUSAL: Final = (
    b"HTTP/1.1 503 \r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b"Cache-Control: no-store\r\nRetry-After: 2\r\nConnection: close\r\n\r\n%b"
) % (len(_BODY), _BODY)


class Admission(Protocol):
    """Decides which connections are taken."""

    def open(self, address: str | None) -> bool:
        """Count one more connection from ``address``, None if it has none. Return whether it may stay."""

    def close(self, address: str | None) -> None:
        """Count one connection less, of those that could stay."""


class BoundedConfig(Config):
    """Hypercorn's configuration, with the limits of connections."""

    admission: Admission | None = None


class BoundedServer(TCPServer):
    """One connection that is refused at once if there are too many, and closed if its client does not read."""

    async def run(self) -> None:
        """Serve the connection."""
        admission = getattr(self.config, "admission", None)
        if admission is None:
            await super().run()
            return
        address = _read_address(self.writer)
        if not admission.open(address):
            with suppress(OSError, RuntimeError):
                self.writer.write(_REFUSAL)
                self.writer.close()
            return
        try:
            await super().run()
        finally:
            admission.close(address)

    async def protocol_send(self, event: Event) -> None:
        """Send what the protocol says."""
        if not isinstance(event, RawData):
            await super().protocol_send(event)
            return
        async with self.send_lock:
            try:
                self.writer.write(event.data)
                if (
                    self.writer.transport.get_write_buffer_size()
                ):  # seldom, and a timeout for each message costs time
                    async with asyncio.timeout(_STUCK_SECONDS):
                        await self.writer.drain()
                else:
                    await self.writer.drain()
            except TimeoutError:
                self.writer.transport.abort()
                await self.protocol.handle(Closed())
            except (ConnectionError, RuntimeError):
                await self.protocol.handle(Closed())

    async def _read_data(self) -> None:
        await super()._read_data()
        # The client has left. Hypercorn would keep the connection until its time without a request is over.
        await self.idle_task.stop()

    async def _close(self) -> None:
        closing = self._abort_later()
        try:
            await super()._close()
        finally:
            closing.cancel()

    async def _initiate_server_close(self) -> None:
        await super()._initiate_server_close()
        self._abort_later()

    def _abort_later(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(_CLOSE_SECONDS, self.writer.transport.abort)


def _read_address(writer: asyncio.StreamWriter) -> str | None:
    """Return the address of the peer, None if there is none, as for a Unix socket."""
    peer: Any = writer.get_extra_info("peername")
    connection: socket.socket | None = writer.get_extra_info("socket")
    if connection is None or connection.family not in (socket.AF_INET, socket.AF_INET6) or not peer:
        return None
    return str(peer[0])


def bound_connections() -> None:
    """Have Hypercorn, in this process, ask the ``admission`` of its configuration about each connection."""
    run.TCPServer = BoundedServer  # type: ignore[attr-defined]
