"""Stores one running game: each round that ends, the state in which it can be resumed, and its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from feedback.errors import StoreError
from feedback.records import Game, Round
from feedback.remembering import HandState, Lesson
from feedback.running_games import RunningGame
from feedback.store import Store
from game.play.clock import Clock
from game.play.saved_game import hash_token
from game.rules import tuning

T = TypeVar("T")

_log = logging.getLogger(__name__)


class GameLost(Exception):
    """The store failed for too long."""


class GameStorage:
    """Stores one running game, as long as this process holds it.

    All methods raise `GameMoved` if another process has taken the game over, and `PlayerDeleted` if its player has
    deleted all their data. Those that wait for a failing store raise `GameLost` if it fails for too long.

    Args:
        store: where games are stored.
        running: what the store holds of this one.
        clock: tells how long the store has failed.
        notify_failing: is called when the store has failed for the first time of a write.
    """

    def __init__(
        self, store: Store, running: RunningGame, clock: Clock, notify_failing: Callable[[], None]
    ) -> None:
        self._store = store
        self._running = running
        self._clock = clock
        self._notify_failing = notify_failing

    @property
    def epoch(self) -> int:
        """How often the game was taken over."""
        return self._running.epoch

    async def add_round(self, round_: Round, state: str, lesson: Lesson | None) -> HandState | None:
        """Store a round, the game's state after it, and what it teaches; waits while the store fails.

        Returns:
            the state of the player's hand, if the round teaches it something.
        """
        running = self._running._replace(state=state)
        return await self._try_patiently(lambda: self._store.running_games.add_round(round_, running, lesson))

    async def finish(self, game: Game) -> int | None:
        """Store a game that has ended, and return its rank if it has one; waits while the store fails."""
        return await self._try_patiently(lambda: self._store.finish_game(game, self._running))

    async def release(self, state: str) -> None:
        """Store the state, and let any process resume the game; waits while the store fails."""
        running = self._running._replace(state=state)
        await self._try_patiently(lambda: self._store.running_games.release(running))

    async def save(self, state: str) -> None:
        """Store the state, unless the store fails or takes long: the game goes on without it."""
        try:
            async with asyncio.timeout(tuning.SAVE_SECONDS):
                await self._store.running_games.save(self._running._replace(state=state))
        except (StoreError, TimeoutError) as error:
            _log.error("The state of a game was not stored: %s", str(error) or "it took too long")

    async def save_token(self, token: str, state: str) -> None:
        """Store the token that resumes the game from now on, and the state, as `save` does."""
        hashed = hash_token(token)
        if hashed != self._running.token:
            self._running = self._running._replace(token=hashed)
            await self.save(state)

    async def _try_patiently(self, write: Callable[[], Awaitable[T]]) -> T:
        wait, longest = tuning.STORE_RETRY_SECONDS
        give_up_ms = self._clock() + round(1000 * tuning.STORE_SECONDS)
        is_first = True
        while True:
            try:
                return await write()
            except StoreError as error:
                if self._clock() >= give_up_ms:
                    raise GameLost from error
                if is_first:  # with many games, each try would fill the log
                    _log.error("The store failed: %s", error)
                    self._notify_failing()
                    is_first = False
            await asyncio.sleep(wait)
            wait = min(longest, 2 * wait)
