"""What holds for every room, whoever does what in it at whatever time."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from game.play.room_storage import decode_room, encode_room
from game.rules import tuning
from game.rules.moves import Refused
from game.rules.room import MOST_SEATS, Kind, Names, Person, Seat
from tests.game.making import a_room

TOKEN = "the token of the host"  # noqa: S105 (no password)
STATES = ("waiting", "countdown", "running", "over")
HOST = Person("zoe", TOKEN)
people = st.sampled_from([HOST, Person("zoe", "guessed"), Person("bob", None), Person("p3", "p3")])
players = st.integers(0, 70).map(lambda number: f"p{number}") | st.just("zoe")
names = st.sampled_from(["", "Zoe", "zoe", "Bob", "Quiet Otter"])
seats = st.integers(0, 5)


def name_game(player: str) -> str:
    return f"game {sum(player.encode())}"


class RoomMachine(RuleBasedStateMachine):
    """Players who come, a host and others who make the host's moves, and time passing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000
        self.state = 0  # its place in STATES
        self.taken: dict[str, int] = {}  # the seat of each player
        self.removed: set[str] = set()  # players

    @initialize(kind=st.sampled_from(["duel", "class"]), allowed=st.sampled_from(["own", "generated"]))
    def open(self, kind: Kind, allowed: Names) -> None:
        self.room = a_room("zoe" if kind == "duel" else TOKEN, kind=kind, names=allowed)

    def is_host(self, person: Person) -> bool:
        return person.player == "zoe" if self.room.kind == "duel" else person.host_token == TOKEN

    @rule(ms=st.sampled_from([0, 1, tuning.COUNTDOWN_MS - 1, tuning.COUNTDOWN_MS, 59_999, 60_000]))
    def time_passes(self, ms: int) -> None:
        self.now += ms

    @rule(player=players, name=names)
    def somebody_comes(self, player: str, name: str) -> None:
        state, before = self.room.get_state(self.now), self.room
        try:
            self.room, seat = self.room.take_seat(player, name, name_game(player), self.now)
        except Refused as refused:
            assert self.room == before
            assert (refused.code == "removed") == (player in self.removed)
            if refused.code == "room_locked":
                assert self.room.is_locked
                assert player not in self.taken
            elif refused.code == "room_full":
                assert len(self.room.players) == MOST_SEATS[self.room.kind]
            return
        if seat is None:
            assert state in ("running", "over")
            assert player not in self.taken
            return
        assert seat.number == self.taken.setdefault(player, seat.number)
        assert seat.game == name_game(player)

    @rule(first=st.integers(0, 60))
    def many_come(self, first: int) -> None:
        for number in range(first, first + 12):
            self.somebody_comes(f"p{number}", "")

    @rule(person=people)
    def somebody_starts(self, person: Person) -> None:
        started = self.room.starts_at_ms
        try:
            self.room = self.room.start(person, self.now)
        except Refused as refused:
            assert refused.code == ("nobody_here" if self.is_host(person) else "not_host")
            return
        assert self.is_host(person)
        assert self.room.starts_at_ms == (started or self.now + tuning.COUNTDOWN_MS)

    @rule(person=people, number=seats, kind=st.sampled_from(["lock", "unlock", "remove", "hide", "show"]))
    def somebody_rules(self, person: Person, number: int, kind: str) -> None:
        before = self.room
        try:
            if kind in ("lock", "unlock"):
                self.room = self.room.lock(person, on=kind == "lock")
            elif kind == "remove":
                self.room = self.room.remove(person, number)
                self.removed.add(before.get_seat(number).player)
            else:
                self.room = self.room.hide(person, number, on=kind == "hide")
        except Refused as refused:
            assert refused.code == ("no_such_seat" if self.is_host(person) else "not_host")
            assert self.room == before
        else:
            assert self.is_host(person)

    @rule(number=seats)
    def a_game_ends(self, number: int) -> None:
        if self.room.get_state(self.now) == "running" and 0 < number <= len(self.room.seats):
            self.room = self.room.finish_seat(number)

    @rule()
    def a_rematch_begins(self) -> None:
        before = self.room
        try:
            old, self.room = self.room.make_rematch("KMNPR", "another seed", self.now)
        except Refused as refused:
            assert refused.code == "not_over"
            assert self.room.get_state(self.now) != "over"
            return
        assert old.next == self.room.code
        assert self.room.removed == before.removed
        assert self.room.host == before.host
        assert not self.room.seats
        self.state, self.taken = 0, {}

    @invariant()
    def states_come_in_order(self) -> None:
        state = STATES.index(self.room.get_state(self.now))
        assert state >= self.state
        self.state = state
        starts_in_ms = self.room.get_starts_in_ms(self.now)
        assert (starts_in_ms is not None) == (STATES[state] == "countdown")
        assert 0 <= self.room.get_remaining_ms(self.now) <= self.room.duration_ms
        assert (self.room.get_remaining_ms(self.now) == 0) == (STATES[state] == "over")

    @invariant()
    def seats_and_names_are_distinct(self) -> None:
        present: tuple[Seat, ...] = self.room.players
        assert len(present) <= MOST_SEATS[self.room.kind]
        assert len({seat.number for seat in self.room.seats}) == len(self.room.seats)
        assert len({seat.player for seat in present}) == len(present)
        assert len({seat.name.casefold() for seat in present}) == len(present)
        assert not self.removed & {seat.player for seat in present}
        if self.room.names == "generated":
            assert not any(seat.own_name for seat in present)

    @invariant()
    def it_is_the_same_once_stored(self) -> None:
        stored = encode_room(self.room)
        assert "zoe" not in stored.state.lower()  # a name that no hash in hex can hold
        room = decode_room(stored).room
        assert room.players == self.room.players
        assert encode_room(room) == stored


RoomMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestRoom = RoomMachine.TestCase
