"""What is to be sent to one client: messages that always arrive, and one guess that a newer one replaces."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable
from typing import Final, Protocol

from game.play.protocol import Close, Guess, Outgoing, Verdict, encode
from game.rules import tuning

_UNSENT: Final = 256
"""More than an honest client can bring about before the sending itself is too slow."""


class Socket(Protocol):
    """One end of a websocket."""

    def receive(self) -> Awaitable[str | bytes]:
        """Return the next message, or raise `game.play.websocket.Disconnected`."""

    def send(self, data: str, /) -> Awaitable[None]:
        """Send a message; returns when it was handed to the network."""

    def close(self, code: int, reason: str = "", /) -> Awaitable[None]:
        """Send a close frame."""


class SendQueue:
    """Posting never waits; `run` sends."""

    def __init__(self) -> None:
        self._messages: deque[Outgoing] = deque()
        self._guess: Guess | None = None
        self._closing: tuple[int, str] | None = None
        self._abandoned = False
        self._ready = asyncio.Event()

    @property
    def is_closed(self) -> bool:
        """Whether nothing that is posted now will be sent."""
        return self._closing is not None or self._abandoned

    def post(self, message: Outgoing) -> None:
        """Send a message after those posted before; of guesses that wait only the newest is kept."""
        if self.is_closed:
            return
        if isinstance(message, Guess):
            self._guess = message
        else:
            if isinstance(message, Verdict):
                # A guess on a round that has ended would only confuse.
                self._guess = None
            self._messages.append(message)
            if len(self._messages) > _UNSENT:
                self.close(Close.MAY_RECONNECT, "too slow")
        self._ready.set()

    def close(self, code: int, reason: str) -> None:
        """Close the socket when everything posted so far is sent; the first reason counts."""
        if not self.is_closed:
            self._closing = code, reason
            self._guess = None
            self._ready.set()

    def abandon(self) -> None:
        """Stop: there is nobody to send to any more."""
        self._abandoned = True
        self._ready.set()

    async def run(self, socket: Socket) -> None:
        """Send until closed or abandoned, or until a send takes so long that the client is given up."""
        with contextlib.suppress(TimeoutError):
            while not self._abandoned:
                message = self._next()
                if message is not None:
                    await _in_time(socket.send(encode(message)))
                elif self._closing:
                    break
                else:
                    self._ready.clear()
                    await self._ready.wait()
        if self._abandoned:
            return
        code, reason = self._closing or (Close.MAY_RECONNECT, "too slow")
        self.abandon()
        with contextlib.suppress(TimeoutError):
            await _in_time(socket.close(code, reason))

    def _next(self) -> Outgoing | None:
        if self._messages:
            return self._messages.popleft()
        guess, self._guess = self._guess, None
        return guess


async def _in_time(sending: Awaitable[None]) -> None:
    async with asyncio.timeout(tuning.SEND_SECONDS):
        await sending
