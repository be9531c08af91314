"""A websocket connection for Quart whose inbound queue is bounded, and which loses nothing said before a close."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Final

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, WebsocketScope
from quart import Quart
from quart.asgi import ASGIWebsocketConnection

QUEUED_MESSAGES: Final = 64
GRACE_SECONDS: Final = 10.0
"""How long a handler may go on after its peer has left."""


class Disconnected(Exception):
    """The peer has left, and everything it sent before has been received."""


class _Queue(asyncio.Queue[str | bytes | None]):
    """Messages, and None once the peer has left."""

    async def get(self) -> str | bytes:
        """Return the next message.

        Raises:
            Disconnected: if there is none to come, each time it is asked.
        """
        message = await super().get()
        if message is None:
            with contextlib.suppress(asyncio.QueueFull):
                self.put_nowait(None)
            raise Disconnected
        return message


class BoundedWebsocketConnection(ASGIWebsocketConnection):
    """Holds at most ``QUEUED_MESSAGES``; a peer that sends more waits, by TCP's own means.

    Quart's own connection queues without bound, and cancels the handler the moment the peer leaves, with
    messages still in the queue. This one has ``websocket.receive()`` raise `Disconnected` after the last of them.
    """

    def __init__(self, app: Quart, scope: WebsocketScope) -> None:
        super().__init__(app, scope)
        self.queue: asyncio.Queue[Any] = _Queue(QUEUED_MESSAGES)
        self._is_gone = False

    async def __call__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Serve the connection."""
        try:
            await super().__call__(receive, send)
        finally:
            if not self._is_gone:
                task = asyncio.create_task(_discard(receive))
                _discarding.add(task)
                task.add_done_callback(_discarding.discard)

    async def handle_messages(self, receive: ASGIReceiveCallable) -> None:
        """Queue what arrives; after a disconnect, give the handler its grace and return."""
        while True:
            event = await receive()
            if event["type"] == "websocket.receive":
                await self.queue.put(_content(event.get("text"), event.get("bytes")))
            elif event["type"] == "websocket.disconnect":
                break
        self._is_gone = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await self.queue.put(None)
                # The handler that returns in time ends this wait by a cancellation.
                await asyncio.Event().wait()


_discarding: Final[set[asyncio.Task[None]]] = set()  # the event loop itself would let them be collected


async def _discard(receive: ASGIReceiveCallable) -> None:
    """Take what arrives until the peer has left, for a while.

    Hypercorn hands a disconnect to the application before it closes the socket. It waits for ever, and the socket
    stays open, if its own short queue is full of messages from a peer that goes on sending, and nobody takes them.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GRACE_SECONDS):
            while (await receive())["type"] != "websocket.disconnect":
                pass


def _content(text: str | None, data: bytes | None) -> str | bytes:
    # A frame may be empty, so that nothing but None may be taken for absence.
    return text if text is not None else data or b""
