"""Closes the connection of a WebSocket handshake that Hypercorn refuses by itself.

Hypercorn answers 400 to a handshake that is not valid, or that is followed by data before it is accepted. It says
``Connection: close``, but leaves the connection open as long as the client does. If the application has the
handshake already, it never hears that the client is gone. We know of no upstream issue.
"""

from __future__ import annotations

from hypercorn.protocol import h11
from hypercorn.protocol.events import Event, StreamClosed
from hypercorn.protocol.ws_stream import WSStream
from wsproto.frame_protocol import CloseReason


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


def close_refused_handshakes() -> None:
    """Have Hypercorn, in this process, close the connection of every handshake that it refuses."""
    h11.WSStream = _ClosingStream  # type: ignore[attr-defined]
