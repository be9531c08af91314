"""The play protocol as a program sees it: typed messages over one socket. How to play is not its business.

It is written from the protocol's description and not from the server's modules, so that it notices if they differ.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


class RunningRound(msgspec.Struct, frozen=True):
    """The round that is open when a game is resumed."""

    round: int
    target: str
    remaining_ms: int | None = None


class Welcome(msgspec.Struct, tag="welcome", frozen=True):
    """The first answer to a join: the state of the game. A new game's ``prompt`` follows as a message too."""

    protocol: int
    game: str
    token: str
    mode: str
    alphabet: str
    duration_ms: int | None
    remaining_ms: int | None
    score: int
    combo: int
    prompt: RunningRound | None
    model: str


class Prompt(msgspec.Struct, tag="prompt", frozen=True):
    """What to draw now."""

    round: int
    target: str
    remaining_ms: int | None


class Guess(msgspec.Struct, tag="guess", frozen=True):
    """What the model sees in the first ``seen`` points, the most probable character first."""

    round: int
    seen: int
    candidates: list[tuple[str, float]]
    model: str


class Verdict(msgspec.Struct, tag="verdict", frozen=True):
    """How a round ended. By then it is stored under ``id``."""

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
    unranked: str | None = None


class Refusal(msgspec.Struct, tag="error", frozen=True):
    """The server refused something that this side sent."""

    code: str
    message: str


Message = Welcome | Prompt | Guess | Verdict | Over | Refusal

_DECODER: Final = msgspec.json.Decoder(Message)
_ENCODER: Final = msgspec.json.Encoder()


class Closed(ConnectionError):
    """The server closed the socket or is gone."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"The socket was closed with {code} {reason}".rstrip())
        self.code = code
        self.reason = reason


class PlayClient:
    """One open play socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @property
    def cookie(self) -> str:
        """The cookie that the server gave this player, as a Cookie header holds it."""
        response = self._connection.response
        return response.headers["Set-Cookie"].partition(";")[0] if response else ""

    async def join(self, mode: str, alphabet: str, name: str, resume: str | None = None) -> None:
        """Ask for a new game, or to go on with the one that the token ``resume`` is of."""
        join = {"type": "join", "mode": mode, "alphabet": alphabet, "name": name}
        await self._send(join | ({"resume": resume} if resume else {}))

    async def send_ink(self, round_number: int, stroke: int, points: list[int], *, up: bool = False) -> None:
        """Send more points of a stroke, ``[x, y, dt, x, y, dt, …]``, after which the pen may be lifted."""
        await self._send({"type": "ink", "round": round_number, "stroke": stroke, "points": points, "up": up})

    async def send_skip(self, round_number: int) -> None:
        """Skip the round."""
        await self._send({"type": "skip", "round": round_number})

    async def receive(self) -> Message:
        """Return the next message.

        Raises:
            Closed: if no message will come.
            msgspec.ValidationError: if the server broke the protocol.
        """
        try:
            message: Message = _DECODER.decode(await self._connection.recv())
        except ConnectionClosed as end:
            raise _make_closed(end) from None
        return message

    def drop(self) -> None:
        """Break the connection, as a lost network does."""
        self._connection.transport.abort()

    async def _send(self, message: dict[str, Any]) -> None:
        try:
            await self._connection.send(_ENCODER.encode(message).decode())
        except ConnectionClosed as end:
            raise _make_closed(end) from None


@asynccontextmanager
async def open_client(play_url: str, cookie: str | None = None) -> AsyncIterator[PlayClient]:
    """Open a socket at ``ws://…/play/v1`` as the player of a Cookie header, or as a new one."""
    async with connect(play_url, additional_headers={"Cookie": cookie} if cookie else None) as connection:
        yield PlayClient(connection)


def _make_closed(end: ConnectionClosed) -> Closed:
    return Closed(end.rcvd.code, end.rcvd.reason) if end.rcvd else Closed(1006, "")
