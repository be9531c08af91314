"""The messages that wait to be sent to one client.

None is dropped, except what a newer message replaces: a guess, the state of a room, or old news of a rival.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Iterable
from typing import Final, Protocol

from game.play.protocol import Close, FromServer, Guess, Verdict, encode
from game.rules import tuning

_MOST_UNSENT: Final = 256
"""No honest client gets here: a single send would take too long first."""
_MOST_RIVALS: Final = 128
"""News of rivals that wait; with more, only the newest of each rival stay."""


class Socket(Protocol):
    """One end of a websocket."""

    def receive(self) -> Awaitable[str | bytes]:
        """Return the next message, or raise `game.play.websocket.Disconnected`."""

    def send(self, messages: Iterable[bytes], /) -> None:
        """Send text messages. Never waits; but while `is_congested`, the caller has to `drain`."""

    @property
    def is_congested(self) -> bool:
        """Whether messages have not left yet."""

    def drain(self) -> Awaitable[None]:
        """Wait until what was sent has left, or the client has."""

    def close(self, code: int, reason: str = "", /) -> Awaitable[None]:
        """Send a close frame."""


class SendQueue:
    """Posting never waits; `run` sends."""

    def __init__(self) -> None:
        self._messages: deque[FromServer] = deque()
        self._guess: Guess | None = None
        self._room: bytes | None = None
        self._rivals: list[tuple[int, bytes]] = []  # the seat, and the message
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

    def post_room(self, message: bytes) -> None:
        """Queue the state of a room, encoded, in place of one that waits."""
        if not self.is_closed:
            self._room = message
            self._is_ready.set()

    def post_rival(self, seat: int, message: bytes) -> None:
        """Queue news of the rival on a seat, encoded."""
        if not self.is_closed:
            self._rivals.append((seat, message))
            if len(self._rivals) > _MOST_RIVALS:
                self._rivals = list(dict(self._rivals).items())
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
        """Send until closed or abandoned, or until sending takes so long that the client is given up."""
        with contextlib.suppress(TimeoutError):
            while not self._is_abandoned:
                if messages := self._take_all():
                    socket.send(messages)
                    if socket.is_congested:
                        await _wait_in_time(socket.drain())
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
            await _wait_in_time(socket.close(code, reason))

    def _take_all(self) -> list[bytes]:
        messages = list(map(encode, self._messages))
        self._messages.clear()
        messages.extend(message for _, message in self._rivals)
        self._rivals.clear()
        if self._room:
            messages.append(self._room)
            self._room = None
        if self._guess:
            messages.append(encode(self._guess))
            self._guess = None
        return messages


async def _wait_in_time(sending: Awaitable[None]) -> None:
    async with asyncio.timeout(tuning.SEND_SECONDS):
        await sending
