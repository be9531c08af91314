"""A game while it is played: one task that takes moves, guesses and the clock, one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from feedback.errors import PlayerDeleted, StoreError
from feedback.records import RANKED_MODES
from feedback.store import Store
from game import metrics
from game.inference.live import LiveRecognizer
from game.play import records
from game.play.protocol import (
    Close,
    Error,
    FinishedRound,
    Guess,
    Move,
    Outgoing,
    Over,
    Prompt,
    ProtocolError,
    RunningRound,
    Welcome,
)
from game.play.records import GameInfo
from game.play.send_queue import SendQueue
from game.rules import tuning
from game.rules.challenge import Challenge, GuessRequest, RoundResult
from recognition import Prediction

Clock = Callable[[], int]
T = TypeVar("T")

_QUEUED: Final = 64
_STORE_UNAVAILABLE: Final = Error(
    "store_unavailable", "The server cannot keep your game right now. It is trying again; the clock stands still."
)
_GAME_LOST: Final = Error("game_lost", "The server could not keep your game. It has to end here.")
_BROKEN: Final = Error("internal_error", "Something went wrong on the server. Please start a new game.")
_GAME_OVER: Final = Error("game_over", "This game is over.")

_log = logging.getLogger(__name__)


def monotonic_ms() -> int:
    """Return the reading of a clock that only goes forward, in milliseconds."""
    return time.monotonic_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class _Arrival:
    outbox: SendQueue
    token: str


@dataclass(frozen=True, slots=True)
class _Departure:
    outbox: SendQueue


@dataclass(frozen=True, slots=True)
class _Deed:
    outbox: SendQueue
    move: Move
    at_ms: int


_Event = _Arrival | _Departure | _Deed | None  # None: look at what has changed elsewhere


class _Lost(Exception):
    """The store failed for too long."""


class GameSession:
    """A game and whoever is connected to it, if anybody is.

    Attributes:
        played: whose game it is.
        has_ended: whether nobody can connect to it any more.
    """

    def __init__(
        self,
        played: GameInfo,
        challenge: Challenge,
        guesser: LiveRecognizer,
        store: Store,
        clock: Clock = monotonic_ms,
    ) -> None:
        self.played = played
        self._challenge = challenge
        self._guesser = guesser
        self._store = store
        self._clock = clock
        self._inbox: asyncio.Queue[_Event] = asyncio.Queue()
        self._room = asyncio.Event()
        self._outbox: SendQueue | None = None
        self._left_ms = clock()  # when the last client left
        self._reached_ms = clock()  # how far everything that arrived has been taken in
        self._rounds: list[FinishedRound] = []
        self._over: Over | None = None
        self._guessing: asyncio.Task[None] | None = None
        self._guessed: tuple[GuessRequest, Prediction | None] | None = None
        self._latest_guess: Guess | None = None
        self._stopping = False
        self.has_ended = False

    @property
    def is_over(self) -> bool:
        """Whether the game has ended; its player may still be connected."""
        return self._over is not None

    def arrive(self, outbox: SendQueue, token: str) -> None:
        """Connect a client, in place of another one if there is one. ``token`` will resume the game."""
        self._inbox.put_nowait(_Arrival(outbox, token))

    def depart(self, outbox: SendQueue) -> None:
        """Note that a client is gone; the game waits for it to come back."""
        self._inbox.put_nowait(_Departure(outbox))

    async def take(self, outbox: SendQueue, move: Move, at_ms: int) -> None:
        """Take a move that a client sent and that arrived at ``at_ms``; waits while many are still to be made."""
        while self._inbox.qsize() >= _QUEUED and not self.has_ended:
            self._room.clear()
            await self._room.wait()
        self._inbox.put_nowait(_Deed(outbox, move, at_ms))

    def stop(self) -> None:
        """Have the game stored as it stands, and end."""
        self._stopping = True
        self._nudge()

    async def run(self) -> None:
        """Play until the game is over and its player has left, or did not come back."""
        farewell = Close.RESTARTING, "the server restarts"
        try:
            with metrics.GAMES_RUNNING.track_inprogress():
                while not self._is_done():
                    await self._step()
            self.has_ended = True
            if not self.is_over:
                await self._finish()
        except PlayerDeleted as error:
            self._post(Error("player_deleted", str(error)))
            farewell = Close.DELETED, "everything was deleted"
        except _Lost:
            _log.error("A game is lost, since the store failed for too long: %s", self.played.id)
            self._post(_GAME_LOST)
            farewell = Close.FAILED, "the game is lost"
        except Exception:
            self._post(_BROKEN)
            farewell = Close.FAILED, "internal error"
            raise
        finally:
            self.has_ended = True
            self._room.set()
            if self._guessing:
                self._guessing.cancel()
            self._dismiss(*farewell)

    async def _step(self) -> None:
        event = await self._next_event()
        if isinstance(event, _Deed):
            self._reached_ms = event.at_ms
            self._do(event)
        elif isinstance(event, _Arrival):
            self._welcome(event)
        elif isinstance(event, _Departure):
            self._part(event)
        if self._inbox.empty():
            # Else what is still in there may have arrived before the time was up.
            self._reached_ms = self._clock()
        self._take_guess()
        while (finished := self._challenge.settle(self._reached_ms)) is not None:
            await self._conclude(finished)
        self._ask_for_guess()

    async def _next_event(self) -> _Event:
        event = None
        if not self._inbox.empty():
            event = self._inbox.get_nowait()
        else:
            wake_ms = self._wake_ms()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if wake_ms is None else max(0, wake_ms - self._clock()) / 1000):
                    event = await self._inbox.get()
        self._room.set()
        return event

    def _wake_ms(self) -> int | None:
        times = [
            self._challenge.wake_ms,
            None if self._outbox else self._left_ms + round(1000 * tuning.SEAT_SECONDS),
        ]
        return min((time_ms for time_ms in times if time_ms is not None), default=None)

    def _is_done(self) -> bool:
        if self._outbox or not self._inbox.empty():
            return self._stopping
        return self._stopping or self._clock() >= self._left_ms + round(1000 * tuning.SEAT_SECONDS)

    def _welcome(self, arrival: _Arrival) -> None:
        self._close(Close.TAKEN_OVER, "resumed elsewhere")
        self._outbox = arrival.outbox
        challenge = self._challenge
        is_fresh = challenge.number == 0
        now_ms = self._clock()
        if is_fresh:
            challenge.begin(now_ms)
        remaining_ms = challenge.remaining_ms(now_ms)
        running = RunningRound(challenge.number, challenge.target, remaining_ms, challenge.ink.on_the_wire())
        self._post(
            Welcome(
                game=self.played.id,
                token=arrival.token,
                mode=challenge.mode,
                alphabet=challenge.alphabet,
                duration_ms=challenge.duration_ms,
                remaining_ms=remaining_ms,
                score=challenge.score,
                combo=challenge.combo,
                best_combo=challenge.best_combo,
                hits=challenge.hits,
                prompt=running if challenge.is_running else None,
                rounds=list(self._rounds),
                model=self._guesser.model,
            )
        )
        if is_fresh:
            self._post(Prompt(challenge.number, challenge.target, remaining_ms))
        elif self._latest_guess:
            self._post(self._latest_guess)
        if self._over:
            self._post(self._over)

    def _part(self, departure: _Departure) -> None:
        if departure.outbox is self._outbox:
            self._outbox = None
            self._left_ms = self._clock()

    def _do(self, deed: _Deed) -> None:
        if deed.outbox is not self._outbox:
            return
        if self._over:
            self._refuse(_GAME_OVER)
            return
        erasures = self._challenge.ink.erasures
        try:
            self._challenge.move(deed.move, deed.at_ms)
        except ProtocolError as error:
            self._refuse(Error(error.code, str(error)))
        if self._challenge.ink.erasures != erasures:
            self._latest_guess = None

    def _take_guess(self) -> None:
        if self._guessed is None:
            return
        (look, prediction), self._guessed = self._guessed, None
        self._guessing = None
        if self._challenge.guessed(look, prediction) and prediction is not None:
            metrics.GUESS_SECONDS.observe(max(0, self._clock() - look.at_ms) / 1000)
            best = [(c.label, round(c.probability, 4)) for c in prediction.candidates[: tuning.CANDIDATES]]
            self._latest_guess = Guess(look.round, look.points, best, prediction.model)
            self._post(self._latest_guess)

    def _ask_for_guess(self) -> None:
        if self._guessing is None and (look := self._challenge.look()):
            self._guessing = asyncio.create_task(self._guess(look))

    async def _guess(self, look: GuessRequest) -> None:
        prediction = None
        try:
            prediction = await self._guesser.guess(look.strokes, self._challenge.alphabet)
        except Exception:
            # A drawing that cannot be recognised is one that is not understood; the game goes on.
            _log.exception("A drawing could not be recognised.")
        self._guessed = look, prediction
        self._nudge()

    async def _conclude(self, finished: RoundResult) -> None:
        """Store a round, tell how it ended, and go on to the next one or to the end."""
        record = records.make_round(self.played, self._challenge, finished)
        await self._stored(lambda: self._store.add_round(record))
        metrics.ROUNDS.labels(finished.outcome).inc()
        told = records.make_verdict(record.id, finished)
        self._rounds.append(records.summarize_round(told))
        self._latest_guess = None
        self._post(told)
        if self._challenge.is_over:
            await self._finish()
        else:
            self._challenge.begin(self._clock())
            number, target = self._challenge.number, self._challenge.target
            self._post(Prompt(number, target, finished.remaining_ms))

    async def _finish(self) -> None:
        game = records.make_game(self.played, self._challenge, len(self._rounds), is_finished=True)
        rank = await self._stored(lambda: self._store.finish_game(game))
        self._over = records.make_over(game, list(self._rounds), rank if game.mode in RANKED_MODES else None)
        self._post(self._over)

    async def _stored(self, write: Callable[[], Awaitable[T]]) -> T:
        """Return what ``write`` returns, tried again and again while the store fails.

        Raises:
            _Lost: if it fails for too long.
        """
        wait, longest = tuning.STORE_RETRY_SECONDS
        give_up_ms = self._clock() + round(1000 * tuning.STORE_SECONDS)
        is_told = False
        while True:
            try:
                return await write()
            except StoreError as error:
                _log.error("The store failed: %s", error)
                if self._clock() >= give_up_ms:
                    raise _Lost from error
            if not is_told:
                self._post(_STORE_UNAVAILABLE)
                is_told = True
            await asyncio.sleep(wait)
            wait = min(longest, 2 * wait)

    def _nudge(self) -> None:
        self._inbox.put_nowait(None)

    def _post(self, message: Outgoing) -> None:
        if self._outbox:
            self._outbox.post(message)

    def _refuse(self, error: Error) -> None:
        metrics.MESSAGES_REFUSED.labels(error.code).inc()
        self._post(error)

    def _dismiss(self, code: int, reason: str) -> None:
        """Close the client that is connected, and those that were about to be."""
        self._close(code, reason)
        while not self._inbox.empty():
            event = self._inbox.get_nowait()
            if isinstance(event, _Arrival):
                event.outbox.close(code, reason)

    def _close(self, code: int, reason: str) -> None:
        if self._outbox:
            self._outbox.close(code, reason)
