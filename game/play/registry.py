"""The running games. They outlive a lost connection, and a token resumes them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from feedback.ids import make_id
from game.play import records
from game.play.live_room import LiveRoom
from game.play.opener import GameOpener
from game.play.protocol import Close, Join
from game.play.room_requests import RoomRequest
from game.play.room_view import RoomView
from game.play.rooms import Rooms
from game.play.send_queue import SendQueue
from game.play.session import GameSession
from game.rules import tuning
from game.rules.moves import Refused
from game.rules.room import Person

_TOKEN_BYTES: Final = 24

_log = logging.getLogger(__name__)


class GameRegistry:
    """Runs games and knows who is connected.

    Args:
        opener: opens games.
        rooms: the rooms that are seen from here.

    Attributes:
        not_stored: how many games could not be stored when the server stopped.
    """

    def __init__(self, opener: GameOpener, rooms: Rooms) -> None:
        self._opener = opener
        self._rooms = rooms
        self.not_stored = 0
        self._sessions: dict[str, GameSession] = {}  # by the token that resumes each
        self._tasks: dict[asyncio.Task[None], GameSession] = {}
        self._queues: set[SendQueue] = set()  # of everybody who is connected
        self._nobody_is_connected = asyncio.Event()
        self._nobody_is_connected.set()
        self._is_draining = False

    @contextmanager
    def track(self, queue: SendQueue) -> Iterator[None]:
        """Count a client as connected while this lasts, and close its ``queue`` if the server stops meanwhile."""
        self._queues.add(queue)
        self._nobody_is_connected.clear()
        if self._is_draining:
            queue.close(Close.RESTARTING, "the server restarts")
        try:
            yield
        finally:
            self._queues.discard(queue)
            if not self._queues:
                self._nobody_is_connected.set()

    async def start(
        self, join: Join, name: str, player: str, queue: SendQueue, unranked: str | None = None
    ) -> GameSession:
        """Start the game that ``join`` asks for, for the client of ``queue``.

        If ``unranked`` is given, the game is not ranked for that reason, whatever its hits.

        Raises:
            Refused: ``restarting``, if the server is about to stop.
            StoreError: if the game cannot be stored.
            PlayerDeleted: if the player has deleted all their data.
            AlreadyPlayed: if it is a daily that the player has begun before.
        """
        self._require_not_draining()
        token = _make_token()
        session = await self._opener.open(join, name, player, token, unranked)
        self._run(session, queue, token)
        return session

    async def resume(self, token: str, player: str, queue: SendQueue) -> GameSession:
        """Connect a client to the game that ``token`` was given for. The token cannot be used again.

        The game may run here, or in another process, or in none since its server has stopped.

        Raises:
            Refused: ``cannot_resume``, if that game is gone or belongs to another player; ``removed``, if the host
                of its room has removed the player; ``restarting``, if the server is about to stop.
            StoreError: if the store cannot be used.
        """
        new_token = _make_token()
        session = self._sessions.get(token)
        if session and not session.has_ended and session.info.player == player:
            if session.seat:
                session.seat.live.room.require_player(player)
            del self._sessions[token]
            self._sessions[new_token] = session
            session.connect(queue, new_token)
            return session
        self._require_not_draining()
        session = await self._opener.take(token, player, new_token)
        if session is None:
            raise Refused("cannot_resume", "This game cannot be resumed. Please start a new one.")
        self._run(session, queue, new_token)
        return session

    async def join_room(
        self, code: str | None, alphabet: str, name: str, player: str, queue: SendQueue
    ) -> GameSession | RoomView:
        """Give a player a seat in a room, or the one that they have. Whoever comes too late watches.

        Args:
            code: the room's code; None for a new duel.
            alphabet: of a new duel.
            name: the name that the player chose; empty if none.
            player: the player's id.
            queue: the client's.

        Raises:
            Refused: as `Rooms.take_seat`; ``room_full`` also if very many watch; ``restarting``.
            StoreError, PlayerDeleted: as `start`.
        """
        self._require_not_draining()
        async with self._rooms.lock(player):
            if code is None:
                code = await self._rooms.open_duel(player, alphabet)
            new_game = make_id()
            live, seat = await self._rooms.take_seat(code, player, name, new_game)
            if seat is None:
                _require_place_to_watch(live, Person(player))
                queue.post(records.make_room_welcome(live.describe(), self._opener.model))
                return RoomView(self._rooms, live, Person(player), queue)
            token = _make_token()
            session = self._find_session(seat.game)
            if session and await self._opener.holds(session):
                self._sessions = {old: other for old, other in self._sessions.items() if other is not session}
                self._sessions[token] = session
                session.connect(queue, token)
                return session
            session = await self._opener.open_seat(live, seat, player, token, is_new=seat.game == new_game)
            if session:
                self._run(session, queue, token)
                return session
            for message in await self._opener.describe_finished(live, seat):
                queue.post(message)
            return RoomView(self._rooms, live, Person(player), queue, seat.number)

    async def takes_name(self, code: str, player: str) -> bool:
        """Return whether a player may choose a name in a room: it allows that, and they will get a new seat.

        Raises:
            Refused: ``no_such_room``.
            StoreError: if the store cannot be used.
        """
        live = await self._rooms.open(code)
        is_late = live.state in ("running", "over")
        return live.room.names == "own" and not is_late and live.room.find_seat(player) is None

    async def watch_room(self, code: str, person: Person, queue: SendQueue) -> RoomView:
        """Let a client watch a room.

        Raises:
            Refused: ``no_such_room``; ``room_full``, if very many watch it already.
            StoreError: if the store cannot be used.
        """
        self._require_not_draining()
        live = await self._rooms.open(code)
        _require_place_to_watch(live, person)
        return RoomView(self._rooms, live, person, queue)

    async def follow(self, live: LiveRoom, person: Person, request: RoomRequest) -> None:
        """Do what somebody in a room asks for, as `Rooms.follow` does."""
        await self._rooms.follow(live, person, request)

    def check(self, held: Mapping[str, int]) -> None:
        """Check the sessions whose games the store does not count as ``held`` by this server, by id and epoch."""
        for session in self._tasks.values():
            if not session.is_over and held.get(session.info.id) != session.epoch:
                session.check()

    def list_running(self) -> dict[str, int]:
        """Return the id and the epoch of each game that runs here."""
        return {session.info.id: session.epoch for session in self._tasks.values()}

    def end_games_of(self, player: str) -> None:
        """End the games of a player who has deleted everything; nothing more of theirs can be stored."""
        for session in self._tasks.values():
            if session.info.player == player:
                session.stop()

    async def drain(self) -> None:
        """Store every game so that it can be resumed, close every socket, and start nothing new from now on."""
        is_first, self._is_draining = not self._is_draining, True
        self._rooms.stop_noting()
        for session in self._tasks.values():
            session.stop()
        try:
            async with asyncio.timeout(tuning.DRAIN_SECONDS):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        except TimeoutError:
            self.not_stored += len(self._tasks)
            for task in self._tasks:
                task.cancel()
        if is_first and self.not_stored:
            _log.error(
                "Stopped with %d games not stored. They go on after the rounds that are stored.",
                self.not_stored,
            )
        for queue in self._queues:
            queue.close(Close.RESTARTING, "the server restarts")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(tuning.GOODBYE_SECONDS):
                await self._nobody_is_connected.wait()

    def _find_session(self, game: str) -> GameSession | None:
        sessions = (session for session in self._tasks.values() if session.info.id == game)
        return next((session for session in sessions if not session.has_ended), None)

    def _require_not_draining(self) -> None:
        if self._is_draining:
            raise Refused("restarting", "The server is restarting. Please try again in a moment.")

    def _run(self, session: GameSession, queue: SendQueue, token: str) -> None:
        task = asyncio.create_task(session.run())
        self._tasks[task] = session
        task.add_done_callback(self._forget)
        self._sessions[token] = session
        session.connect(queue, token)
        if self._is_draining:  # since the game was opened; its client gets a token that resumes it
            session.stop()

    def _forget(self, task: asyncio.Task[None]) -> None:
        ended_session = self._tasks.pop(task)
        self._sessions = {
            token: session for token, session in self._sessions.items() if session is not ended_session
        }
        if self._is_draining and ended_session.is_lost:
            self.not_stored += 1
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("A game broke.", exc_info=error)


def _require_place_to_watch(live: LiveRoom, person: Person) -> None:
    if live.watchers >= tuning.ROOM_WATCHERS and not live.room.is_host(person):
        raise Refused("room_full", "Too many people watch this room already.")


def _make_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)
