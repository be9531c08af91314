"""Opens games: new ones, and those that the store holds since their process has stopped or is another one."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Final

import msgspec

from feedback.dailies import get_day
from feedback.ids import make_id
from feedback.records import RANKED_MODES
from feedback.running_games import RunningGame, TakenGame
from feedback.store import Store
from game import metrics
from game.inference.live import LiveRecognizer
from game.inference.player_hands import PlayerHands
from game.play import records
from game.play.clock import Clock
from game.play.game_hand import GameHand
from game.play.live_room import LiveRoom
from game.play.protocol import FinishedRound, FromServer, Join
from game.play.records import GameInfo
from game.play.room_seat import RoomSeat
from game.play.rooms import Rooms
from game.play.saved_game import decode_game, encode_game, hash_token
from game.play.session import GameSession
from game.rules import tuning
from game.rules.challenge import Challenge
from game.rules.clocks import SharedClock, restore_clock
from game.rules.daily import make_daily_seed
from game.rules.modes import ADAPTED_MODES, DAILY, DUEL
from game.rules.prompts import Adapt, favor_slow_targets, make_seed, shuffle_prompts
from game.rules.room import Seat
from recognition.alphabets import get_characters

_OPENING_PAUSES: Final = (0.2, 0.8)  # s between looks for a game that begins

_log = logging.getLogger(__name__)


class GameOpener:
    """Makes the sessions of games, and stores that this process holds them.

    Args:
        server: the id of this process.
        store: where games are stored.
        recognizer: the recognizer that guesses.
        clock: the clock of the games.
        secret: decides the prompts of the dailies.
        rooms: the rooms of this process.
        hands: the hands of the players.
    """

    def __init__(
        self,
        server: str,
        store: Store,
        recognizer: LiveRecognizer,
        clock: Clock,
        secret: str,
        rooms: Rooms,
        hands: PlayerHands,
    ) -> None:
        self._hands = hands
        self._server = server
        self._rooms = rooms
        self._store = store
        self._recognizer = recognizer
        self._clock = clock
        self._secret = secret

    async def open(self, join: Join, name: str, player: str, token: str, unranked: str | None) -> GameSession:
        """Return a new game, which ``token`` will resume.

        If ``unranked`` is given, the game is not ranked for that reason, whatever its hits.

        Raises:
            StoreError: if it cannot be stored.
            PlayerDeleted: if its player has deleted all their data.
            AlreadyPlayed: if it is a daily that its player has begun before.
        """
        seed = make_seed()
        model = self._recognizer.model
        info = records.make_game_info(player, name, model, seed, unranked, join.characters or "")
        if join.mode == DAILY:
            # A daily that begins just before midnight is of the day that its stored start says.
            seed = make_daily_seed(self._secret, get_day(info.started_at), join.alphabet)
            info = dataclasses.replace(info, seed=seed)
        prompts = _shuffle_prompts(info, join.alphabet)
        challenge = Challenge(join.mode, join.alphabet, prompts, _choose_adapt(info, join.mode))
        running = await self._start(info, challenge, token)
        countdown_ms = tuning.COUNTDOWN_MS if join.countdown else 0
        return await self._make_session(info, challenge, running, countdown_ms=countdown_ms)

    async def open_seat(
        self, live: LiveRoom, seat: Seat, player: str, token: str, *, is_new: bool
    ) -> GameSession | None:
        """Return the game of a seat, which ``token`` will resume: a new one, or the one that runs somewhere.

        Returns:
            the game; None if it has ended.

        Raises:
            Refused, StoreError, PlayerDeleted: as `Rooms.open` and `open`.
        """
        if not is_new:
            for pause in _OPENING_PAUSES:
                taken = await self._store.running_games.take_game(
                    seat.game, player, self._server, hash_token(token)
                )
                if taken:
                    return await self._restore(taken)
                if stored := await self._store.get_game(seat.game):
                    if stored[1] or live.state == "over":
                        return None
                    # It was ended while its player was away, before anybody drew.
                    seat = await self._rooms.change_game(live, seat.number, make_id())
                    break
                await asyncio.sleep(pause)  # perhaps another process opens it just now
        room = live.room
        info = GameInfo(
            id=seat.game,
            player=player,
            name=seat.name,
            model=self._recognizer.model,
            started_at=datetime.now(UTC),
            seed=room.seed,
            room=room.code,
            seat=seat.number,
        )
        clock = SharedClock(room.duration_ms)
        challenge = Challenge(DUEL, room.alphabet, _shuffle_prompts(info, room.alphabet), clock=clock)
        running = await self._start(info, challenge, token)
        place = RoomSeat(self._rooms, live, seat.number, player, clock)
        return await self._make_session(info, challenge, running, seat=place)

    async def holds(self, session: GameSession) -> bool:
        """Return whether no other process has taken the game over. A game that is over belongs to nobody."""
        epoch = await self._store.running_games.read_epoch(session.info.id)
        return epoch is None or epoch == session.epoch

    async def describe_finished(self, live: LiveRoom, seat: Seat) -> tuple[FromServer, ...]:
        """Return what to tell the player of a seat whose game has ended."""
        stored = await self._store.get_game(seat.game)
        return records.make_finished_messages(*stored, live.room.code, seat.number) if stored else ()

    @property
    def model(self) -> str:
        """The version of the model in service."""
        return self._recognizer.model

    async def _start(self, info: GameInfo, challenge: Challenge, token: str) -> RunningGame:
        state = encode_game(info, challenge, self._clock())
        running = RunningGame(info.id, info.player, self._server, 0, hash_token(token), state)
        await self._store.start_game(records.make_game(info, challenge, 0, is_finished=False), running)
        metrics.GAMES_STARTED.labels(challenge.mode).inc()
        return running

    async def take(self, token: str, player: str, new_token: str) -> GameSession | None:
        """Take over the game that ``token`` resumes, and return it; None if ``player`` has no such game.

        Raises:
            StoreError: if the store cannot be used.
        """
        taken = await self._store.running_games.take(
            hash_token(token), player, self._server, hash_token(new_token)
        )
        return await self._restore(taken) if taken else None

    async def _restore(self, taken: TakenGame) -> GameSession | None:
        """Return a game that was taken over; None if its state makes no sense.

        Raises:
            Refused: if its room was deleted, or its player was removed from it.
        """
        game = taken.game
        try:
            saved = decode_game(taken.running.state)
        except msgspec.DecodeError as error:
            _log.error("The game %s cannot go on, because its state makes no sense: %s", game.id, error)
            return None
        info = GameInfo(
            id=game.id,
            player=game.player,
            name=game.name,
            model=game.model,
            started_at=game.started_at,
            seed=saved.seed,
            unranked=game.unranked,
            characters=saved.characters,
            room=saved.room,
            seat=saved.seat,
        )
        state = saved.challenge
        prompts = _shuffle_prompts(info, state.alphabet, after=state.rounds_begun)
        saved_at_ms = self._clock() - taken.passed_ms
        clock = restore_clock(state, saved_at_ms)
        challenge = Challenge.restore(state, prompts, saved_at_ms, _choose_adapt(info, state.mode), clock)
        challenge.round_times = records.list_round_times(taken.rounds)
        if game.mode in RANKED_MODES:
            challenge.traces = records.trace_rounds(taken.rounds)
        place = None
        if isinstance(clock, SharedClock):
            live = await self._rooms.open(info.room)
            live.room.require_player(game.player)
            place = RoomSeat(self._rooms, live, info.seat, game.player, clock)
        elif challenge.round is None and not challenge.is_over:
            challenge.begin(saved_at_ms)
        rounds = [records.summarize_stored_round(round_) for round_ in taken.rounds]
        metrics.GAMES_TAKEN_OVER.inc()
        return await self._make_session(info, challenge, taken.running, rounds, seat=place)

    async def _make_session(
        self,
        info: GameInfo,
        challenge: Challenge,
        running: RunningGame,
        rounds: Iterable[FinishedRound] = (),
        countdown_ms: int = 0,
        seat: RoomSeat | None = None,
    ) -> GameSession:
        player_hand = await self._hands.open(info.player)
        hand = GameHand(player_hand, self._hands, challenge.mode, challenge.alphabet)
        return GameSession(
            info,
            challenge,
            running,
            self._recognizer,
            self._store,
            self._clock,
            rounds,
            countdown_ms,
            seat,
            hand,
        )


def _shuffle_prompts(info: GameInfo, alphabet: str, after: int = 0) -> Iterator[str]:
    return shuffle_prompts(info.characters or get_characters(alphabet), info.seed, after)


def _choose_adapt(info: GameInfo, mode: str) -> Adapt | None:
    return partial(favor_slow_targets, info.seed) if mode in ADAPTED_MODES else None
