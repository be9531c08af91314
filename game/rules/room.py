"""A room: people who play the same prompts at the same time. A state machine without clock, socket or disk.

A `Room` is immutable: each move returns the room after it. Times are milliseconds on the database's clock, which
is the same for all servers. A room waits until its host starts it. Then a countdown runs, then the game, and then
the room is over. The state follows from the time, so nothing has to be stored when the time is up.

A field that is added later needs a default, and none may be renamed: during a rolling restart, servers read what
newer and older ones have stored.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from feedback.names.generated import generate_name
from game.rules import tuning
from game.rules.moves import Refused

Kind = Literal["duel", "class"]
Names = Literal["generated", "own"]
State = Literal["waiting", "countdown", "running", "over"]

MOST_SEATS: Final[dict[Kind, int]] = {"duel": tuning.DUEL_SEATS, "class": tuning.CLASS_SEATS}


class Person(NamedTuple):
    """Whoever makes a move: a player's id, and the host token that they show, if any."""

    player: str
    host_token: str | None = None


class Seat(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A player's place in a room, kept to the end.

    Attributes:
        number: from 1, in the order in which seats were taken. No number is used twice.
        game: the id of the player's game.
        player: the player's id; empty once they have deleted their data.
        own_name: the name that they chose; empty if they have a generated one.
        generated_name: a name that nobody else has in this room.
        is_hidden: whether the host hides the chosen name.
        is_removed: whether the host has put the player out. They cannot come back.
        is_over: whether the player's game has ended before the time was up.
    """

    number: int
    game: str
    player: str = ""
    own_name: str = ""
    generated_name: str = ""
    is_hidden: bool = False
    is_removed: bool = False
    is_over: bool = False

    @property
    def name(self) -> str:
        """The name that others see."""
        return self.generated_name if self.is_hidden or not self.own_name else self.own_name


class Room(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A duel or a class.

    Attributes:
        code: what people type to join.
        duration_ms: how long the game runs.
        names: whether players may choose their names.
        seed: decides the prompts. Nobody may see it before the end.
        host: `hash_secret` of the player who made a duel, or of the host token of a class.
        is_locked: whether nobody new may take a seat.
        starts_at_ms: when the countdown ends; None while the room waits.
        seats: all that were ever taken, also those of removed players.
        removed, hidden: `hash_secret` of players whom the host has removed, or whose names are hidden. They stay
            so in the next room.
        next: the code of the room of the rematch.
    """

    kind: Kind
    code: str
    alphabet: str
    duration_ms: int
    names: Names
    seed: str
    host: str
    is_locked: bool = False
    starts_at_ms: int | None = None
    seats: tuple[Seat, ...] = ()
    removed: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    next: str | None = None

    @property
    def players(self) -> tuple[Seat, ...]:
        """The seats of those who were not removed, in order."""
        return tuple(seat for seat in self.seats if not seat.is_removed)

    @property
    def ends_at_ms(self) -> int | None:
        """When the time is up; None while the room waits."""
        return None if self.starts_at_ms is None else self.starts_at_ms + self.duration_ms

    def get_state(self, now_ms: int) -> State:
        """Return the state. A room is over when its time is up, or when the games of all its players are."""
        if self.starts_at_ms is None:
            return "waiting"
        if now_ms < self.starts_at_ms:
            return "countdown"
        if now_ms >= self.starts_at_ms + self.duration_ms or all(seat.is_over for seat in self.players):
            return "over"
        return "running"

    def get_starts_in_ms(self, now_ms: int) -> int | None:
        """Return how long the countdown still takes; None outside of it."""
        if self.starts_at_ms is None or now_ms >= self.starts_at_ms:
            return None
        return self.starts_at_ms - now_ms

    def get_remaining_ms(self, now_ms: int) -> int:
        """Return what the room's clock shows."""
        if self.get_state(now_ms) == "over":
            return 0
        ends_at_ms = self.ends_at_ms
        return self.duration_ms if ends_at_ms is None else min(self.duration_ms, ends_at_ms - now_ms)

    def get_seat(self, number: int) -> Seat:
        """Return a seat.

        Raises:
            Refused: ``no_such_seat``.
        """
        for seat in self.seats:
            if seat.number == number:
                return seat
        raise Refused("no_such_seat", f"Nobody has seat {number} in this room.")

    def find_seat(self, player: str) -> Seat | None:
        """Return the seat of a player, removed or not; None if they have none."""
        return next((seat for seat in self.seats if seat.player == player), None)

    def is_host(self, person: Person) -> bool:
        """Return whether a person is the host: of a duel its maker, of a class whoever shows the host token.

        While the maker of a duel has no seat, the first player is the host: the maker has deleted their data, for
        example, or has not come to the rematch.
        """
        secret = person.player if self.kind == "duel" else person.host_token
        if secret is not None and hmac.compare_digest(hash_secret(secret), self.host):
            return True
        return self.kind == "duel" and person.player != "" and person.player == self._find_heir()

    def _find_heir(self) -> str | None:
        if any(hash_secret(seat.player) == self.host for seat in self.players):
            return None
        return next((seat.player for seat in self.players), None)

    def require_host(self, person: Person) -> None:
        """Return if a person is the host.

        Raises:
            Refused: ``not_host``.
        """
        if not self.is_host(person):
            raise Refused("not_host", "Only the host can do this.")

    def require_player(self, player: str) -> None:
        """Return if a player may be in the room.

        Raises:
            Refused: ``removed``, if the host has removed the player.
        """
        if hash_secret(player) in self.removed:
            raise Refused("removed", "The host has removed you from this room.")

    def take_seat(self, player: str, name: str, game: str, now_ms: int) -> tuple[Room, Seat | None]:
        """Give a player a seat, or return the one that they have, whatever the state of the room is.

        Whoever comes late gets no seat (None) and watches.

        Args:
            player: the player's id.
            name: the name that they chose, cleaned; empty if none. It counts only if the room allows own names.
            game: the id of the game that they will play, if they get a new seat.
            now_ms: the time.

        Raises:
            Refused: ``removed``, if the host has removed the player; ``room_locked``; ``room_full``.
        """
        self.require_player(player)
        if seat := self.find_seat(player):
            return self, seat
        if self.is_locked:
            raise Refused("room_locked", "This room is locked: nobody new can join.")
        if self.get_state(now_ms) in ("running", "over"):
            return self, None
        if len(self.players) >= MOST_SEATS[self.kind]:
            raise Refused("room_full", f"This room is full: it has {MOST_SEATS[self.kind]} seats.")
        seat = Seat(
            number=len(self.seats) + 1,
            game=game,
            player=player,
            own_name=self._make_unique(name) if name and self.names == "own" else "",
            generated_name=self._generate_name(player),
            is_hidden=hash_secret(player) in self.hidden,
        )
        return replace(self, seats=(*self.seats, seat)), seat

    def start(self, person: Person, now_ms: int) -> Room:
        """Start the countdown. Starting again changes nothing.

        Raises:
            Refused: ``not_host``; ``nobody_here``, if there is no player.
        """
        self.require_host(person)
        if self.starts_at_ms is not None:
            return self
        if not self.players:
            raise Refused("nobody_here", "Nobody has joined yet.")
        return replace(self, starts_at_ms=now_ms + tuning.COUNTDOWN_MS)

    def lock(self, person: Person, *, on: bool) -> Room:
        """Lock the room, or unlock it.

        Raises:
            Refused: ``not_host``.
        """
        self.require_host(person)
        return replace(self, is_locked=on)

    def remove(self, person: Person, number: int) -> Room:
        """Put a player out of the room and of those that follow it.

        Raises:
            Refused: ``not_host``, ``no_such_seat``.
        """
        self.require_host(person)
        seat = self.get_seat(number)
        if seat.is_removed:
            return self
        room = self._replace_seat(replace(seat, is_removed=True))
        return replace(room, removed=(*self.removed, hash_secret(seat.player)))

    def hide(self, person: Person, number: int, *, on: bool) -> Room:
        """Show a generated name instead of the one that a player chose, or the chosen one again.

        Raises:
            Refused: ``not_host``, ``no_such_seat``.
        """
        self.require_host(person)
        seat = self.get_seat(number)
        others = tuple(player for player in self.hidden if player != hash_secret(seat.player))
        room = self._replace_seat(replace(seat, is_hidden=on))
        return replace(room, hidden=(*others, hash_secret(seat.player)) if on else others)

    def change_game(self, number: int, game: str) -> Room:
        """Give a seat another game, since the one that it had was ended before anybody drew.

        Raises:
            Refused: ``no_such_seat``.
        """
        return self._replace_seat(replace(self.get_seat(number), game=game))

    def finish_seat(self, number: int) -> Room:
        """Note that the game of a seat has ended. At the end of the time this need not be noted.

        Raises:
            Refused: ``no_such_seat``.
        """
        return self._replace_seat(replace(self.get_seat(number), is_over=True))

    def make_rematch(self, code: str, seed: str, now_ms: int) -> tuple[Room, Room]:
        """Return this room, which leads to the next one, and the next one. Call it only while `next` is None.

        Host, settings, removed players and hidden names stay; seats are taken anew, and nothing is locked.

        Raises:
            Refused: ``not_over``, if the room is still in use.
        """
        if self.get_state(now_ms) != "over":
            raise Refused("not_over", "A rematch can begin when this game is over.")
        following = replace(self, code=code, seed=seed, is_locked=False, starts_at_ms=None, seats=(), next=None)
        return replace(self, next=code), following

    def _replace_seat(self, changed: Seat) -> Room:
        seats = tuple(changed if seat.number == changed.number else seat for seat in self.seats)
        return replace(self, seats=seats)

    def _generate_name(self, player: str) -> str:
        """Return the player's generated name, or another one if somebody in this room has it."""
        name, tries = generate_name(player), 0
        while self._has_name(name):
            tries += 1
            name = generate_name(f"{player}/{tries}")
        return name

    def _make_unique(self, name: str) -> str:
        """Return a chosen name, with a number if somebody in this room has it."""
        numbered, number = name, 1
        while self._has_name(numbered):
            number += 1
            numbered = f"{name} {number}"
        return numbered

    def _has_name(self, name: str) -> bool:
        return any(
            name.casefold() in (seat.own_name.casefold(), seat.generated_name.casefold()) for seat in self.seats
        )


def hash_secret(secret: str) -> str:
    """Return what a room stores of a host token or of a player's id, so that the store does not give it away."""
    return hashlib.sha256(b"room " + secret.encode("utf-8", "surrogatepass")).hexdigest()
