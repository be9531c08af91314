"""The counts, which are kept with each change, are those that counting anew gives."""

from __future__ import annotations

import asyncio
from random import Random
from typing import cast

import pytest

from feedback.records import Source
from feedback.store import Store
from tests.feedback.making import MONDAY, a_game, a_round

pytestmark = pytest.mark.both_engines

SOURCES = ("challenge", "draw", "upload", "synthetic")
PLAYERS = ("ada", "bob", "eve", "synthetic")


async def count_anew(store: Store) -> tuple[dict[str, int], int, int, int]:
    """Return rounds by source, labels of people, finished games and people."""

    async def count(query: str) -> int:
        return await store.database.read(lambda c: int(c.execute(query).fetchone()[0]))

    query = "SELECT count(*) FROM rounds WHERE source = '{}'"
    by_source = {source: await count(query.format(source)) for source in SOURCES}
    return (
        {source: number for source, number in by_source.items() if number},
        await count("SELECT count(*) FROM rounds WHERE label IS NOT NULL AND source <> 'synthetic'"),
        await count("SELECT count(*) FROM games WHERE finished_at IS NOT NULL"),
        await count("SELECT count(*) FROM players WHERE id <> 'synthetic'"),
    )


async def require_right_counts(store: Store) -> None:
    counts = await store.read_counts()
    assert (dict(counts.by_source), counts.labeled, counts.games, counts.players) == await count_anew(store)
    assert counts.rounds == sum(counts.by_source.values())


async def test_an_empty_store(store: Store) -> None:
    await require_right_counts(store)
    assert (await store.read_counts()).rounds == 0


@pytest.mark.parametrize("seed", range(3))
async def test_after_any_changes(store: Store, seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    rounds = []
    for _ in range(30):
        source = cast("Source", rng.choice(SOURCES))
        player = "synthetic" if source == "synthetic" else rng.choice(PLAYERS[:3])
        is_labeled = source == "synthetic" or rng.random() < 0.3
        rounds.append(a_round(source=source, player=player, label="7" if is_labeled else None))
    await store.add_rounds(rounds)
    await store.add_rounds(rounds[:10])  # those are there already
    await require_right_counts(store)

    for round_ in rng.sample(rounds, 10):
        await store.give_feedback(round_.id, round_.player, rng.choice("17"))
    games = [a_game(player=rng.choice(PLAYERS[:3]), finished_at=None) for _ in range(6)]
    for game in games:
        await store.start_game(game)
    await require_right_counts(store)

    await asyncio.gather(*(store.finish_game(game) for game in (*games[:3], *games[:3])))
    await store.finish_open_games(MONDAY.replace(year=2027), lambda _: None)
    await require_right_counts(store)
    assert (await store.read_counts()).games == 6

    await store.delete_player("bob")
    await require_right_counts(store)
