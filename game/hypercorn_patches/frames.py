"""Answers a WebSocket frame that breaks the protocol, and bounds frames that carry no message.

Hypercorn ends the connection without a close frame when a frame is not valid, so the client is never told why (RFC
6455, section 7.1.7). It answers every ping and stores every fragment, however many there are: 5,000 pings in one
packet hold up the event loop for 0.1 s, and no limit on messages sees them. After it has closed a WebSocket, it
reads on as long as the client sends. We know of no upstream issue.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Final

from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import CloseConnection, Event, Message
from wsproto.frame_protocol import CloseReason

_AT_ONCE: Final = 60
_PER_SECOND: Final = 10.0
_SMALL: Final = 512
"""Bytes, or characters, of a fragment that is counted. Larger ones soon reach the limit of a message."""

_MOST_AFTER_CLOSE: Final = 4 * 1024 * 1024
"""Bytes that are read and ignored after a close, since the client may not have seen it yet."""


class BoundedConnection(Connection):
    """The server's end of a WebSocket. Pings, pongs and small fragments may be `_PER_SECOND`."""

    def __init__(self) -> None:
        self._left = float(_AT_ONCE)
        self._filled = time.monotonic()
        self._after_close = 0
        super().__init__(ConnectionType.SERVER)

    def receive_data(self, data: bytes | None) -> None:
        """Take what has arrived."""
        if self._state is ConnectionState.LOCAL_CLOSING:
            self._after_close += len(data or b"")
        super().receive_data(data)

    def events(self) -> Generator[Event, None, None]:
        """Yield what has arrived. The last event is a close if a frame is wrong, or if there are too many."""
        if self._after_close > _MOST_AFTER_CLOSE:
            yield CloseConnection(code=CloseReason.ABNORMAL_CLOSURE)
            return
        for event in super().events():
            if isinstance(event, CloseConnection) and self._state is ConnectionState.OPEN:
                self._state = ConnectionState.REMOTE_CLOSING  # so that Hypercorn answers with the same code
            elif not self._allows(event):
                self._state = ConnectionState.REMOTE_CLOSING
                yield CloseConnection(code=CloseReason.POLICY_VIOLATION, reason="too many frames")
                return
            yield event

    def _allows(self, event: Event) -> bool:
        if isinstance(event, CloseConnection):
            return True
        if isinstance(event, Message) and (event.message_finished or len(event.data) > _SMALL):
            return True
        now = time.monotonic()
        self._left = min(_AT_ONCE, self._left + _PER_SECOND * (now - self._filled)) - 1
        self._filled = now
        return self._left >= 0
