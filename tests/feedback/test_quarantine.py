"""The quarantine holds rounds in doubt until a person decides."""

from __future__ import annotations

import pytest

from feedback.errors import InvalidLabel, RoundNotFound
from feedback.quarantine import Doubt
from feedback.records import SYNTHETIC
from feedback.store import Store
from tests.feedback.making import MONDAY, a_round

pytestmark = pytest.mark.both_engines


async def test_new_doubts_replace_the_undecided_ones_only(store: Store) -> None:
    rounds = [a_round() for _ in range(3)]
    await store.add_rounds(rounds)
    first, second, third = (Doubt(round=round_.id, label="7", seen="1", why="It looks so.") for round_ in rounds)
    gone = Doubt(round="no-such-round", label="7", seen="1", why="It was deleted meanwhile.")
    await store.quarantine.replace([first, second, gone], MONDAY)
    assert await store.quarantine.list_doubts() == [first, second]

    await store.quarantine.decide(first.round, "1")
    await store.quarantine.replace([first, third], MONDAY)
    decisions = {doubt.round: doubt.decided for doubt in await store.quarantine.list_doubts()}
    assert decisions == {first.round: "1", third.round: None}
    await store.quarantine.decide(third.round, "")
    assert [doubt.decided for doubt in await store.quarantine.list_doubts()] == ["1", ""]

    with pytest.raises(RoundNotFound):
        await store.quarantine.decide(second.round, "1")
    with pytest.raises(InvalidLabel):
        await store.quarantine.decide(first.round, "12")


async def test_generated_rounds_do_not_count_as_a_persons(store: Store) -> None:
    await store.add_rounds([a_round(label="7"), a_round(player=SYNTHETIC, source="synthetic", label="7")])
    counts = await store.read_counts()
    assert (counts.rounds, counts.players, counts.labeled) == (2, 1, 1)
