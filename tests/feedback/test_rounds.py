"""Rounds are kept whole, once, and belong to whoever drew them."""

from __future__ import annotations

import asyncio

import pytest

from feedback.errors import InvalidLabel, NotYourRound, RoundNotFound
from feedback.ids import make_id
from feedback.records import LABELS
from feedback.store import Store, open_store
from recognition.alphabets import CLASSES
from tests.feedback.making import a_round


async def test_a_round_comes_back_as_it_was(store: Store) -> None:
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
    kept = a_round()
    await store.add_round(kept)
    await store.give_feedback(kept.id, "ada", "1")
    await store.add_round(kept)
    found = await store.get_round(kept.id)
    assert found is not None
    assert found.label == "1"
    assert (await store.read_counts()).rounds == 1


async def test_many_at_once_all_stay(url: str) -> None:
    store = await open_store(url)
    rounds = [a_round(player=f"p{n % 7}") for n in range(900)]
    await asyncio.gather(*(store.add_round(kept) for kept in rounds))
    await store.close()
    again = await open_store(url)
    assert {kept.id async for kept in again.read_rounds()} == {kept.id for kept in rounds}
    counts = await again.read_counts()
    assert (counts.rounds, counts.players, counts.by_source) == (900, 7, {"challenge": 900})
    await again.close()


async def test_rounds_are_read_in_the_order_they_came(store: Store) -> None:
    rounds = [a_round() for _ in range(1100)]
    await store.add_rounds(reversed(rounds))
    assert [kept.id async for kept in store.read_rounds()] == [kept.id for kept in reversed(rounds)]


async def test_only_whoever_drew_it_may_say_and_may_change_it(store: Store) -> None:
    kept = a_round(predicted="7")
    await store.add_round(kept)
    corrected = await store.give_feedback(kept.id, "ada", "1")
    assert (corrected.label, corrected.verdict) == ("1", "corrected")
    confirmed = await store.give_feedback(kept.id, "ada", "7")
    assert (confirmed.label, confirmed.verdict) == ("7", "confirmed")
    with pytest.raises(NotYourRound):
        await store.give_feedback(kept.id, "mallory", "1")
    with pytest.raises(RoundNotFound):
        await store.give_feedback(make_id(), "ada", "1")
    assert await store.get_round(kept.id) == confirmed
    assert (await store.read_counts()).labeled == 1


@pytest.mark.parametrize("label", ["", "77", "é", " ", "\x00", "１"])
async def test_a_label_is_one_of_the_characters(store: Store, label: str) -> None:
    kept = a_round()
    await store.add_round(kept)
    with pytest.raises(InvalidLabel):
        await store.give_feedback(kept.id, "ada", label)


def test_labels_are_the_classes() -> None:
    assert LABELS == CLASSES


def test_ids_are_version_7_and_rise() -> None:
    ids = [make_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert {(one[14], one[19] in "89ab") for one in ids} == {("7", True)}
