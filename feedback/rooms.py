"""Rooms, as the database holds them: a state whose form is the game's own, and who has which seat.

What is known of a person, their id and names, is in the seats alone: when a player deletes their data, their seats
are deleted, and nobody has to understand the state for that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from feedback.database import Database
from feedback.database_rows import format_time, insert_player, require_player
from feedback.running_games import ALIVE_SECONDS
from feedback.sql import Connection

_SLICE: Final = 50  # rooms deleted in one transaction
_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class StoredSeat(NamedTuple):
    """Who has a seat.

    Attributes:
        number: of the seat.
        player: the player's id.
        name: the name that they chose; empty if none.
        generated_name: the name that they have otherwise.
    """

    number: int
    player: str
    name: str
    generated_name: str


class StoredRoom(NamedTuple):
    """A room.

    Attributes:
        code: its key.
        state: what the game needs of it, without anything personal.
        seats: who is in it, in order.
        lifetime: for how long it is kept after this change.
        version: how often it was changed. This and what follows is ignored when the room is written.
        now_ms: when it was read, in milliseconds since 1970 on the database's clock.
        connected: the numbers of the seats whose players are connected to a server that is alive.
    """

    code: str
    state: str
    seats: list[StoredSeat]
    lifetime: timedelta
    version: int = 0
    now_ms: int = 0
    connected: frozenset[int] = frozenset()


Change = Callable[[StoredRoom], list[StoredRoom]]
"""Is given a room and returns it changed, and new rooms to store with it; nothing if there is nothing to write."""


class _CodeTaken(Exception):
    """Another room has the code of a new one."""


class Rooms:
    """The rooms of all processes that share a database. Rooms whose lifetime is over do not exist."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, room: StoredRoom) -> bool:
        """Store a new room, and return whether its code was free.

        Raises:
            PlayerDeleted: if somebody with a seat has deleted all their data.
        """
        try:
            await self._database.write(lambda connection: _insert(connection, room))
        except _CodeTaken:
            return False
        return True

    async def read(self, code: str) -> StoredRoom | None:
        """Return a room; None if there is none with this code."""
        return await self._database.read(lambda connection: _read(connection, code))

    async def change(self, code: str, change: Change) -> StoredRoom | None:
        """Change a room in one transaction, and return it; None if there is none with this code.

        ``change`` may be called again. What it raises is raised here, and nothing changes.

        Raises:
            PlayerDeleted: if somebody with a new seat has deleted all their data.
        """
        while True:
            try:
                return await self._database.write(lambda connection: _change(connection, code, change))
            except _CodeTaken:  # the next time, ``change`` chooses another one
                continue

    async def connect(self, code: str, seat: int, server: str) -> None:
        """Note that the player of a seat is connected to the process ``server``, and to no other."""
        change = "UPDATE room_seats SET server = :server WHERE room = :room AND seat = :seat"
        await self._set_server(change, code, seat, server)

    async def disconnect(self, code: str, seat: int, server: str) -> None:
        """Note that the player of a seat is no longer connected to ``server``. They may be to another process."""
        change = "UPDATE room_seats SET server = NULL WHERE room = :room AND seat = :seat AND server = :server"
        await self._set_server(change, code, seat, server)

    async def _set_server(self, change: str, code: str, seat: int, server: str) -> None:
        def work(connection: Connection) -> None:
            # The room comes first, as in every other change. Otherwise two transactions could wait for each other.
            connection.execute("UPDATE rooms SET version = version + 1 WHERE code = ?", (code,))
            connection.execute(change, {"server": server, "room": code, "seat": seat})

        await self._database.write(work)

    async def delete(self, code: str) -> bool:
        """Delete a room, and return whether there was one."""
        query = "DELETE FROM rooms WHERE code = ? AND expires_at > utc_now()"
        return await self._database.write(lambda connection: connection.execute(query, (code,)).rowcount > 0)

    async def delete_expired(self) -> int:
        """Delete the rooms whose lifetime is over, and return how many these were."""
        total = 0
        # Reading first spares the disk an empty transaction.
        while await self._database.read(_has_expired):
            total += await self._database.write(_delete_some_expired)
        return total


