"""One running game: a task that takes moves, guesses and the passing of time as events, one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

from feedback.errors import GameMoved, PlayerDeleted
from feedback.running_games import RunningGame
from feedback.store import Store
from game import metrics
from game.inference.live import LiveRecognizer
from game.inference.player_hands import choose_no_hand
from game.play import failures, records
from game.play.alarm import Alarm
from game.play.clock import Clock, read_monotonic_ms
from game.play.events import (
    CheckRequested,
    ClientArrived,
    ClientLeft,
    Event,
    FinishRequested,
    GuessFinished,
    MoveReceived,
    StopRequested,
    TimePassed,
)
from game.play.game_hand import GameHand
from game.play.game_storage import GameLost, GameStorage
from game.play.guessing import Guessing
from game.play.protocol import Close, Error, FinishedRound, FromServer, Guess, Over, Prompt
from game.play.records import GameInfo
from game.play.room_seat import RoomSeat
from game.play.saved_game import encode_game
from game.play.send_queue import SendQueue
from game.rules import tuning
from game.rules.challenge import Challenge, RoundResult
from game.rules.moves import Move, Refused

_QUEUED: Final = 64
_log = logging.getLogger(__name__)


class GameSession:
    """A running game and the client that is connected to it, if there is one.

    Attributes:
        info: whose game it is.
        seat: its place in a room; None if it is played alone.
        has_ended: whether no client can connect to it any more.
        is_lost: whether it ended without being stored.

    Args:
        info: whose game it is.
        challenge: the game itself.
        running: what the store holds of it.
        recognizer: guesses.
        store: stores it.
        clock: the clock of ``challenge``.
        rounds: those that are over.
        countdown_ms: from the welcome of a new game to the start of its clock.
        seat: its place in a room, if it has one. The room starts it.
        hand: the player's hand.
    """

    def __init__(
        self,
        info: GameInfo,
        challenge: Challenge,
        running: RunningGame,
        recognizer: LiveRecognizer,
        store: Store,
        clock: Clock = read_monotonic_ms,
        rounds: Iterable[FinishedRound] = (),
        countdown_ms: int = 0,
        seat: RoomSeat | None = None,
        hand: GameHand | None = None,
    ) -> None:
        self.info = info
        self.seat = seat
        self._hand = hand
        self._challenge = challenge
        unavailable = failures.STORE_UNAVAILABLE_IN_ROOM if seat else failures.STORE_UNAVAILABLE
        self._storage = GameStorage(store, running, clock, lambda: self._post(unavailable))
        self._clock = clock
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._has_space = asyncio.Event()
        self._queue: SendQueue | None = None
        self._left_ms = clock()  # when the last client left
        self._reached_ms = clock()  # all events up to this time have been handled
        self._rounds = list(rounds)
        self._countdown_ms = countdown_ms
        self._over: Over | None = None
        self._guessing = Guessing(recognizer, self._events.put_nowait, hand.choose if hand else choose_no_hand)
        self._is_guessing = False  # until the answer was handled
        self._alarm = Alarm(clock, self._find_wake_ms, lambda: self._events.put_nowait(TimePassed()))
        self._latest_guess: Guess | None = None
        self._is_stopping = False
        self.has_ended = self.is_lost = False
        if seat:
            seat.open(lambda: self._events.put_nowait(TimePassed()))

    @property
    def epoch(self) -> int:
        """How often the game was taken over; the store refuses what an earlier session of the game writes."""
        return self._storage.epoch

    @property
    def is_over(self) -> bool:
        """Whether the game is over; its player may still be connected."""
        return self._over is not None

    def connect(self, queue: SendQueue, token: str) -> None:
        """Connect a client, in place of any other. ``token`` will resume the game."""
        self._events.put_nowait(ClientArrived(queue, token))

    def disconnect(self, queue: SendQueue) -> None:
        """Note that a client is gone; the game waits for it to come back."""
        self._events.put_nowait(ClientLeft(queue))

    async def take(self, queue: SendQueue, move: Move, at_ms: int) -> None:
        """Take a move that a client sent and that arrived at ``at_ms``; waits while many others are queued."""
        while self._events.qsize() >= _QUEUED and not self.has_ended:
            self._has_space.clear()
            await self._has_space.wait()
        self._events.put_nowait(MoveReceived(queue, move, at_ms))

    def finish(self, queue: SendQueue) -> None:
        """End the game now, because its client wants that; one that has not begun is left as it is."""
        self._events.put_nowait(FinishRequested(queue))

    def check(self) -> None:
        """End this session if another process has taken the game over, or if its player was deleted."""
        self._events.put_nowait(CheckRequested())

    def stop(self) -> None:
        """Store the game as it stands, so that it can be resumed, and end this session."""
        self._events.put_nowait(StopRequested())

    async def run(self) -> None:
        """Play until the game is over and its player has left or has not come back in time, or until `stop`."""
        close = Close.RESTARTING, "the server restarts"
        try:
            with metrics.GAMES_RUNNING.track_inprogress():
                while not self._is_done():
                    await self._handle(await self._wait_for_event())
            self.has_ended = True
            if not self.is_over:
                await (self._suspend() if self._is_stopping or self.seat else self._finish())
        except GameMoved as moved:
            # A game ends without its session if all other servers took this one for dead.
            elsewhere = Close.TAKEN_OVER, "resumed elsewhere"
            close = (Close.MAY_RECONNECT, "the game has ended") if moved.has_ended else elsewhere
        except PlayerDeleted as error:
            self._post(Error("player_deleted", str(error)))
            close = Close.DELETED, "everything was deleted"
        except GameLost:
            _log.error(
                "The store failed for too long, so a game was stopped after its last stored round: %s",
                self.info.id,
            )
            self.is_lost = True
            self._post(failures.GAME_LOST)
            close = Close.FAILED, "the game is lost"
        except Exception:
            self.is_lost = True
            self._post(failures.BROKEN)
            close = Close.FAILED, "internal error"
            raise
        finally:
            self.has_ended = True
            self._has_space.set()
            self._alarm.drop()
            if self.seat:
                self.seat.close()
            self._guessing.close()
            # A hand is large, and a session that has ended waits for the garbage collector, which comes rarely.
            self._hand = None
            self._close_clients(*close)

    async def _wait_for_event(self) -> Event:
        if self._events.empty():
            self._alarm.set()
        event = await self._events.get()
        self._has_space.set()
        return event

    async def _handle(self, event: Event) -> None:
        match event:
            case MoveReceived():
                self._reached_ms = event.at_ms
                self._move(event)
            case FinishRequested():
                if event.queue is self._queue and self._challenge.rounds_begun:
                    self._challenge.stop()
            case GuessFinished():
                self._take_guess(event)
            case ClientArrived():
                await self._welcome(event)
            case ClientLeft():
                await self._note_left(event)
            case CheckRequested():
                await self._save()
            case StopRequested():
                self._is_stopping = True
            case TimePassed():
                pass
        if self._events.empty():
            # Only now: a move that is still queued may have arrived before the time was up.
            self._reached_ms = self._clock()
        while (result := self._challenge.settle(self._reached_ms)) is not None:
            await self._conclude(result)
        if not self.is_over:
            await self._go_on()
        self._start_guess()

    def _find_wake_ms(self) -> int | None:
        times = (self._challenge.wake_ms, self._leaves_at_ms)
        return min((time_ms for time_ms in times if time_ms is not None), default=None)

    @property
    def _leaves_at_ms(self) -> int | None:
        """When the game no longer waits for its player; None while that is not in sight."""
        if self._queue:
            return None
        if self.seat is None or self.is_over:
            return self._left_ms + round(1000 * tuning.SEAT_SECONDS)
        # In a room it is stored and let go before the start. After that it stays to the end.
        return self._left_ms + round(1000 * tuning.LOBBY_SECONDS) if self.seat.is_waiting else None

    def _is_done(self) -> bool:
        if self._is_stopping:
            return True
        leaves_at_ms = self._leaves_at_ms
        return leaves_at_ms is not None and self._events.empty() and self._clock() >= leaves_at_ms

    async def _welcome(self, arrival: ClientArrived) -> None:
        self._close(Close.TAKEN_OVER, "resumed elsewhere")
        self._queue = arrival.queue
        challenge = self._challenge
        if not self.is_over:
            await self._storage.save_token(arrival.token, self._encode())
        is_new = challenge.rounds_begun == 0 and self.seat is None
        now_ms = self._clock()
        if is_new:
            challenge.begin(now_ms, self._countdown_ms)
        welcome = records.make_welcome(
            self.info, challenge, self._rounds, arrival.token, self._guessing.model, now_ms
        )
        self._post(welcome)
        if is_new and welcome.prompt:
            self._post(Prompt(welcome.prompt.round, welcome.prompt.target, welcome.remaining_ms))
        elif self._latest_guess:
            self._post(self._latest_guess)
        if self._over:
            self._post(self._over)
        if self.seat:
            self.seat.connect(arrival.queue)

    async def _note_left(self, departure: ClientLeft) -> None:
        if departure.queue is self._queue:
            self._queue = None
            self._left_ms = self._clock()
            if self.seat:
                self.seat.disconnect(departure.queue)
            await self._save()  # the player may come back to another process

    def _move(self, event: MoveReceived) -> None:
        if event.queue is not self._queue:
            return
        if self._over:
            self._refuse(failures.GAME_OVER)
            return
        try:
            self._challenge.move(event.move, event.at_ms)
        except Refused as refused:
            self._refuse(Error(refused.code, str(refused)))
        round_ = self._challenge.round
        if round_ and round_.guess and round_.guess[0].erasures != round_.drawing.erasures:
            self._latest_guess = None  # it saw something that was taken back

    def _start_guess(self) -> None:
        if not self._is_guessing and (request := self._challenge.request_guess()):
            self._is_guessing = True
            self._guessing.start(request, self._challenge.alphabet)

    def _take_guess(self, event: GuessFinished) -> None:
        self._is_guessing = False
        request, prediction = event.request, event.prediction
        if self._challenge.take_guess(request, prediction) and prediction is not None:
            metrics.GUESS_SECONDS.observe(max(0, self._clock() - request.at_ms) / 1000)
            self._latest_guess = records.make_guess(request, prediction, self._challenge.alphabet)
            self._post(self._latest_guess)

    async def _conclude(self, result: RoundResult) -> None:
        """Store a round, send its verdict, and go on to the next round or to the end."""
        record = records.make_game_round(self.info, self._challenge, result)
        lesson = self._hand.make_lesson(result) if self._hand else None
        state = await self._storage.add_round(record, self._encode(), lesson)
        is_known = bool(self._hand and lesson and state and self._hand.learn(record.id, lesson, state))
        metrics.ROUNDS.labels(result.outcome).inc()
        verdict = records.make_verdict(record.id, result, is_known=is_known)
        self._rounds.append(records.summarize_round(verdict))
        self._latest_guess = None
        self._post(verdict)
        if self.seat:
            self.seat.report_round(result, self._challenge.hits)

    async def _go_on(self) -> None:
        """Begin the next round or end the game, if it is time for that."""
        challenge, now_ms = self._challenge, self._clock()
        if challenge.round is None:
            challenge.advance(now_ms)
        if challenge.is_over:
            await self._finish()
        elif (next_ms := challenge.next_round_ms) is not None and next_ms <= now_ms:
            round_ = challenge.begin(now_ms)
            self._post(Prompt(round_.number, round_.target, challenge.get_remaining_ms(now_ms)))

    async def _finish(self) -> None:
        game = records.make_game(self.info, self._challenge, len(self._rounds), is_finished=True)
        rank = await self._storage.finish(game)
        self._over = records.make_over(game, list(self._rounds), rank)
        self._post(self._over)
        if self.seat:
            self.seat.report_over()

    async def _suspend(self) -> None:
        """Let any process resume the game. Its clock stands still until then."""
        await self._storage.release(self._encode())
        self._post(failures.RESTARTING)

    async def _save(self) -> None:
        if not self.is_over:
            await self._storage.save(self._encode())

    def _encode(self) -> str:
        return encode_game(self.info, self._challenge, self._clock())

    def _post(self, message: FromServer) -> None:
        if self._queue:
            self._queue.post(message)

    def _refuse(self, error: Error) -> None:
        metrics.MESSAGES_REFUSED.labels(error.code).inc()
        self._post(error)

    def _close_clients(self, code: int, reason: str) -> None:
        """Close the connected client, and those whose arrival is still queued."""
        self._close(code, reason)
        while not self._events.empty():
            event = self._events.get_nowait()
            if isinstance(event, ClientArrived):
                event.queue.close(code, reason)

    def _close(self, code: int, reason: str) -> None:
        if self._queue:
            self._queue.close(code, reason)
