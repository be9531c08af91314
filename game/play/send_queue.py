"""The messages that wait to be sent to one client. None is dropped, except a guess when a newer one comes."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable
from typing import Final, Protocol

from game.play.protocol import Close, FromServer, Guess, Verdict, encode
from game.rules import tuning

_MOST_UNSENT: Final = 256
"""No honest client gets here: a single send would take too long first."""


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
        self._messages: deque[FromServer] = deque()
        self._guess: Guess | None = None
        self._close: tuple[int, str] | None = None
        self._is_abandoned = False
        self._is_ready = asyncio.Event()

    @property
    def is_closed(self) -> bool:
        """Whether messages posted from now on are dropped."""
        return self._close is not None or self._is_abandoned

    def post(self, message: FromServer) -> None:
        """Queue a message behind the others. Of several waiting guesses, only the newest is sent."""
        if self.is_closed:
            return
        if isinstance(message, Guess):
            self._guess = message
        else:
            if isinstance(message, Verdict):
                # A guess on a round that is over would only confuse.
                self._guess = None
            self._messages.append(message)
            if len(self._messages) > _MOST_UNSENT:
                self.close(Close.MAY_RECONNECT, "too slow")
        self._is_ready.set()

    def close(self, code: int, reason: str) -> None:
        """Close the socket once everything posted so far is sent. The first reason given counts."""
        if not self.is_closed:
            self._close = code, reason
            self._guess = None
            self._is_ready.set()

    def abandon(self) -> None:
        """Stop: nobody is left to send to."""
        self._is_abandoned = True
        self._is_ready.set()

    async def run(self, socket: Socket) -> None:
        """Send until closed or abandoned, or until one send takes so long that the client is given up."""
        with contextlib.suppress(TimeoutError):
            while not self._is_abandoned:
                message = self._take_next()
                if message is not None:
                    await _send_in_time(socket.send(encode(message)))
                elif self._close:
                    break
                else:
                    self._is_ready.clear()
                    await self._is_ready.wait()
        if self._is_abandoned:
            return
        code, reason = self._close or (Close.MAY_RECONNECT, "too slow")
        self.abandon()
        with contextlib.suppress(TimeoutError):
            await _send_in_time(socket.close(code, reason))

    def _take_next(self) -> FromServer | None:
        if self._messages:
            return self._messages.popleft()
        guess, self._guess = self._guess, None
        return guess


async def _send_in_time(sending: Awaitable[None]) -> None:
    async with asyncio.timeout(tuning.SEND_SECONDS):
        await sending
