"""Tells the other processes that this one is alive, and keeps its games in step with the store."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

from feedback.errors import StoreError
from feedback.running_games import ALIVE_SECONDS, Renewal
from feedback.store import Store
from game.play.records import judge_rounds
from game.play.registry import GameRegistry
from game.rules import tuning

_SECONDS: Final = 1.0
_IDLE_BEATS: Final = (
    3  # of which only one is written while no game runs, to spare the disk; less than ALIVE_SECONDS
)
_FINISHING_SECONDS: Final = 5.0  # between two looks for games that nobody runs
_EXPIRY_SECONDS: Final = 60.0  # between two looks for rooms that have expired

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
        self._unknown: dict[str, int] = {}  # games that the store counted as ours at the last beat, but do not run
        self._beats = 0
        self._seen_since: datetime | None = None  # since when all servers can have beaten without a pause
        self._finished_at: datetime | None = None  # when open games were last ended
        self._expired_at: datetime | None = None  # when expired rooms were last deleted

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
            except Exception:
                _log.exception("A beat failed.")  # without the next ones, other servers would take over all games
            await asyncio.sleep(_SECONDS)

    async def beat(self) -> None:
        """Say that this process is alive, and act on what has happened to its games meanwhile.

        Raises:
            StoreError: if the store cannot be used.
        """
        is_due = self._beats % _IDLE_BEATS == 0 or bool(self._registry.list_running())
        self._beats += 1
        if not is_due:
            return
        renewal = await self._store.running_games.renew_server(self._server, self._process)
        self._registry.check(renewal.games)
        await self._abandon_unknown(renewal.games)
        await self._finish_open_games(renewal)
        await self._delete_expired_rooms(renewal.at)

    async def _abandon_unknown(self, held: dict[str, int]) -> None:
        """Give up the games that the store counts as ours, but that no session here plays."""
        running = self._registry.list_running()
        unknown = {game: epoch for game, epoch in held.items() if running.get(game) != epoch}
        # A game that begins is stored a moment before it runs, so only those count that were unknown before.
        lasting = {game: epoch for game, epoch in unknown.items() if self._unknown.get(game) == epoch}
        self._unknown = unknown
        if lasting:
            await self._store.running_games.abandon(lasting)

    async def _finish_open_games(self, renewal: Renewal) -> None:
        """End the games that no process runs and that nobody has resumed in time."""
        now, seat = renewal.at, timedelta(seconds=tuning.SEAT_SECONDS)
        # After a restart, or a pause of the store or of a machine, other servers and all players get time to come
        # back: those who run their games could not say so.
        if renewal.was_seen_at is None or now - renewal.was_seen_at > timedelta(seconds=ALIVE_SECONDS):
            self._seen_since = now
        self._seen_since = self._seen_since or now
        if now - self._seen_since < seat:
            return
        if self._finished_at and now - self._finished_at < timedelta(seconds=_FINISHING_SECONDS):
            return
        self._finished_at = now
        longest = timedelta(milliseconds=tuning.COUNTDOWN_MS + tuning.LONGEST_ROOM_MS)
        if number := await self._store.finish_open_games(now - seat, judge_rounds, now - seat - longest):
            _log.warning("Ended %d games that nobody came back to, with the rounds that are stored.", number)

    async def _delete_expired_rooms(self, now: datetime) -> None:
        if self._expired_at and now - self._expired_at < timedelta(seconds=_EXPIRY_SECONDS):
            return
        self._expired_at = now
        await self._store.rooms.delete_expired()
