"""A player who plays on, whatever happens to the server: a lost game is resumed, and another follows the last."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.bench.hand import pace_drawing, place_randomly
from tests.strokes import Samples

PATIENCE_SECONDS: Final = 0.8
"""How long a finished drawing waits to be recognized before it is skipped."""
PING_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 0.1
"""How long to wait after a connection that was refused, or an answer that says to try again in a moment."""
SILENCE_SECONDS: Final = 60.0
"""How long the server may say nothing: longer than a game waits for a store that fails."""

_ENDS: Final = ("cannot_resume", "game_lost", "internal_error", "player_deleted")


@dataclass(slots=True)
class Experience:
    """What a player has seen.

    Attributes:
        verdicts: by the id of their round.
        games: how many games were started.
        finished: how many games ended with ``over``.
        resumed_seconds: how long it took from each loss of the connection to the welcome that resumed the game.
        lost: games that could not be resumed, with the reason.
        missing: rounds whose verdict was shown, but that the resumed game did not know.
        waits: how often the server said that it could not save at the moment.
        refused: how often no connection could be made.
    """

    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    games: int = 0
    finished: int = 0
    resumed_seconds: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    waits: int = 0
    refused: int = 0


class LastingPlayer:
    """Plays sprints until it is told to stop.

    Args:
        play_url: where the play socket is.
        samples: drawings to copy.
        rng: chooses among them.
        alphabet: of the games.
    """

    def __init__(self, play_url: str, samples: Samples, rng: Random, alphabet: str = "digits") -> None:
        self.experience = Experience()
        self._play_url = play_url
        self._samples = samples
        self._rng = rng
        self._alphabet = alphabet
        self._cookie = ""
        self._token: str | None = None  # of the game that is not over
        self._shown: list[str] = []  # rounds of that game
        self._lost_at = 0.0
        self._stop = False

    def stop(self) -> None:
        """Stop at the next message."""
        self._stop = True

    async def play(self) -> Experience:
        """Play until `stop` is called, and return what was seen."""
        while not self._stop:
            try:
                await self._connect_and_play()
            except (ConnectionClosed, InvalidMessage, ConnectionResetError, EOFError):
                self._note_loss()
            except (OSError, InvalidHandshake):
                self.experience.refused += 1
            await asyncio.sleep(RETRY_SECONDS)
        return self.experience

    def _note_loss(self) -> None:
        if self._token is not None and not self._lost_at:
            self._lost_at = time.monotonic()

    async def _connect_and_play(self) -> None:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        async with connect(self._play_url, additional_headers=headers, proxy=None) as connection:
            if not self._cookie and connection.response is not None:
                self._cookie = connection.response.headers["Set-Cookie"].partition(";")[0]
            hand = asyncio.create_task(_ping(connection))
            try:
                if self._token is None:
                    await _send(connection, type="join", mode="sprint", alphabet=self._alphabet, name="Lasting")
                else:
                    await _send(connection, type="join", resume=self._token)
                while not self._stop:
                    async with asyncio.timeout(SILENCE_SECONDS):
                        message = json.loads(await connection.recv())
                    if prompt := self._take(message):
                        hand.cancel()
                        hand = asyncio.create_task(self._draw(connection, prompt))
                    elif message["type"] in {"over", "error"} and self._token is None:
                        return
            finally:
                hand.cancel()
                await asyncio.wait([hand])

    def _take(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Note a message. Return the prompt to draw for, if it brings one."""
        match message["type"]:
            case "welcome":
                return self._take_welcome(message)
            case "prompt":
                prompt: dict[str, Any] = message
                return prompt
            case "verdict":
                self.experience.verdicts[message["id"]] = message
                self._shown.append(message["id"])
            case "over":
                self.experience.finished += 1
                self._token = None
            case "error":
                self._take_error(message["code"])
        return None

    def _take_welcome(self, message: dict[str, Any]) -> dict[str, Any] | None:
        is_resumed, self._token = self._token is not None, message["token"]
        if not is_resumed:
            self.experience.games += 1
            self._shown = []
            return None  # the prompt comes in a message of its own
        known = {entry["id"] for entry in message["rounds"]}
        self.experience.missing += [round_ for round_ in self._shown if round_ not in known]
        self.experience.resumed_seconds.append(time.monotonic() - self._lost_at)
        self._lost_at = 0.0
        prompt: dict[str, Any] | None = message["prompt"]
        return prompt

    def _take_error(self, code: str) -> None:
        if code == "store_unavailable":
            self.experience.waits += 1
        elif code in _ENDS:
            self.experience.lost.append(code)
            self._token, self._lost_at = None, 0.0

    async def _draw(self, connection: ClientConnection, prompt: dict[str, Any]) -> None:
        """Draw what is asked for, and skip it if that is not recognized."""
        number = prompt["round"]
        drawing = place_randomly(self._rng.choice(self._samples.get(prompt["target"])), self._rng)
        with contextlib.suppress(ConnectionClosed):
            if prompt.get("strokes"):
                await _send(connection, type="clear", round=number)
            started = time.monotonic()
            for batch in pace_drawing(drawing, self._rng):
                await asyncio.sleep(started + batch.at - time.monotonic())
                await _send(connection, type="ink", round=number, stroke=batch.stroke, points=batch.points)
            await asyncio.sleep(PATIENCE_SECONDS)
            await _send(connection, type="skip", round=number)
            await _ping(connection)


async def _ping(connection: ClientConnection) -> None:
    """Tell the server every now and then that the player is there."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await asyncio.sleep(PING_SECONDS)
            await _send(connection, type="ping", nonce=1)


async def _send(connection: ClientConnection, **message: Any) -> None:
    await connection.send(json.dumps(message))