def _insert(connection: Connection, room: StoredRoom) -> None:
    now = datetime.fromisoformat(_read_now(connection))
    inserted = connection.execute(
        "INSERT INTO rooms (code, version, state, expires_at) VALUES (?, 0, ?, ?) ON CONFLICT (code) DO NOTHING",
        (room.code, room.state, format_time(now + room.lifetime)),
    )
    if not inserted.rowcount:
        raise _CodeTaken
    _write_seats(connection, room, [])


def _read(connection: Connection, code: str) -> StoredRoom | None:
    query = "SELECT code, version, state, expires_at, utc_now() AS now FROM rooms WHERE code = ?"
    row = connection.execute(query, (code,)).fetchone()
    if row is None or row["expires_at"] <= row["now"]:
        return None
    seats = connection.execute(
        "SELECT seat, player, name, generated_name, servers.seen_at FROM room_seats "
        "LEFT JOIN servers ON servers.id = room_seats.server WHERE room = ? ORDER BY seat",
        (code,),
    ).fetchall()
    now, expires_at = datetime.fromisoformat(row["now"]), datetime.fromisoformat(row["expires_at"])
    alive_since = format_time(now - timedelta(seconds=ALIVE_SECONDS))
    return StoredRoom(
        code=row["code"],
        state=row["state"],
        seats=[StoredSeat(*tuple(seat)[:-1]) for seat in seats],
        lifetime=expires_at - now,
        version=row["version"],
        now_ms=(now - _EPOCH) // timedelta(milliseconds=1),
        connected=frozenset(seat["seat"] for seat in seats if seat["seen_at"] and seat["seen_at"] > alive_since),
    )


def _change(connection: Connection, code: str, change: Change) -> StoredRoom | None:
    # Writing its row makes everybody else who wants to change this room wait for the end of the transaction.
    connection.execute("UPDATE rooms SET version = version WHERE code = ?", (code,))
    room = _read(connection, code)
    if room is None:
        return None
    changed = {other.code: other for other in change(room)}
    for other in changed.values():
        if other.code != code:
            _insert(connection, other)
    new = changed.get(code, room)
    if (new.state, new.seats) == (room.state, room.seats):
        return room
    expires_at = _EPOCH + timedelta(milliseconds=room.now_ms) + new.lifetime
    connection.execute(
        "UPDATE rooms SET version = version + 1, state = ?, expires_at = ? WHERE code = ?",
        (new.state, format_time(expires_at), code),
    )
    _write_seats(connection, new, room.seats)
    return new._replace(version=room.version + 1, now_ms=room.now_ms, connected=room.connected)


def _write_seats(connection: Connection, room: StoredRoom, before: list[StoredSeat]) -> None:
    removed = [(room.code, seat.number) for seat in before if seat not in room.seats]
    added = [seat for seat in room.seats if seat not in before]
    connection.executemany("DELETE FROM room_seats WHERE room = ? AND seat = ?", removed)
    for seat in added:
        insert_player(connection, seat.player, _read_now(connection))
    connection.executemany(
        "INSERT INTO room_seats (room, seat, player, name, generated_name) VALUES (?, ?, ?, ?, ?)",
        [(room.code, *seat) for seat in added],
    )
    for seat in added:
        require_player(connection, seat.player)


def _has_expired(connection: Connection) -> bool:
    query = "SELECT 1 FROM rooms WHERE expires_at <= utc_now() LIMIT 1"
    return connection.execute(query).fetchone() is not None


def _delete_some_expired(connection: Connection) -> int:
    return connection.execute(
        "DELETE FROM rooms WHERE code IN (SELECT code FROM rooms WHERE expires_at <= utc_now() LIMIT ?)", (_SLICE,)
    ).rowcount


def _read_now(connection: Connection) -> str:
    now: str = connection.execute("SELECT utc_now()").fetchone()[0]
    return now
