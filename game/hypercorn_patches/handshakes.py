"""Refuses a WebSocket handshake that is not valid, says why, and closes its connection.

Hypercorn answers 400 to a handshake that is not valid, or that is followed by data before it is accepted. It says
``Connection: close``, but leaves the connection open as long as the client does. If the application has the
handshake already, it never hears that the client is gone. It takes any key, and a header that is not ASCII breaks
the connection without an answer. We know of no upstream issue.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable
from typing import Final

from hypercorn.protocol import h11, ws_stream
from hypercorn.protocol.events import Body, EndBody, Event, Response, StreamClosed
from hypercorn.protocol.ws_stream import WSStream
from wsproto.connection import Connection
from wsproto.frame_protocol import CloseReason
from wsproto.handshake import WEBSOCKET_VERSION

from game.hypercorn_patches.frames import BoundedConnection
from game.hypercorn_patches.heads import make_refusal

_KEY_BYTES: Final = 16  # RFC 6455, section 4.2.1


class StrictHandshake(ws_stream.Handshake):
    """A handshake whose key is checked, and that ignores headers that are not ASCII."""

    def __init__(self, headers: list[tuple[bytes, bytes]], http_version: str) -> None:
        super().__init__([(name, value) for name, value in headers if value.isascii()], http_version)

    def is_valid(self) -> bool:
        """Return whether this is a handshake of RFC 6455."""
        return super().is_valid() and self._has_key()

    def accept(
        self, subprotocol: str | None, additional_headers: Iterable[tuple[bytes, bytes]]
    ) -> tuple[int, list[tuple[bytes, bytes]], Connection]:
        """Return the status and the headers that accept the handshake, and the connection."""
        status, headers, _ = super().accept(subprotocol, additional_headers)
        return status, headers, BoundedConnection()

    def _has_key(self) -> bool:
        if self.http_version != "1.1":
            return True
        try:
            return len(binascii.a2b_base64(self.key or b"", strict_mode=True)) == _KEY_BYTES
        except binascii.Error:
            return False


class _ClosingStream(WSStream):
    """A WebSocket that ends its connection when Hypercorn has refused the handshake."""

    async def handle(self, event: Event) -> None:
        """Take the next event of the connection."""
        was_closed = self.closed
        await super().handle(event)
        if self.closed and not was_closed and not isinstance(event, StreamClosed):
            if self.app_put is not None:
                await self.app_put({"type": "websocket.disconnect", "code": CloseReason.ABNORMAL_CLOSURE.value})
            await self.send(StreamClosed(stream_id=self.stream_id))

    async def _send_error_response(self, status_code: int) -> None:
        if status_code == 400 and self.handshake.version not in (None, WEBSOCKET_VERSION):
            status_code = 426
        body, headers = make_refusal(status_code)
        await self.send(Response(stream_id=self.stream_id, status_code=status_code, headers=headers))
        await self.send(Body(stream_id=self.stream_id, data=body))
        await self.send(EndBody(stream_id=self.stream_id))


def close_refused_handshakes() -> None:
    """Have Hypercorn, in this process, refuse handshakes that are not valid and close their connections."""
    h11.WSStream = _ClosingStream  # type: ignore[attr-defined]
