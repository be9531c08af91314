"""Opens games: new ones, and those that the store holds since their process has stopped or is another one."""

from __future__ import annotations

import dataclasses
import logging
import secrets
from collections.abc import Iterator
from functools import partial
from typing import Final

import msgspec

from feedback.dailies import get_day
from feedback.records import RANKED_MODES
from feedback.running_games import RunningGame, TakenGame
from feedback.store import Store
from game import metrics
from game.inference.live import LiveRecognizer
from game.play import records
from game.play.clock import Clock
from game.play.protocol import Join
from game.play.records import GameInfo
from game.play.saved_game import decode_game, encode_game, hash_token
from game.play.session import GameSession
from game.rules import tuning
from game.rules.challenge import Challenge
from game.rules.daily import make_daily_seed
from game.rules.modes import ADAPTED_MODES, DAILY
from game.rules.prompts import Adapt, favor_slow_targets, shuffle_prompts
from recognition.alphabets import get_characters

_SEED_BYTES: Final = 16

_log = logging.getLogger(__name__)


class GameOpener:
    """Makes the sessions of games, and stores that this process holds them.

    Args:
        server: the id of this process.
        store: where games are stored.
        recognizer: the recognizer that guesses.
        clock: the clock of the games.
        secret: decides the prompts of the dailies.
    """

    def __init__(self, server: str, store: Store, recognizer: LiveRecognizer, clock: Clock, secret: str) -> None:
        self._server = server
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
        seed = secrets.token_hex(_SEED_BYTES)
        model = self._recognizer.model
        info = records.make_game_info(player, name, model, seed, unranked, join.characters or "")
        if join.mode == DAILY:
            # A daily that begins just before midnight is of the day that its stored start says.
            seed = make_daily_seed(self._secret, get_day(info.started_at), join.alphabet)
            info = dataclasses.replace(info, seed=seed)
        prompts = _shuffle_prompts(info, join.alphabet)
        challenge = Challenge(join.mode, join.alphabet, prompts, _choose_adapt(info, join.mode))
        state = encode_game(info, challenge, self._clock())
        running = RunningGame(info.id, player, self._server, 0, hash_token(token), state)
        await self._store.start_game(records.make_game(info, challenge, 0, is_finished=False), running)
        metrics.GAMES_STARTED.labels(join.mode).inc()
        countdown_ms = tuning.COUNTDOWN_MS if join.countdown else 0
        return GameSession(
            info, challenge, running, self._recognizer, self._store, self._clock, countdown_ms=countdown_ms
        )

    async def take(self, token: str, player: str, new_token: str) -> GameSession | None:
        """Take over the game that ``token`` resumes, and return it; None if ``player`` has no such game.

        Raises:
            StoreError: if the store cannot be used.
        """
        taken = await self._store.running_games.take(
            hash_token(token), player, self._server, hash_token(new_token)
        )
        if taken is None:
            return None
        try:
            session = self._restore(taken)
        except msgspec.DecodeError as error:
            _log.error("The game %s cannot go on, because its state makes no sense: %s", taken.game.id, error)
            return None
        metrics.GAMES_TAKEN_OVER.inc()
        return session

    def _restore(self, taken: TakenGame) -> GameSession:
        game, saved = taken.game, decode_game(taken.running.state)
        info = GameInfo(
            game.id,
            game.player,
            game.name,
            game.model,
            game.started_at,
            saved.seed,
            game.unranked,
            saved.characters,
        )
        state = saved.challenge
        prompts = _shuffle_prompts(info, state.alphabet, after=state.rounds_begun)
        saved_at_ms = self._clock() - taken.passed_ms
        challenge = Challenge.restore(state, prompts, saved_at_ms, _choose_adapt(info, state.mode))
        challenge.played = records.list_played_rounds(taken.rounds)
        if game.mode in RANKED_MODES:
            challenge.traces = records.trace_rounds(taken.rounds)
        if challenge.round is None and not challenge.is_over:
            challenge.begin(saved_at_ms)
        rounds = [records.summarize_stored_round(round_) for round_ in taken.rounds]
        return GameSession(info, challenge, taken.running, self._recognizer, self._store, self._clock, rounds)


def _shuffle_prompts(info: GameInfo, alphabet: str, after: int = 0) -> Iterator[str]:
    return shuffle_prompts(info.characters or get_characters(alphabet), info.seed, after)


def _choose_adapt(info: GameInfo, mode: str) -> Adapt | None:
    return partial(favor_slow_targets, info.seed) if mode in ADAPTED_MODES else None
