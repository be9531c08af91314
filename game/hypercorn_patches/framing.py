"""Bounds the memory of an unfinished WebSocket message.

Hypercorn closes the connection when a message is over its limit. But a client that ignores the close may go on
with the same message, and Hypercorn still stores every piece of it: 100 MB of one message took 100 MB of memory.
We know of no upstream issue.
"""

from __future__ import annotations

from typing import Any

from hypercorn.protocol import ws_stream
from wsproto.events import Message


class _BoundedBuffer(ws_stream.WebsocketBuffer):
    """A buffer that drops a message that is too large, and everything after it."""

    def __init__(self, max_length: int) -> None:
        super().__init__(max_length)
        self._is_spent = False

    def extend(self, event: Message[Any]) -> None:
        """Add a piece of a message.

        Raises:
            FrameTooLargeError: if this piece makes the message too large. Later pieces raise nothing, because
                Hypercorn stops reading what has arrived at each error, and pieces would pile up.
        """
        if self._is_spent:
            return
        try:
            super().extend(event)
        except ws_stream.FrameTooLargeError:
            self._is_spent = True
            self.clear()
            raise


def bound_messages() -> None:
    """Have Hypercorn, in this process, drop WebSocket messages over its limit."""
    ws_stream.WebsocketBuffer = _BoundedBuffer  # type: ignore[misc]
