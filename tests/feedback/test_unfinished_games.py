"""Games that a server left open end with their stored rounds and reach the boards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedback.records import Game, Round
from feedback.store import Store
from feedback.unfinished_games import StoredResult
from tests.feedback.making import MONDAY, a_game, a_round

pytestmark = pytest.mark.both_engines

NOW = MONDAY + timedelta(hours=1)
HIT, SKIP, TIMEOUT = ("hit", 40), ("skip", 0), ("timeout", 0)


def rank_all(_: list[StoredResult]) -> None:
    """Have no doubt about any game."""


async def leave_open(store: Store, *outcomes: tuple[str, int], **fields: object) -> Game:
    """Store a game as far as a server came with it, and return it."""
    game = a_game(finished_at=None, score=0, hits=0, prompts=0, accuracy=0.0, best_combo=0, **fields)
    await store.start_game(game)
    await store.add_rounds(
        make_round(game, number, outcome, points) for number, (outcome, points) in enumerate(outcomes, 1)
    )
    return game


def make_round(game: Game, number: int, outcome: str, points: int) -> Round:
    return a_round(
        game=game.id,
        player=game.player,
        number=number,
        outcome=outcome,
        points=points,
        at=game.started_at + timedelta(seconds=number),
    )


async def read_game(store: Store, game: Game) -> Game:
    found = await store.get_game(game.id)
    assert found is not None
    return found[0]


async def test_its_figures_follow_from_its_rounds(store: Store) -> None:
    left = await leave_open(store, HIT, HIT, SKIP, HIT, HIT, HIT, SKIP, HIT)
    assert await store.finish_open_games(NOW, rank_all) == 1
    game = await read_game(store, left)
    assert game == a_game(
        id=left.id,
        finished_at=MONDAY + timedelta(seconds=8),
        score=240,
        hits=6,
        prompts=8,
        accuracy=0.75,
        best_combo=3,
    )


async def test_the_end_of_the_time_ends_no_series_of_hits(store: Store) -> None:
    left = await leave_open(store, HIT, TIMEOUT)
    await store.finish_open_games(NOW, rank_all)
    game = await read_game(store, left)
    assert (game.best_combo, game.hits, game.accuracy) == (1, 1, 0.5)


async def test_it_reaches_the_boards_of_the_day_on_which_it_ended(store: Store) -> None:
    await leave_open(store, HIT, HIT, player="bob", name="Bob")
    await leave_open(store, HIT, player="ada", name="Ada")
    await leave_open(store, SKIP, player="eve", name="Eve")
    await leave_open(store, HIT, HIT, HIT, player="dan", name="Dan", mode="practice")
    assert await store.finish_open_games(NOW, rank_all) == 4
    for period in ("day", "week", "all"):
        entries, _ = await store.read_leaderboard("sprint", "digits", period, 10, "ada", MONDAY)
        assert [(entry.player, entry.score) for entry in entries] == [("Bob", 80), ("Ada", 40)]
    entries, _ = await store.read_leaderboard("sprint", "digits", "day", 10, "ada", MONDAY + timedelta(days=1))
    assert entries == []


async def test_a_game_without_rounds_ends_when_it_began(store: Store) -> None:
    left = await leave_open(store)
    await store.finish_open_games(NOW, rank_all)
    game = await read_game(store, left)
    assert (game.finished_at, game.score, game.prompts, game.accuracy) == (MONDAY, 0, 0, 0.0)


async def test_games_that_begin_later_and_games_that_ended_stay_as_they_are(store: Store) -> None:
    running = await leave_open(store, HIT, started_at=NOW)
    ended = a_game(player="bob", score=7)
    await store.finish_game(ended)
    assert await store.finish_open_games(NOW, rank_all) == 0
    assert await read_game(store, running) == running
    assert await read_game(store, ended) == ended


async def test_doing_it_again_changes_nothing(store: Store) -> None:
    left = await leave_open(store, HIT)
    assert await store.finish_open_games(NOW, rank_all) == 1
    ended = await read_game(store, left)
    assert await store.finish_open_games(datetime.now(UTC), rank_all) == 0
    assert await read_game(store, left) == ended


@pytest.mark.slow
async def test_very_many_are_all_ended(store: Store) -> None:
    for number in range(250):
        await leave_open(store, HIT, player=f"player-{number}")
    assert await store.finish_open_games(NOW, rank_all) == 250
    assert (await store.read_counts()).games == 250


async def test_a_game_in_doubt_is_ended_but_not_ranked(store: Store) -> None:
    left = await leave_open(store, HIT, HIT)
    other = await leave_open(store, HIT, SKIP, player="bob", name="Bob")
    judged: list[list[StoredResult]] = []

    def doubt_long_series(results: list[StoredResult]) -> str | None:
        judged.append(results)
        return "a reason." if all(result.outcome == "hit" for result in results) else None

    assert await store.finish_open_games(NOW, doubt_long_series) == 2
    assert (await read_game(store, left)).unranked == "a reason."
    assert (await read_game(store, other)).unranked is None
    entries, _ = await store.read_leaderboard("sprint", "digits", "all", 10, "ada", MONDAY)
    assert [entry.player for entry in entries] == ["Bob"]
    drawings = [[result.drawing for result in results] for results in judged]
    assert drawings == [[a_round().drawing] * 2] * 2


async def test_a_game_of_a_mode_without_boards_is_not_judged(store: Store) -> None:
    left = await leave_open(store, HIT, mode="practice")
    await store.finish_open_games(NOW, lambda _: "a reason.")
    assert (await read_game(store, left)).unranked is None


async def test_games_in_rooms_wait_for_their_players_to_the_end_of_the_room(store: Store) -> None:
    alone, in_room = await leave_open(store, HIT), await leave_open(store, HIT, mode="duel")
    assert await store.finish_open_games(NOW, rank_all, rooms_before=MONDAY) == 1
    assert (await read_game(store, alone)).finished_at is not None
    assert (await read_game(store, in_room)).finished_at is None
    assert await store.finish_open_games(NOW, rank_all, rooms_before=NOW) == 1
    assert (await read_game(store, in_room)).score == HIT[1]
