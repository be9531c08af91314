"""A client that sees a room and plays no game here: a spectator, a host's screen, or a player who has finished."""

from __future__ import annotations

from typing import Final

from game.play.live_room import LiveRoom
from game.play.rooms import Rooms
from game.play.send_queue import SendQueue
from game.rules.room import Person


class RoomView:
    """Tells a client of a room until it leaves.

    Attributes:
        live: the room.
        person: who it is.

    Args:
        rooms: the rooms of this server.
        live, person: as the attributes.
        queue: the client's.
        seat: the number of the player's seat, if they have one.
    """

    def __init__(
        self, rooms: Rooms, live: LiveRoom, person: Person, queue: SendQueue, seat: int | None = None
    ) -> None:
        self.live: Final = live
        self.person: Final = person
        self._rooms = rooms
        self._queue = queue
        self._seat = seat
        live.add_viewer(queue, seat, person)
        if seat is not None:
            rooms.note_connected(live, seat, is_connected=True)

    def leave(self) -> None:
        """Tell the client nothing more."""
        self.live.drop_viewer(self._queue)
        if self._seat is not None:
            self._rooms.note_connected(self.live, self._seat, is_connected=False)
