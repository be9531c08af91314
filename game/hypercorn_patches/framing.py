"""Bounds what an unfinished websocket message may hold in memory.

Hypercorn answers a message over its limit with a close, but a peer that takes no notice may go on with the same
message, and every further piece of it is still kept: 100 MB of one message made the server grow by as much.
"""

from __future__ import annotations

from typing import Any

from hypercorn.protocol import ws_stream
from wsproto.events import Message


class _BoundedBuffer(ws_stream.WebsocketBuffer):
    """A buffer that, once a message was too large, lets go of it and of whatever comes after it."""

    def __init__(self, max_length: int) -> None:
        super().__init__(max_length)
        self._is_spent = False

    def extend(self, event: Message[Any]) -> None:
        """Add a piece of a message.

        Raises:
            FrameTooLargeError: if this piece makes it too large. Only the first such piece is told of: at each
                error Hypercorn stops looking at what has arrived, so that many would pile up unread.
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
    """Have Hypercorn, in this process, keep nothing of a websocket message over its limit."""
    ws_stream.WebsocketBuffer = _BoundedBuffer  # type: ignore[misc]
