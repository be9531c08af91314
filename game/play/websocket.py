"""A websocket connection for Quart that bounds what it queues, and loses no message sent before a close."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Any, Final, cast

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, WebsocketScope
from quart import Quart
from quart.asgi import ASGIWebsocketConnection
from werkzeug.datastructures import Headers

from game.hypercorn_patches.transports import CONNECTION
from game.play.frames import FrameTransport
from game.play.rate_limit import make_address_key
from game.play.turns import get_turns

QUEUED_MESSAGES: Final = 64
GRACE_SECONDS: Final = 10.0
"""How long a handler may go on after the client has left."""


class Disconnected(Exception):
    """The client has left, and everything that it sent before has been received."""


class _Queue(asyncio.Queue[str | bytes | None]):
    """Messages, and None once the client has left.

    Attributes:
        frames: where more messages come from, unless the ASGI server brings them.
    """

    frames: FrameTransport | None = None

    async def get(self) -> str | bytes:
        """Return the next message.

        Raises:
            Disconnected: on every call after the last message.
        """
        message = await super().get()
        if self.frames:
            self.frames.resume()
        if message is None:
            with contextlib.suppress(asyncio.QueueFull):
                self.put_nowait(None)
            raise Disconnected
        return message


class BoundedWebsocketConnection(ASGIWebsocketConnection):
    """Queues at most ``QUEUED_MESSAGES``; TCP itself holds back a client that sends more.

    Quart's own connection queues without bound, and cancels the handler the moment the client leaves, with
    messages still in the queue. Here ``websocket.receive()`` raises `Disconnected` after the last of them instead.

    A handler may use it in place of Quart's ``websocket`` (`get_connection`). On our own server it then reads and
    writes the frames itself, as long as they are ordinary. On any other it uses the ASGI server's events.
    """

    def __init__(self, app: Quart, scope: WebsocketScope) -> None:
        super().__init__(app, scope)
        self.queue: _Queue = _Queue(QUEUED_MESSAGES)
        self._is_gone = False
        self._address = make_address_key((scope.get("client") or ("",))[0])
        self._turns = get_turns()
        self._unsent: list[bytes] = []
        self._send_event: ASGISendCallable
        scope["extensions"] = {**(scope.get("extensions") or {}), _EXTENSION: self}  # type: ignore[dict-item]

    async def receive(self) -> str | bytes:
        """Return the next message.

        Raises:
            Disconnected: after the last message.
        """
        message = await self.queue.get()
        await self._turns.take(self._address)
        return message

    def send(self, messages: Iterable[bytes]) -> None:
        """Send text messages. Never waits; but while `is_congested`, the caller has to `drain`."""
        if self.queue.frames and self.queue.frames.is_active:
            self.queue.frames.send(messages)
        else:
            self._unsent += messages

    @property
    def is_congested(self) -> bool:
        """Whether messages have not left yet."""
        return bool(self._unsent) or (self.queue.frames is not None and self.queue.frames.is_congested)

    async def drain(self) -> None:
        """Wait until what was sent has left, or the client has."""
        while self._unsent:
            text = self._unsent.pop(0).decode()
            await self._send_event({"type": "websocket.send", "bytes": None, "text": text})
        if self.queue.frames and self.queue.frames.is_active:
            await self.queue.frames.drain()

    async def close(self, code: int, reason: str = "") -> None:
        """Send a close frame, after everything else."""
        if self.queue.frames:
            self.queue.frames.give_back()
        await self.drain()
        await self.close_connection(self._send_event, code, reason)

    async def accept_connection(self, send: ASGISendCallable, headers: Headers, subprotocol: str | None) -> None:
        """Accept the handshake, unless that was done before."""
        was_accepted = self._accepted
        await super().accept_connection(send, headers, subprotocol)
        state: Any = self.scope.get("state") or {}
        if CONNECTION in state and not was_accepted:
            reader, writer = state[CONNECTION]
            self.queue.frames = FrameTransport(reader, writer, self._take)

    def _take(self, message: str) -> bool:
        self.queue.put_nowait(message)
        return not self.queue.full()

    async def __call__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Serve the connection."""
        self._send_event = send
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


_EXTENSION: Final = "inkrush.websocket"


def get_connection(scope: HTTPScope | WebsocketScope) -> BoundedWebsocketConnection:
    """Return the connection of a websocket, once it is accepted."""
    extensions: Any = scope["extensions"]
    return cast("BoundedWebsocketConnection", extensions[_EXTENSION])


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
