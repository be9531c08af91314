"""Rounds are stored completely and once, and only their players can label them."""

from __future__ import annotations

import asyncio

import pytest

from feedback.errors import InvalidLabel, NotYourRound, RoundNotFound
from feedback.ids import make_id
from feedback.records import LABELS
from feedback.store import Store, open_store
from recognition.alphabets import CLASSES
from tests.feedback.making import a_round

pytestmark = pytest.mark.both_engines


async def test_a_round_comes_back_unchanged(store: Store) -> None:
    whole = a_round(
        game=make_id(), number=3, mode="sprint", target="7", outcome="hit", duration_ms=1234, points=77,
        crop=b"crop", flag="rude",
    )  # fmt: skip
    bare = a_round(predicted=None, confidence=None, top=[], drawing=[], image=None, outcome="skip")
    await store.add_rounds([whole, bare])
    assert await store.get_round(whole.id) == whole
    assert await store.get_round(bare.id) == bare
    assert await store.get_round(make_id()) is None


async def test_the_same_round_again_changes_nothing(store: Store) -> None:
    round_ = a_round()
    await store.add_round(round_)
    await store.give_feedback(round_.id, "ada", "1")
    await store.add_round(round_)
    stored = await store.get_round(round_.id)
    assert stored is not None
    assert stored.label == "1"
    assert (await store.read_counts()).rounds == 1


async def test_many_rounds_at_once_are_all_stored(url: str) -> None:
    store = await open_store(url)
    rounds = [a_round(player=f"p{n % 7}") for n in range(900)]
    await asyncio.gather(*(store.add_round(round_) for round_ in rounds))
    await store.close()
    again = await open_store(url)
    assert {round_.id async for round_ in again.read_rounds()} == {round_.id for round_ in rounds}
    counts = await again.read_counts()
    assert (counts.rounds, counts.players, counts.by_source) == (900, 7, {"challenge": 900})
    await again.close()


async def test_rounds_are_read_in_the_order_in_which_they_were_stored(store: Store) -> None:
    rounds = [a_round() for _ in range(1100)]
    await store.add_rounds(reversed(rounds))
    assert [round_.id async for round_ in store.read_rounds()] == [round_.id for round_ in reversed(rounds)]


async def test_only_the_player_can_label_a_round_and_change_the_label(store: Store) -> None:
    round_ = a_round(predicted="7")
    await store.add_round(round_)
    corrected = await store.give_feedback(round_.id, "ada", "1")
    assert (corrected.label, corrected.verdict) == ("1", "corrected")
    confirmed = await store.give_feedback(round_.id, "ada", "7")
    assert (confirmed.label, confirmed.verdict) == ("7", "confirmed")
    with pytest.raises(NotYourRound):
        await store.give_feedback(round_.id, "mallory", "1")
    with pytest.raises(RoundNotFound):
        await store.give_feedback(make_id(), "ada", "1")
    assert await store.get_round(round_.id) == confirmed
    assert (await store.read_counts()).labeled == 1


@pytest.mark.parametrize("label", ["", "77", "é", " ", "\x00", "１"])
async def test_a_label_that_is_not_a_character_is_refused(store: Store, label: str) -> None:
    round_ = a_round()
    await store.add_round(round_)
    with pytest.raises(InvalidLabel):
        await store.give_feedback(round_.id, "ada", label)


def test_labels_are_the_classes() -> None:
    assert LABELS == CLASSES


async def test_nothing_has_an_id_with_a_null_character(store: Store) -> None:
    for id_ in ("\0", f"{a_round().id}\0"):
        assert await store.get_round(id_) is None
        assert await store.get_game(id_) is None
        with pytest.raises(RoundNotFound):
            await store.give_feedback(id_, "ada", "7")
        with pytest.raises(RoundNotFound):
            await store.quarantine.decide(id_, "7")
