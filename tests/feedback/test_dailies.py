"""One try at a daily for each player, day and alphabet."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from feedback.dailies import DailyTry
from feedback.errors import AlreadyPlayed
from feedback.records import Game
from feedback.store import Store, open_store
from tests.feedback.making import a_game

pytestmark = pytest.mark.both_engines

EVENING = datetime(2026, 11, 23, 23, 59, 30, tzinfo=UTC)


def a_daily(**fields: object) -> Game:
    defaults = {"mode": "daily", "started_at": EVENING, "finished_at": None}
    return a_game(**{**defaults, **fields})


async def test_of_dailies_that_start_at_once_one_is_stored(store: Store, url: str) -> None:
    other = await open_store(url)
    games = [a_daily() for _ in range(8)]
    starts = [(store, other)[number % 2].start_game(game) for number, game in enumerate(games)]
    results = await asyncio.gather(*starts, return_exceptions=True)
    await other.close()
    (first,) = [game for game, result in zip(games, results, strict=True) if result is None]
    refusals = [result for result in results if isinstance(result, AlreadyPlayed)]
    assert [(refusal.game, refusal.is_finished) for refusal in refusals] == [(first.id, False)] * 7
    for game in games:
        assert (await store.get_game(game.id) is not None) == (game == first)
    await store.start_game(first)  # as when the first answer was lost


async def test_another_player_day_or_alphabet_is_another_try(store: Store) -> None:
    first = a_daily()
    await store.start_game(first)
    await store.finish_game(a_daily(id=first.id, finished_at=EVENING, score=70))
    with pytest.raises(AlreadyPlayed) as refusal:
        await store.start_game(a_daily(started_at=EVENING - timedelta(hours=23)))
    assert (refusal.value.game, refusal.value.is_finished) == (first.id, True)
    for different in ({"player": "bob"}, {"alphabet": "any"}, {"started_at": EVENING + timedelta(minutes=1)}):
        await store.start_game(a_daily(**different))
    tries = await store.dailies.list_tries("ada", date(2026, 11, 23))
    assert tries[1] == DailyTry(date(2026, 11, 23), "digits", first.id, 70, is_finished=True)
    assert [(each.day.day, each.alphabet) for each in tries] == [(23, "any"), (23, "digits"), (24, "digits")]


async def test_a_daily_that_ends_after_midnight_counts_for_the_day_it_began(store: Store) -> None:
    night = EVENING + timedelta(minutes=1)
    await store.finish_game(a_game(player="bob", mode="daily", started_at=night, finished_at=night, score=900))
    assert await store.finish_game(a_daily(finished_at=night, score=70)) == 1
    for at, scores in ((EVENING, [70]), (night, [900])):
        entries, _ = await store.read_leaderboard("daily", "digits", "day", 10, "ada", at)
        assert [entry.score for entry in entries] == scores


async def test_deleting_a_player_deletes_their_tries(store: Store) -> None:
    await store.start_game(a_daily())
    await store.delete_player("ada")
    assert await store.dailies.list_tries("ada", date.min) == []
