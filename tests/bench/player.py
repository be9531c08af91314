"""A player that draws other people's characters at the speed of a hand and records how it is recognized."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.bench.client import Closed, Message, Over, PlayClient, Prompt, Refusal, Verdict, Welcome
from tests.bench.hand import InkBatch, pace_drawing, place_randomly
from tests.strokes import Drawing, Sample

PATIENCE_SECONDS: Final = 0.8
"""Seconds that a finished drawing waits to be recognized before it is skipped."""

REACTION_SECONDS: Final = (0.2, 0.4)
"""Shortest and longest time in seconds from seeing a prompt to the first touch of the pen."""

SILENCE_SECONDS: Final = 10.0
"""Seconds that the server may take for a message that must come next, before it counts as broken."""

Choose = Callable[[str], Sample]
Pace = Callable[[Drawing, Random], list[InkBatch]]


class ServerSilent(TimeoutError):
    """The server does not send a message that must come."""


@dataclass(frozen=True, slots=True)
class PlayedRound:
    """One round from the player's side.

    Attributes:
        target: the character asked for.
        writer: whose drawing was copied.
        outcome: how the round ended.
        label: what the drawing was read as; None if nothing was sent.
        seconds: time from the prompt to the verdict, by the player's clock.
        ink: share of the drawing that had been sent by then, 0..1.
        strokes_left: strokes that the player had not begun by then.
    """

    target: str
    writer: int
    outcome: str
    label: str | None
    seconds: float
    ink: float
    strokes_left: int


@dataclass(slots=True)
class PlayedGame:
    """A game from the player's side. It ended with ``over``, or when the socket was ``closed``.

    Attributes:
        waits: after each hit, the seconds from the last point that was sent to the next prompt.
    """

    welcome: Welcome
    rounds: list[PlayedRound] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    over: Over | None = None
    closed: Closed | None = None


class Player:
    """Plays one game over one socket.

    Args:
        client: an open and unused socket.
        choose: returns the drawing to copy for a target.
        rng: decides where and how fast it is drawn.
        notice: is called with each verdict as soon as it arrives.
        pace: returns the messages that a drawing is sent in.
        reaction_seconds: shortest and longest time from seeing a prompt to the first touch of the pen.

    Attributes:
        welcome: the state of the game when it was joined; None before that.
    """

    def __init__(
        self,
        client: PlayClient,
        choose: Choose,
        rng: Random,
        notice: Callable[[Verdict], object] | None = None,
        *,
        pace: Pace = pace_drawing,
        reaction_seconds: tuple[float, float] = REACTION_SECONDS,
    ) -> None:
        self._client = client
        self._choose = choose
        self._rng = rng
        self._notice = notice
        self._pace = pace
        self._reaction_seconds = reaction_seconds
        self._inbox: asyncio.Queue[Message | Exception] = asyncio.Queue()
        self.welcome: Welcome | None = None
        self._sent_at = 0.0  # when the last points were sent

    async def play(self, mode: str, alphabet: str, name: str, resume: str | None = None) -> PlayedGame:
        """Play until the game is over or the socket is closed: a new game, or the one of the token ``resume``.

        Raises:
            Closed: if the socket is closed before the game starts.
            ConnectionError: if the server breaks the protocol.
            ServerSilent: if it stops answering.
        """
        reader = asyncio.create_task(self._fill_inbox())
        try:
            await self._client.join(mode, alphabet, name, resume)
            welcome = await self._receive_next(SILENCE_SECONDS)
            if not isinstance(welcome, Welcome):
                raise ConnectionError(f"Expected a welcome, not {welcome}")
            self.welcome = welcome
            game = PlayedGame(welcome)
            try:
                if resume and (prompt := welcome.prompt):
                    await self._play_round(game, Prompt(prompt.round, prompt.target, prompt.remaining_ms))
                await self._play_rounds(game)
            except Closed as closed:
                game.closed = closed
            return game
        finally:
            reader.cancel()

    async def _play_rounds(self, game: PlayedGame) -> None:
        waiting_since = time.monotonic()
        while game.over is None:
            message = await self._receive_next(waiting_since + SILENCE_SECONDS - time.monotonic())
            if isinstance(message, Prompt):
                if game.rounds and game.rounds[-1].outcome == "hit":
                    game.waits.append(time.monotonic() - self._sent_at)
                await self._play_round(game, message)
                waiting_since = time.monotonic()
            elif isinstance(message, Over):
                game.over = message
            elif isinstance(message, Refusal):
                game.refusals.append(message)

    async def _play_round(self, game: PlayedGame, prompt: Prompt) -> None:
        prompted_at = time.monotonic()
        sample = self._choose(prompt.target)
        batches = self._pace(place_randomly(sample, self._rng), self._rng)
        touched_at = prompted_at + self._rng.uniform(*self._reaction_seconds)
        sent = strokes = 0
        verdict = None
        for batch in batches:
            verdict = await self._wait_for_verdict(game, prompt, touched_at + batch.at)
            if verdict:
                break
            await self._client.send_ink(prompt.round, batch.stroke, batch.points, up=batch.up)
            self._sent_at = time.monotonic()
            sent += len(batch.points) // 3
            strokes = batch.stroke + 1
        if verdict is None:
            verdict = await self._wait_for_verdict(game, prompt, time.monotonic() + PATIENCE_SECONDS)
        if verdict is None:
            await self._client.send_skip(prompt.round)
            verdict = await self._wait_for_verdict(game, prompt, time.monotonic() + SILENCE_SECONDS)
        if isinstance(verdict, Over):
            game.over = verdict
            return
        if verdict is None:
            raise ServerSilent(
                f"There was no verdict on round {prompt.round} for {SILENCE_SECONDS:.0f} s after it was skipped"
            )
        game.verdicts.append(verdict)
        seconds = time.monotonic() - prompted_at
        game.rounds.append(
            PlayedRound(
                prompt.target,
                sample.writer,
                verdict.outcome,
                verdict.label,
                seconds,
                sent / sample.point_count,
                len(sample.strokes) - strokes,
            )
        )

    async def _wait_for_verdict(self, game: PlayedGame, prompt: Prompt, until: float) -> Verdict | Over | None:
        """Return the round's verdict, or None once the clock reads ``until``.

        A server that stops ends the game without a verdict; then this returns the game's end.
        """
        while True:
            try:
                message = await self._receive_next(until - time.monotonic())
            except ServerSilent:
                return None
            if isinstance(message, Over) or (isinstance(message, Verdict) and message.round == prompt.round):
                return message
            if isinstance(message, Refusal):
                game.refusals.append(message)

    async def _receive_next(self, seconds: float) -> Message:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                message = await self._inbox.get()
        except TimeoutError:
            raise ServerSilent(f"No message in {seconds:.1f} s") from None
        if isinstance(message, Exception):
            raise message
        return message

    async def _fill_inbox(self) -> None:
        try:
            while True:
                message = await self._client.receive()
                if self._notice and isinstance(message, Verdict):
                    self._notice(message)
                await self._inbox.put(message)
        except Exception as error:  # the player has to see it, whatever it is
            await self._inbox.put(error)
