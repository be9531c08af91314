"""The names of players who choose none."""

from __future__ import annotations

import uuid

from feedback.names.generated import ADJECTIVES, ANIMALS, generate_name


def test_the_same_player_always_has_the_same_name() -> None:
    # Written here, since a name that changes with a release would be somebody else's.
    assert generate_name("a" * 32) == "Windy Narwhal"


def test_there_are_several_thousand_and_all_are_in_use() -> None:
    assert len(set(ADJECTIVES)) * len(set(ANIMALS)) >= 5000
    names = {generate_name(uuid.UUID(int=number).hex) for number in range(5000)}
    assert len(names) > 3000
    assert {name.split()[0] for name in names} == set(ADJECTIVES)
    assert {name.split()[1] for name in names} == set(ANIMALS)
