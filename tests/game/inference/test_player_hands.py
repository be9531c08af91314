"""A player's hand in memory follows what the store holds."""

from __future__ import annotations

from collections import Counter

import pytest

from feedback.hands import KNOWN_FROM, HandEntry, StoredHand
from feedback.remembering import MOST_PER_LABEL, HandState, Origin
from game.inference.player_hands import Look, PlayerHand
from recognition.hand import MOST_PER_CLASS

MODEL = "m1"


def an_entry(number: int, label: str = "4", origin: Origin = "hit", model: str | None = MODEL) -> HandEntry:
    return HandEntry(f"round {number}", label, origin, model, bytes([number + 1, 1, 2]))


@pytest.fixture
def asked() -> list[PlayerHand]:
    return []


@pytest.fixture
def hand(asked: list[PlayerHand]) -> PlayerHand:
    hand = PlayerHand("ada", asked.append)
    hand.take(StoredHand(HandState(True, 1), [an_entry(0, "7")]), hand.changes)
    return hand


def count(hand: PlayerHand, model: str = MODEL, *, hits_only: bool = False) -> int:
    """Return how many drawings vote."""
    return len(hand.choose(model, hits_only=hits_only) or ())


def test_all_that_is_stored_of_a_character_counts() -> None:
    assert MOST_PER_LABEL == MOST_PER_CLASS


def test_a_character_becomes_known_once(hand: PlayerHand) -> None:
    known = [hand.learn(an_entry(number), HandState(True, 1 + number)) for number in range(1, 2 + MOST_PER_LABEL)]
    assert known == [number == KNOWN_FROM for number in range(1, 2 + MOST_PER_LABEL)]
    assert count(hand) == 1 + MOST_PER_LABEL


def test_a_hit_pushes_out_no_drawing_that_no_model_has_looked_at(hand: PlayerHand) -> None:
    """The store does not forget it either, and it would wait there for a look that never comes."""
    unseen = [an_entry(number, model=None) for number in range(MOST_PER_LABEL)]
    hand.take(StoredHand(HandState(True, 1), [*unseen]), hand.changes)
    hand.learn(an_entry(9), HandState(True, 2))
    assert hand.list_unseen(MODEL) == unseen
    assert count(hand) == 1


def test_what_somebody_else_has_changed_is_read_again(hand: PlayerHand) -> None:
    assert not hand.learn(an_entry(1), HandState(True, 3))
    assert not hand.is_fresh
    assert count(hand) == 0
    hand.take(StoredHand(HandState(True, 3), [an_entry(1), an_entry(0, "7")]), hand.changes)
    assert count(hand) == 2


def test_what_changes_while_it_is_read_is_read_once_more(hand: PlayerHand) -> None:
    hand.changes += 1
    before = hand.changes
    hand.learn(an_entry(1), HandState(True, 2))
    hand.take(StoredHand(HandState(True, 1), []), before)
    assert not hand.is_fresh


def test_labels_and_other_models_are_told_apart(hand: PlayerHand, asked: list[PlayerHand]) -> None:
    entries = [an_entry(1, origin="label"), an_entry(2), an_entry(3, model=None), an_entry(4, model="m0")]
    hand.take(StoredHand(HandState(True, 2), entries), hand.changes)
    assert (count(hand), count(hand, hits_only=True), count(hand, "m2")) == (2, 1, 0)
    assert hand.has_labels
    assert asked
    looks = [
        Look("round 1", "4", b"xyz", True),
        Look("round 2", "4", None, False),
        Look("round 3", "9", b"xyz", True),  # before its label changed
        Look("round 4", "4", None, True),
    ]
    hand.take_looks("m2", looks)
    assert count(hand, "m2") == 1
    assert [entry.round for entry in hand.list_unseen("m2")] == ["round 3"]


def test_one_drawing_of_each_character_is_looked_at_first(hand: PlayerHand) -> None:
    entries = [an_entry(number, label) for number, label in enumerate("4447799")]
    hand.take(StoredHand(HandState(True, 2), entries), hand.changes)
    labels = [entry.label for entry in hand.list_unseen("m2")]
    assert [Counter(labels[:end]) for end in (3, 6)] == [Counter("479"), Counter("479479")]


def test_a_hand_that_is_off_or_damaged_does_not_vote(hand: PlayerHand) -> None:
    hand.take(StoredHand(HandState(False, 2), [an_entry(1)]), hand.changes)
    assert count(hand) == 0
    damaged = an_entry(2)._replace(features=b"x")
    hand.take(StoredHand(HandState(True, 3), [an_entry(1), damaged]), hand.changes)
    assert count(hand) == 0
