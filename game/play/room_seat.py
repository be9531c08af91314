"""A seat of a room whose game runs at this server: what the game tells the room, and hears from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from game.play.live_room import LiveRoom, SeatedGame
from game.play.room_snapshot import Rival
from game.play.rooms import Rooms
from game.play.send_queue import SendQueue
from game.rules import tuning
from game.rules.challenge import RoundResult
from game.rules.clocks import SharedClock
from game.rules.drawing import flatten_strokes
from game.rules.room import Person
from game.rules.thinning import thin_drawing


class RoomSeat:
    """A player's place in a room.

    Args:
        rooms: the rooms of this server.
        live: the room.
        number: of the seat.
        player: the player's id.
        clock: the clock of the player's game.
    """

    def __init__(self, rooms: Rooms, live: LiveRoom, number: int, player: str, clock: SharedClock) -> None:
        self.live: Final = live
        self.number: Final = number
        self.person: Final = Person(player)
        self._rooms = rooms
        self._clock = clock
        self._queue: SendQueue | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has started the room."""
        return self.live.is_waiting

    def open(self, wake: Callable[[], None]) -> None:
        """Let the game begin when the room does. ``wake`` is called when its clock was set."""
        self.live.add_game(self.number, SeatedGame(self._clock, wake))

    def connect(self, queue: SendQueue) -> None:
        """Tell a client of the room from now on, and no other of this seat."""
        if self._queue:
            self.live.drop_viewer(self._queue)
        self._queue = queue
        self.live.add_viewer(queue, self.number, self.person)
        self._rooms.note_connected(self.live, self.number, is_connected=True)

    def disconnect(self, queue: SendQueue | None) -> None:
        """Note that a client has left."""
        if queue is not None and queue is self._queue:
            self._queue = None
            self.live.drop_viewer(queue)
            self._rooms.note_connected(self.live, self.number, is_connected=False)

    def report_round(self, result: RoundResult, hits: int) -> None:
        """Tell all others how a round has ended."""
        drawing = thin_drawing(result.drawing, tuning.RIVAL_POINTS)
        rival = Rival(
            seat=self.number,
            score=result.score,
            hits=hits,
            combo=result.combo,
            outcome=result.outcome,
            target=result.target,
            strokes=flatten_strokes(drawing),
        )
        self._rooms.tell_rival(self.live, rival)

    def report_over(self) -> None:
        """Note that the game has ended."""
        self._rooms.finish_seat(self.live, self.number)

    def close(self) -> None:
        """Forget the game: it ends here."""
        self.disconnect(self._queue)
        self.live.drop_game(self.number, self._clock)
