"""The play protocol from a program's side: typed messages over one socket, and nothing about how to play.

Written from the protocol's description, not from the server's modules, so that it notices when they drift apart.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


class Welcome(msgspec.Struct, tag="welcome", frozen=True):
    """First answer to a join: the game as it stands."""

    protocol: int
    game: str
    token: str
    mode: str
    alphabet: str
    duration_ms: int | None
    remaining_ms: int | None
    score: int
    combo: int
    model: str


class Prompt(msgspec.Struct, tag="prompt", frozen=True):
    """What to draw now."""

    round: int
    target: str
    remaining_ms: int | None


class Guess(msgspec.Struct, tag="guess", frozen=True):
    """What the model sees in the first ``seen`` points, best first."""

    round: int
    seen: int
    candidates: list[tuple[str, float]]
    model: str


class Verdict(msgspec.Struct, tag="verdict", frozen=True):
    """How a round ended; it is stored by then, under ``id``."""

    round: int
    id: str
    outcome: str
    target: str
    label: str | None
    confidence: float | None
    model: str | None
    points: int
    combo: int
    score: int
    bonus_ms: int
    remaining_ms: int | None


class Over(msgspec.Struct, tag="over", frozen=True):
    """The end of the game."""

    game: str
    score: int
    hits: int
    rounds: list[dict[str, Any]]
    accuracy: float
    best_combo: int
    rank: int | None


class Pong(msgspec.Struct, tag="pong", frozen=True):
    """Answer to a ping."""

    nonce: int


class Refusal(msgspec.Struct, tag="error", frozen=True):
    """Something this side sent was not taken."""

    code: str
    message: str


Message = Welcome | Prompt | Guess | Verdict | Over | Pong | Refusal

_DECODER: Final = msgspec.json.Decoder(Message)
_ENCODER: Final = msgspec.json.Encoder()


class Closed(ConnectionError):
    """The server closed the socket, or is gone."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"The socket was closed with {code} {reason}".rstrip())
        self.code = code
        self.reason = reason


class PlayClient:
    """One open play socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        cookie = connection.response.headers.get("Set-Cookie", "") if connection.response else ""
        self.cookie = cookie.partition(";")[0]
        """The player's cookie as the handshake set it, ``name=value``; empty when it set none."""

    async def join(self, mode: str, alphabet: str, name: str, resume: str | None = None) -> None:
        """Ask for a game, or with the token ``resume`` for the one that was interrupted."""
        again = {} if resume is None else {"resume": resume}
        await self._send({"type": "join", "mode": mode, "alphabet": alphabet, "name": name, **again})

    async def send_ink(self, round_number: int, stroke: int, points: list[int]) -> None:
        """Send ``[x, y, dt, x, y, dt, …]``, more points of the given stroke."""
        await self._send({"type": "ink", "round": round_number, "stroke": stroke, "points": points})

    async def send_skip(self, round_number: int) -> None:
        """Give the round up."""
        await self._send({"type": "skip", "round": round_number})

    async def send_ping(self, nonce: int) -> None:
        """Show a sign of life."""
        await self._send({"type": "ping", "nonce": nonce})

    async def receive(self) -> Message:
        """Return the next message.

        Raises:
            Closed: if there is none to come.
            msgspec.ValidationError: if the server broke the protocol.
        """
        try:
            message: Message = _DECODER.decode(await self._connection.recv())
        except ConnectionClosed as end:
            raise _make_closed(end) from None
        return message

    async def _send(self, message: dict[str, Any]) -> None:
        try:
            await self._connection.send(_ENCODER.encode(message).decode())
        except ConnectionClosed as end:
            raise _make_closed(end) from None


@asynccontextmanager
async def open_client(play_url: str, cookie: str = "") -> AsyncIterator[PlayClient]:
    """Open a socket at ``ws://…/play/v1``, as the player of ``cookie`` or as a new one."""
    headers = {"Cookie": cookie} if cookie else None
    async with connect(play_url, additional_headers=headers) as connection:
        yield PlayClient(connection)


def _make_closed(end: ConnectionClosed) -> Closed:
    return Closed(end.rcvd.code, end.rcvd.reason) if end.rcvd else Closed(1006, "")
