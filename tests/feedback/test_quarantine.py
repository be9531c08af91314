"""Rounds in doubt, and what a person decides on them."""

from __future__ import annotations

import pytest

from feedback.errors import InvalidLabel, RoundNotFound
from feedback.quarantine import Doubt
from feedback.records import SYNTHETIC
from feedback.store import Store
from tests.feedback.making import MONDAY, a_round


async def test_the_quarantine_is_what_was_found_last_and_what_was_decided(store: Store) -> None:
    rounds = [a_round() for _ in range(3)]
    await store.add_rounds(rounds)
    first, second, third = (Doubt(round=one.id, label="7", seen="1", why="It looks so.") for one in rounds)
    gone = Doubt(round="no-such-round", label="7", seen="1", why="It was deleted meanwhile.")
    await store.set_quarantine([first, second, gone], MONDAY)
    assert await store.list_doubts() == [first, second]

    await store.decide(first.round, "1")
    await store.set_quarantine([first, third], MONDAY)
    found = {doubt.round: doubt.decided for doubt in await store.list_doubts()}
    assert found == {first.round: "1", third.round: None}
    await store.decide(third.round, "")
    assert [doubt.decided for doubt in await store.list_doubts()] == ["1", ""]

    with pytest.raises(RoundNotFound):
        await store.decide(second.round, "1")
    with pytest.raises(InvalidLabel):
        await store.decide(first.round, "12")


async def test_what_nobody_drew_is_counted_as_nobodys(store: Store) -> None:
    await store.add_rounds([a_round(label="7"), a_round(player=SYNTHETIC, source="synthetic", label="7")])
    counts = await store.read_counts()
    assert (counts.rounds, counts.players, counts.labeled) == (2, 1, 1)
