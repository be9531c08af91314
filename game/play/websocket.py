"""A websocket connection for Quart with a bounded inbound queue, which loses no message sent before a close."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Final

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, WebsocketScope
from quart import Quart
from quart.asgi import ASGIWebsocketConnection

QUEUED_MESSAGES: Final = 64
GRACE_SECONDS: Final = 10.0
"""How long a handler may go on after the client has left."""


class Disconnected(Exception):
    """The client has left, and everything that it sent before has been received."""


class _Queue(asyncio.Queue[str | bytes | None]):
    """Messages, and None once the client has left."""

    async def get(self) -> str | bytes:
        """Return the next message.

        Raises:
            Disconnected: on every call after the last message.
        """
        message = await super().get()
        if message is None:
            with contextlib.suppress(asyncio.QueueFull):
                self.put_nowait(None)
            raise Disconnected
        return message


class BoundedWebsocketConnection(ASGIWebsocketConnection):
    """Queues at most ``QUEUED_MESSAGES``; TCP itself holds back a client that sends more.

    Quart's own connection queues without bound, and cancels the handler the moment the client leaves, with
    messages still in the queue. Here ``websocket.receive()`` raises `Disconnected` after the last of them instead.
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
        """Queue what arrives. After a disconnect, give the handler time to finish, then return."""
        while True:
            event = await receive()
            if event["type"] == "websocket.receive":
                await self.queue.put(_get_content(event.get("text"), event.get("bytes")))
            elif event["type"] == "websocket.disconnect":
                break
        self._is_gone = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await self.queue.put(None)
                # A handler that returns in time ends this wait by cancelling it.
                await asyncio.Event().wait()


_discarding: Final[set[asyncio.Task[None]]] = set()  # the event loop itself holds no reference to its tasks


async def _discard(receive: ASGIReceiveCallable) -> None:
    """Throw away what arrives until the client has left, for a limited time.

    Hypercorn tells the application of a disconnect before it closes the socket. If its own short queue is full of
    messages from a client that keeps sending, and nobody takes them, it waits forever and the socket stays open.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(GRACE_SECONDS):
            while (await receive())["type"] != "websocket.disconnect":
                pass


def _get_content(text: str | None, data: bytes | None) -> str | bytes:
    # The text of a frame may be empty, so only None means that it is not text.
    return text if text is not None else data or b""
