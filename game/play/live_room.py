"""A room at one server: the clients that see it from here, and the games of its seats that run here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from feedback.game_scores import GameScore
from game.play.database_time import DatabaseTime
from game.play.protocol import Close, Error, encode, encode_snapshot
from game.play.room_snapshot import Rival, RoomSnapshot, make_snapshot
from game.play.room_storage import RoomNow
from game.play.send_queue import SendQueue
from game.rules.clocks import SharedClock
from game.rules.room import Person, Room, State

_ANNOUNCE_SECONDS: Final = 0.1
"""Between two snapshots of a room, so that 60 people who join at once get a few and not 60."""
_SCORE_SECONDS: Final = 0.1
"""How long a snapshot with a new score may wait, for each player. The message ``rival`` has told the score before.
With more players, snapshots are longer and go to more clients."""

_REMOVED: Final = Error("removed", "The host has removed you from this room.")
_DELETED: Final = Error("no_such_room", "The host has deleted this room.")


@dataclass(frozen=True, slots=True)
class Viewer:
    """A client that sees a room.

    Attributes:
        seat: the number of its seat; None if it only watches.
        person: whose it is.
    """

    seat: int | None
    person: Person


@dataclass(frozen=True, slots=True)
class SeatedGame:
    """A game that runs here: its clock, and how to make it look at its clock."""

    clock: SharedClock
    wake: Callable[[], None]


class LiveRoom:
    """What this server knows of a room, and whom it tells.

    Attributes:
        idle_looks: how many looks in a row have found that nobody here uses it.

    Args:
        now: the room, as the store has it.
        scores: how the games of its players stand, by id.
        time: the time of the database.
    """

    def __init__(self, now: RoomNow, scores: Mapping[str, GameScore], time: DatabaseTime) -> None:
        self.idle_looks = 0
        self._now = now
        self._time = time
        self._scores = dict(scores)
        self._viewers: dict[SendQueue, Viewer] = {}
        self._games: dict[int, SeatedGame] = {}  # by seat
        self._timer: asyncio.TimerHandle | None = None  # of the next snapshot
        self._announced_at = -_ANNOUNCE_SECONDS
        self._announced_state = now.room.get_state(now.now_ms)

    @property
    def room(self) -> Room:
        """The room."""
        return self._now.room

    @property
    def state(self) -> State:
        """The room's state now."""
        return self.room.get_state(self._time.read())

    @property
    def version(self) -> int:
        """Goes up with each change in the store."""
        return self._now.version

    @property
    def is_in_use(self) -> bool:
        """Whether anybody here sees it or plays in it."""
        return bool(self._viewers or self._games)

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has started it."""
        return self.room.starts_at_ms is None

    @property
    def watchers(self) -> int:
        """How many clients watch it from here without a seat."""
        return sum(viewer.seat is None for viewer in self._viewers.values())

    def describe(self) -> RoomSnapshot:
        """Return the room as it stands now, for somebody without a seat."""
        now = self._now._replace(now_ms=self._time.read())
        return make_snapshot(now, self._scores, you=None, is_host=False)

    def list_unnoted_seats(self) -> list[int]:
        """Return the seats whose players are connected here, but not according to the store."""
        here = {viewer.seat for viewer in self._viewers.values() if viewer.seat is not None}
        return sorted(here - self._now.connected)

    def add_viewer(self, queue: SendQueue, seat: int | None, person: Person) -> None:
        """Tell a client of the room from now on."""
        self._viewers[queue] = Viewer(seat, person)
        self._send_snapshots([queue])
        self._await_next_change()

    def tell_again(self, queue: SendQueue) -> None:
        """Tell a client how the room stands, although nothing has changed."""
        if queue in self._viewers:
            self._send_snapshots([queue])

    def drop_viewer(self, queue: SendQueue) -> None:
        """Tell a client nothing more."""
        self._viewers.pop(queue, None)

    def add_game(self, seat: int, game: SeatedGame) -> None:
        """Let a game that runs here go by the room's clock."""
        self._games[seat] = game
        self._set_clock(game)

    def drop_game(self, seat: int, clock: SharedClock) -> None:
        """Forget the game with this clock, which ends here. The seat may have another one by now."""
        if (game := self._games.get(seat)) and game.clock is clock:
            del self._games[seat]

    def update(self, now: RoomNow) -> None:
        """Take the room as it stands in the store, and tell of what has changed."""
        if now.version < self._now.version:
            return  # what was asked earlier arrives later
        has_changed = (now.version, now.connected) != (self._now.version, self._now.connected)
        self._now = now
        removed = {seat.number for seat in now.room.seats if seat.is_removed}
        for number, game in self._games.items():
            if number in removed:
                self._end(game)
            else:
                self._set_clock(game)
        for queue, viewer in list(self._viewers.items()):
            if viewer.seat in removed:
                self._dismiss(queue, _REMOVED, "removed by the host")
        if has_changed or self.state != self._announced_state:
            self._announce(0)

    def update_scores(self, scores: Mapping[str, GameScore]) -> None:
        """Take how games stand in the store. Some may have gone on since that was read."""
        for game, score in scores.items():
            if score.rounds >= self._scores.get(game, GameScore()).rounds:
                self._scores[game] = score

    def dissolve(self) -> None:
        """End all games, and dismiss everybody: the room was deleted."""
        for game in self._games.values():
            self._end(game)
        for queue in list(self._viewers):
            self._dismiss(queue, _DELETED, "the room was deleted")

    def tell_rival(self, rival: Rival) -> None:
        """Tell all others how a round of a player ended."""
        seat = next((seat for seat in self.room.players if seat.number == rival.seat), None)
        if seat is None:
            return  # it was removed meanwhile
        rounds = self._scores.get(seat.game, GameScore()).rounds + 1
        self._scores[seat.game] = GameScore(rival.score, rival.hits, rounds, rival.combo)
        whole = encode(rival)
        plain = whole if self.room.kind == "duel" else encode(replace(rival, strokes=None))
        for queue, viewer in self._viewers.items():
            if viewer.seat != rival.seat:
                queue.post_rival(rival.seat, whole if viewer.seat is None else plain)
        is_over = self.state == "over"
        self._announce(0 if is_over else _SCORE_SECONDS * len(self.room.players))  # the final scores count

    def close(self) -> None:
        """Send nothing more."""
        if self._timer:
            self._timer.cancel()

    def _set_clock(self, game: SeatedGame) -> None:
        if self.room.starts_at_ms is not None:
            game.clock.set_start(self._time.find_local_ms(self.room.starts_at_ms))
            game.wake()

    def _end(self, game: SeatedGame) -> None:
        game.clock.stop()
        game.wake()

    def _dismiss(self, queue: SendQueue, error: Error, reason: str) -> None:
        self.drop_viewer(queue)
        queue.post(error)
        queue.close(Close.REMOVED, reason)

    def _announce(self, within: float) -> None:
        """Send snapshots to all within so many seconds, but not too soon after the last ones."""
        loop = asyncio.get_running_loop()
        at = max(loop.time() + within, self._announced_at + _ANNOUNCE_SECONDS)
        if self._timer is None or at < self._timer.when():
            self._set_timer(at)

    def _set_timer(self, at: float) -> None:
        self.close()
        self._timer = asyncio.get_running_loop().call_at(at, self._announce_now)

    def _announce_now(self) -> None:
        self._timer = None
        self._announced_at = asyncio.get_running_loop().time()
        self._send_snapshots(self._viewers)
        self._await_next_change()

    def _await_next_change(self) -> None:
        """Send snapshots when the countdown or the game ends, unless some are sent before."""
        now_ms = self._time.read()
        moments = (self.room.starts_at_ms, self.room.ends_at_ms)
        waits_ms = [moment - now_ms for moment in moments if moment is not None and moment > now_ms]
        if waits_ms and self._timer is None:
            self._set_timer(asyncio.get_running_loop().time() + min(waits_ms) / 1000)

    def _send_snapshots(self, queues: Collection[SendQueue]) -> None:
        snapshot = self.describe()
        self._announced_state = snapshot.state
        encode_for = encode_snapshot(snapshot)
        for queue in queues:
            viewer = self._viewers[queue]
            queue.post_room(encode_for(viewer.seat, self.room.is_host(viewer.person)))
