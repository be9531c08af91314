"""Tells the other processes that this one is alive, and keeps its games in step with the store."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Final

from feedback.errors import StoreError
from feedback.store import Store
from game.play.clock import read_monotonic_ms
from game.play.records import judge_rounds
from game.play.registry import GameRegistry
from game.rules import tuning

_SECONDS: Final = 1.0
_IDLE_BEATS: Final = (
    3  # of which only one is written while no game runs, to spare the disk; less than ALIVE_SECONDS
)
_FINISHING_BEATS: Final = 5

_log = logging.getLogger(__name__)


class Heartbeat:
    """Beats once a second while a server runs.

    Args:
        server: the id of this process.
        process: its machine and its number, for people.
        store: where the processes and their games are stored.
        registry: the games that run here.
    """

    def __init__(self, server: str, process: str, store: Store, registry: GameRegistry) -> None:
        self._server = server
        self._process = process
        self._store = store
        self._registry = registry
        self._started_ms = read_monotonic_ms()
        self._unknown: dict[str, int] = {}  # games that the store counted as ours at the last beat, but do not run
        self._beats = 0

    async def run(self) -> None:
        """Beat until cancelled."""
        is_failing = False
        while True:
            try:
                await self.beat()
                is_failing = False
            except StoreError as error:
                if not is_failing:
                    _log.error("The store does not know that this server is alive: %s", error)
                is_failing = True
            await asyncio.sleep(_SECONDS)

    async def beat(self) -> None:
        """Say that this process is alive, and act on what has happened to its games meanwhile.

        Raises:
            StoreError: if the store cannot be used.
        """
        running = self._registry.list_running()
        beats, self._beats = self._beats, self._beats + 1
        if running or beats % _IDLE_BEATS == 0:
            held = await self._store.running_games.renew_server(self._server, self._process)
            self._registry.check(held)
            await self._abandon_unknown(held)
        if beats % _FINISHING_BEATS == 0:
            await self._finish_open_games()

    async def _abandon_unknown(self, held: dict[str, int]) -> None:
        """Give up the games that the store counts as ours, but that no session here plays."""
        running = self._registry.list_running()
        unknown = {game: epoch for game, epoch in held.items() if running.get(game) != epoch}
        # A game that begins is stored a moment before it runs, so only those count that were unknown before.
        lasting = {game: epoch for game, epoch in unknown.items() if self._unknown.get(game) == epoch}
        self._unknown = unknown
        if lasting:
            await self._store.running_games.abandon(lasting)

    async def _finish_open_games(self) -> None:
        """End the games that no process runs and that nobody has resumed in time."""
        if read_monotonic_ms() < self._started_ms + round(1000 * tuning.SEAT_SECONDS):
            return  # their players get time to come back after a restart
        before = await self._store.running_games.read_clock() - timedelta(seconds=tuning.SEAT_SECONDS)
        if number := await self._store.finish_open_games(before, judge_rounds):
            _log.warning("Ended %d games that nobody came back to, with the rounds that are stored.", number)
