"""A player that draws other people's characters at the speed of a hand, and keeps book of how it is understood."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.bench.client import Closed, Message, Over, PlayClient, Prompt, Refusal, Verdict, Welcome
from tests.bench.hand import pace_drawing, place_randomly
from tests.strokes import Sample

PATIENCE_SECONDS: Final = 0.8
"""Seconds a drawing that is finished waits to be understood before it is given up."""

REACTION_SECONDS: Final = (0.2, 0.4)
"""Seconds from seeing a prompt to touching the paper."""

SILENCE_SECONDS: Final = 10.0
"""Seconds without the message that must come next, after which the server is taken for broken."""

Choose = Callable[[str], Sample]


class ServerSilent(TimeoutError):
    """The server owes a message and does not send it."""


@dataclass(frozen=True, slots=True)
class PlayedRound:
    """One round as its player lived it.

    Attributes:
        label: what the drawing was read as, nothing if there was none.
        seconds: from the prompt to the verdict, by the player's clock.
        ink: how much of the drawing was sent by then, 0..1.
    """

    target: str
    writer: int
    outcome: str
    label: str | None
    seconds: float
    ink: float


@dataclass(slots=True)
class PlayedGame:
    """A game as its player lived it, either to its ``over`` or until the socket was ``closed``."""

    welcome: Welcome
    rounds: list[PlayedRound] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    over: Over | None = None
    closed: Closed | None = None


class Player:
    """Plays one game over one socket.

    Args:
        client: the socket, open and unused.
        choose: gives the drawing to copy for a target.
        rng: where and how fast it is drawn.
        notice: told of each verdict the moment it comes in.
    """

    def __init__(
        self, client: PlayClient, choose: Choose, rng: Random, notice: Callable[[Verdict], object] | None = None
    ) -> None:
        self._client = client
        self._choose = choose
        self._rng = rng
        self._notice = notice
        self._inbox: asyncio.Queue[Message | Exception] = asyncio.Queue()

    async def play(self, mode: str, alphabet: str, name: str) -> PlayedGame:
        """Play until the game is over or the socket is closed.

        Raises:
            Closed: if the socket is closed before there is a game.
            ConnectionError: if the server does not keep to the protocol.
            ServerSilent: if it stops answering.
        """
        reader = asyncio.create_task(self._read())
        try:
            await self._client.join(mode, alphabet, name)
            first = await self._next(SILENCE_SECONDS)
            if not isinstance(first, Welcome):
                raise ConnectionError(f"Expected a welcome, not {first}")
            game = PlayedGame(first)
            try:
                await self._rounds(game)
            except Closed as closed:
                game.closed = closed
            return game
        finally:
            reader.cancel()

    async def _rounds(self, game: PlayedGame) -> None:
        waiting_since = time.monotonic()
        while game.over is None:
            message = await self._next(waiting_since + SILENCE_SECONDS - time.monotonic())
            if isinstance(message, Prompt):
                await self._round(game, message)
                waiting_since = time.monotonic()
            elif isinstance(message, Over):
                game.over = message
            elif isinstance(message, Refusal):
                game.refusals.append(message)

    async def _round(self, game: PlayedGame, prompt: Prompt) -> None:
        shown = time.monotonic()
        sample = self._choose(prompt.target)
        batches = pace_drawing(place_randomly(sample, self._rng), self._rng)
        touch = shown + self._rng.uniform(*REACTION_SECONDS)
        sent = 0
        verdict = None
        for batch in batches:
            verdict = await self._verdict(game, prompt, touch + batch.at)
            if verdict:
                break
            await self._client.send_ink(prompt.round, batch.stroke, batch.points)
            sent += len(batch.points) // 3
        if verdict is None:
            verdict = await self._verdict(game, prompt, time.monotonic() + PATIENCE_SECONDS)
        if verdict is None:
            await self._client.send_skip(prompt.round)
            verdict = await self._verdict(game, prompt, time.monotonic() + SILENCE_SECONDS)
        if isinstance(verdict, Over):
            game.over = verdict
            return
        if verdict is None:
            raise ServerSilent(
                f"No verdict on round {prompt.round} in {SILENCE_SECONDS:.0f} s after it was skipped"
            )
        game.verdicts.append(verdict)
        seconds = time.monotonic() - shown
        game.rounds.append(
            PlayedRound(
                prompt.target, sample.writer, verdict.outcome, verdict.label, seconds, sent / sample.points
            )
        )

    async def _verdict(self, game: PlayedGame, prompt: Prompt, until: float) -> Verdict | Over | None:
        """Return the round's verdict, or nothing once the clock reads ``until``.

        A server that stops ends the game without one.
        """
        while True:
            try:
                message = await self._next(until - time.monotonic())
            except ServerSilent:
                return None
            if isinstance(message, Over) or (isinstance(message, Verdict) and message.round == prompt.round):
                return message
            if isinstance(message, Refusal):
                game.refusals.append(message)

    async def _next(self, seconds: float) -> Message:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                message = await self._inbox.get()
        except TimeoutError:
            raise ServerSilent(f"No message in {seconds:.1f} s") from None
        if isinstance(message, Exception):
            raise message
        return message

    async def _read(self) -> None:
        try:
            while True:
                message = await self._client.receive()
                if self._notice and isinstance(message, Verdict):
                    self._notice(message)
                await self._inbox.put(message)
        except Exception as error:  # whatever it was, the player must hear of it
            await self._inbox.put(error)
