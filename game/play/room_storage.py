"""Rooms in the store: every change is one transaction, so that no server undoes what another has done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from feedback.rooms import Rooms, StoredRoom, StoredSeat
from game.rules import tuning
from game.rules.moves import Refused
from game.rules.prompts import make_seed
from game.rules.room import Room, Seat
from game.rules.room_codes import make_code, read_code

_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Room)


class RoomNow(NamedTuple):
    """A room at a moment.

    Attributes:
        version: goes up with each change, also when a player deletes their data.
        now_ms: the time of the database, by which the room's times count.
        connected: the numbers of the seats whose players are connected to a server that is alive.
        expires_at_ms: when the room is deleted.
    """

    room: Room
    version: int
    now_ms: int
    connected: frozenset[int]
    expires_at_ms: int


class RoomStorage:
    """Reads and changes rooms.

    Every method raises StoreError if the store cannot be used, and all but `create` raise Refused with
    ``no_such_room`` if there is no room with the code, as people type it.
    """

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def create(self, room: Room) -> Room:
        """Store a new room, and return it with the code that it has got. It has no seats yet."""
        while True:
            coded = replace(room, code=make_code(), seed=make_seed())
            if await self._rooms.create(encode_room(coded)):
                return coded

    async def read(self, code: str) -> RoomNow:
        """Return a room."""
        stored = await self._rooms.read(_require_code(code))
        if stored is None:
            raise _make_refusal()
        return decode_room(stored)

    async def change(self, code: str, move: Callable[[Room, int], Room]) -> RoomNow:
        """Change a room and return it.

        Args:
            code: its code.
            move: is given the room and the time, and returns the room after the move. It may be called again, and
                runs in another thread. What it raises is raised here, and nothing changes.

        Raises:
            PlayerDeleted: if ``move`` seats a player who has deleted their data.
        """

        def work(stored: StoredRoom) -> list[StoredRoom]:
            now = decode_room(stored)
            room = move(now.room, now.now_ms)
            return [encode_room(room)]

        return await self._change(code, work)

    async def take_seat(self, code: str, player: str, name: str, game: str) -> tuple[RoomNow, Seat | None]:
        """Give a player a seat, as `Room.take_seat` does. Return the room and the seat.

        Raises:
            Refused: as `Room.take_seat`.
            PlayerDeleted: if the player has deleted all their data.
        """
        changed = await self.change(code, lambda room, now_ms: room.take_seat(player, name, game, now_ms)[0])
        return changed, changed.room.find_seat(player)

    async def make_rematch(self, code: str) -> RoomNow:
        """Make the next room, unless somebody has already, and return this one: its `next` is the code.

        Raises:
            Refused: as `Room.make_rematch`.
        """

        def work(stored: StoredRoom) -> list[StoredRoom]:
            now = decode_room(stored)
            if now.room.next is not None:
                return []
            rooms = now.room.make_rematch(make_code(), make_seed(), now.now_ms)
            return [encode_room(room) for room in rooms]

        return await self._change(code, work)

    async def delete(self, code: str) -> None:
        """Delete a room. The games that were played in it stay."""
        if not await self._rooms.delete(_require_code(code)):
            raise _make_refusal()

    async def _change(self, code: str, work: Callable[[StoredRoom], list[StoredRoom]]) -> RoomNow:
        stored = await self._rooms.change(_require_code(code), work)
        if stored is None:
            raise _make_refusal()
        return decode_room(stored)


def encode_room(room: Room) -> StoredRoom:
    """Return a room as it is stored. Ids and names of players are stored apart, so that they can be deleted."""
    seats = [StoredSeat(seat.number, seat.player, seat.own_name, seat.generated_name) for seat in room.players]
    nameless = tuple(replace(seat, player="", own_name="", generated_name="") for seat in room.seats)
    days = tuning.WAITING_ROOM_DAYS if room.starts_at_ms is None else tuning.ROOM_DAYS
    state = _ENCODER.encode(replace(room, seats=nameless)).decode()
    return StoredRoom(room.code, state, seats, timedelta(days=days))


def decode_room(stored: StoredRoom) -> RoomNow:
    """Return a stored room. Players who have deleted their data count as removed.

    Raises:
        msgspec.DecodeError: if it is not a room.
    """
    room = _DECODER.decode(stored.state)
    people = {seat.number: seat for seat in stored.seats}
    seats = tuple(_fill_seat(seat, people.get(seat.number)) for seat in room.seats)
    return RoomNow(
        replace(room, seats=seats),
        stored.version,
        stored.now_ms,
        stored.connected,
        expires_at_ms=stored.now_ms + stored.lifetime // timedelta(milliseconds=1),
    )


def _fill_seat(seat: Seat, person: StoredSeat | None) -> Seat:
    if person is None:
        return replace(seat, is_removed=True)
    return replace(seat, player=person.player, own_name=person.name, generated_name=person.generated_name)


def _require_code(text: str) -> str:
    if code := read_code(text):
        return code
    raise _make_refusal()


def _make_refusal() -> Refused:
    return Refused("no_such_room", "There is no room with this code.")
