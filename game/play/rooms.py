"""The rooms that somebody at this server sees or plays in, kept in step with the store and with other servers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final
from weakref import WeakValueDictionary

import msgspec

from feedback.errors import StoreError
from feedback.game_scores import GameScore
from feedback.notifications import Notifications
from feedback.store import Store
from game.play.clock import Clock
from game.play.database_time import DatabaseTime
from game.play.live_room import LiveRoom
from game.play.protocol import decode_rival, encode
from game.play.room_requests import Hide, Lock, Rematch, Remove, RoomRequest, Start
from game.play.room_snapshot import Rival
from game.play.room_storage import RoomNow, RoomStorage
from game.rules import tuning
from game.rules.moves import Refused
from game.rules.room import Person, Room, Seat, hash_secret

_LOOK_SECONDS: Final = 2.0
"""Between two looks at each room in the store: a killed server says nothing, and notifications can be lost."""
_IDLE_LOOKS: Final = 10
"""After so many looks, a room that nobody here uses is forgotten. Whoever joins needs a moment to use it."""
_END_MS: Final = 500
"""A game that ends so shortly before the time is up ends with all others."""

_log = logging.getLogger(__name__)


class Rooms:
    """The rooms of one server.

    A change is made in the store. Other servers are told that there is one, and read it. News of rivals are told
    as they are.

    Args:
        server: the id of this server.
        store: the store.
        notifications: what servers tell each other.
        clock: the clock of the games.
    """

    def __init__(self, server: str, store: Store, notifications: Notifications, clock: Clock) -> None:
        self._server = server
        self._store = store
        self._storage = RoomStorage(store.rooms)
        self._notifications = notifications
        self._clock = clock
        self._time = DatabaseTime(clock)
        self._live: dict[str, LiveRoom] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._stale: set[str] = set()  # rooms that will be read
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopping = False
        notifications.subscribe(self._hear, self._refresh_all)

    async def run(self) -> None:
        """Look at the rooms in the store again and again, until cancelled."""
        is_failing = False
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                for live in list(self._live.values()):
                    await self._look_at(live)
                is_failing = False
            except StoreError as error:
                if not is_failing:  # every look would fill the log
                    _log.error("The rooms cannot be read: %s", error)
                is_failing = True
            except Exception:
                _log.exception("A room could not be looked at.")  # the others must be looked at all the same

    def stop_noting(self) -> None:
        """Stop storing who is connected: this server stops, and then nobody counts as connected to it."""
        self._is_stopping = True

    async def close(self) -> None:
        """Finish what is being stored."""
        self.stop_noting()
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def open_duel(self, player: str, alphabet: str) -> str:
        """Make a duel, of which ``player`` is the host, and return its code."""
        room = Room(
            kind="duel",
            code="",
            alphabet=alphabet,
            duration_ms=tuning.DURATION_MS,
            names="own",
            seed="",
            host=hash_secret(player),
        )
        return (await self._storage.create(room)).code

    async def take_seat(self, code: str, player: str, name: str, game: str) -> tuple[LiveRoom, Seat | None]:
        """Give a player a seat as `Room.take_seat` does."""
        asked_ms = self._clock()
        now, seat = await self._storage.take_seat(code, player, name, game)
        return await self._take(now, asked_ms), seat

    async def change_game(self, live: LiveRoom, seat: int, game: str) -> Seat:
        """Give a seat another game, as `Room.change_game` does."""
        code = live.room.code
        await self._apply(self._storage.change(code, lambda room, _: room.change_game(seat, game)))
        return live.room.get_seat(seat)

    async def open(self, code: str) -> LiveRoom:
        """Return a room as it stands in the store now.

        Raises:
            Refused: ``no_such_room``.
            StoreError: if it cannot be read.
        """
        return await self._apply(self._storage.read(code), is_change=False)

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncIterator[None]:
        """Do one thing at a time for ``key`` at this server."""
        async with self._locks.setdefault(key, asyncio.Lock()):
            yield

    async def follow(self, room: LiveRoom, person: Person, request: RoomRequest) -> None:
        """Do what somebody in a room asks for.

        Raises:
            Refused: if they may not, or it makes no sense now.
            StoreError: if it cannot be stored.
        """
        code = room.room.code
        match request:
            case Start():
                await self._apply(self._storage.change(code, lambda room, now_ms: room.start(person, now_ms)))
            case Lock():
                await self._apply(self._storage.change(code, lambda room, _: room.lock(person, on=request.on)))
            case Remove():
                await self._apply(self._storage.change(code, lambda room, _: room.remove(person, request.seat)))
            case Hide():
                await self._apply(
                    self._storage.change(code, lambda room, _: room.hide(person, request.seat, on=request.on))
                )
            case Rematch():
                await self._apply(self._storage.make_rematch(code))

    def tell_rival(self, room: LiveRoom, rival: Rival) -> None:
        """Tell everybody, here and at other servers, how a round of a player ended."""
        room.tell_rival(rival)
        self._notifications.publish(f"{room.room.code} {encode(rival).decode()}")

    def note_connected(self, room: LiveRoom, seat: int, *, is_connected: bool) -> None:
        """Store, and tell everybody, whether the player of a seat is connected to this server."""
        if self._is_stopping:
            return
        self._do_later(self._note_connected(room.room.code, seat, is_connected=is_connected))

    def finish_seat(self, room: LiveRoom, seat: int) -> None:
        """Note that the game of a seat has ended, unless the time of all is up."""
        code, ends_at_ms = room.room.code, room.room.ends_at_ms
        if ends_at_ms is not None and self._time.read() < ends_at_ms - _END_MS:
            self._do_later(self._finish_seat(code, seat))

    async def _look_at(self, live: LiveRoom) -> None:
        """Take a room as it stands now, or forget it if nobody here uses it any more."""
        code = live.room.code
        live.idle_looks = 0 if live.is_in_use else live.idle_looks + 1
        if live.is_in_use:
            await self._refresh(code)
            for seat in live.list_unnoted_seats():
                self.note_connected(live, seat, is_connected=True)
        elif live.idle_looks > _IDLE_LOOKS:
            live.close()
            del self._live[code]

    async def _note_connected(self, code: str, seat: int, *, is_connected: bool) -> None:
        note = self._store.rooms.connect if is_connected else self._store.rooms.disconnect
        async with self.lock(f"{code} {seat}"):  # in the order in which it happens
            await note(code, seat, self._server)
        await self._apply(self._storage.read(code))

    async def _finish_seat(self, code: str, seat: int) -> None:
        await self._apply(self._storage.change(code, lambda room, _: room.finish_seat(seat)))

    async def _apply(self, asking: Awaitable[RoomNow], *, is_change: bool = True) -> LiveRoom:
        asked_ms = self._clock()
        return await self._take(await asking, asked_ms, is_change=is_change)

    async def _take(self, now: RoomNow, asked_ms: int, *, is_change: bool = True) -> LiveRoom:
        """Take a room as the store has it."""
        self._time.note(now.now_ms, asked_ms)
        code = now.room.code
        if code not in self._live:
            scores = await self._read_scores(now.room)
            self._live.setdefault(code, LiveRoom(now, scores, self._time))
        live = self._live[code]
        live.update(now)
        if is_change:
            self._notifications.publish(f"{code} {now.version}")
        return live

    def _hear(self, message: str) -> None:
        """Take what another server tells: ``CODE VERSION`` of a room that it has changed, or ``CODE RIVAL``."""
        code, _, news = message.partition(" ")
        live = self._live.get(code)
        if live is None:
            return
        if not news.isdecimal():
            live.tell_rival(decode_rival(news))
        elif int(news) > live.version and code not in self._stale:
            self._stale.add(code)
            self._do_later(self._refresh(code))

    def _refresh_all(self) -> None:
        for code in self._live:
            self._do_later(self._refresh(code, with_scores=True))

    async def _refresh(self, code: str, *, with_scores: bool = False) -> None:
        self._stale.discard(code)  # what is told from now on may be newer than what is read
        live = self._live.get(code)
        if live is None:
            return
        try:
            await self.open(code)
            if with_scores:
                live.update_scores(await self._read_scores(live.room))
        except Refused:
            live.dissolve()

    async def _read_scores(self, room: Room) -> dict[str, GameScore]:
        return await self._store.played_rounds.read_scores([seat.game for seat in room.players])

    def _do_later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_log_failure(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _log_failure(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Refused as refused:
        _log.debug("A room has changed meanwhile: %s", refused)  # it was deleted, for example
    except (StoreError, msgspec.DecodeError) as error:
        _log.warning("The state of a room could not be stored or read: %s", error)
