"""Who leads a room."""

from __future__ import annotations

from msgspec.structs import replace

from game.rules.room import Person
from tests.game.making import a_room


def test_a_duel_whose_maker_is_gone_has_another_host() -> None:
    room = a_room("ada", kind="duel")
    for player in ("ada", "bob", "cy"):
        room, _ = room.take_seat(player, "", f"game of {player}", 0)
    assert [player for player in ("ada", "bob", "cy") if room.is_host(Person(player))] == ["ada"]
    # The seat of a player who has deleted their data is read like this.
    gone = replace(room.seats[0], player="", is_removed=True)
    room = replace(room, seats=(gone, *room.seats[1:]))
    assert [player for player in ("", "bob", "cy") if room.is_host(Person(player))] == ["bob"]
    # Nobody knows whether the maker comes to the rematch.
    room = room.start(Person("bob"), 0)
    _, following = room.make_rematch("CDFHK", "seed", room.ends_at_ms or 0)
    for player in ("cy", "bob"):
        following, _ = following.take_seat(player, "", f"rematch of {player}", 0)
    assert [player for player in ("bob", "cy") if following.is_host(Person(player))] == ["cy"]
    following, _ = following.take_seat("ada", "", "rematch of ada", 0)
    assert [player for player in ("ada", "bob", "cy") if following.is_host(Person(player))] == ["ada"]
