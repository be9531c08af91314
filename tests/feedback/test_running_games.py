"""Running games in the store: who holds them, and for how long their clocks ran."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from feedback.database_rows import format_time
from feedback.errors import GameMoved, PlayerDeleted
from feedback.records import Game
from feedback.running_games import RunningGame, TakenGame
from feedback.store import Store
from tests.feedback.making import a_game, a_round

pytestmark = pytest.mark.both_engines

FIRST, SECOND, THIRD = "token 0", "token 1", "token 2"


async def start(store: Store) -> tuple[Game, RunningGame]:
    """Store a game that the server "one" holds."""
    now = datetime.now(UTC)
    game = a_game(finished_at=None, started_at=now, score=0, hits=0, prompts=0, accuracy=0.0, best_combo=0)
    running = RunningGame(game.id, game.player, "one", 0, FIRST, "state 0")
    await store.running_games.renew_server("one", "here/1")
    await store.start_game(game, running)
    return game, running


async def take(store: Store, token: str = FIRST, new_token: str = SECOND) -> TakenGame:
    taken = await store.running_games.take(token, "ada", "two", new_token)
    assert taken is not None
    return taken


async def change_times(store: Store, table: str, column: str, seconds: float) -> None:
    """Set all times of a column to so many seconds ago."""
    at = format_time(datetime.now(UTC) - timedelta(seconds=seconds))
    await store.database.write(lambda connection: connection.execute(f"UPDATE {table} SET {column} = ?", (at,)))  # noqa: S608


async def list_games(store: Store, server: str) -> dict[str, int]:
    return (await store.running_games.renew_server(server, "here/1")).games


async def test_a_game_is_taken_with_its_state_and_its_rounds(store: Store) -> None:
    game, running = await start(store)
    rounds = [a_round(game=game.id, number=number) for number in (1, 2)]
    for number, round_ in enumerate(rounds, 1):
        await store.running_games.add_round(round_, running._replace(state=f"state {number}"))
    taken = await take(store)
    assert taken.running == RunningGame(game.id, "ada", "two", 1, SECOND, "state 2")
    assert (taken.game, taken.rounds) == (game, rounds)


async def test_a_token_is_good_once_and_for_its_player_only(store: Store) -> None:
    await start(store)
    assert await store.running_games.take(FIRST, "bob", "two", SECOND) is None
    claims = [store.running_games.take(FIRST, "ada", f"server {n}", f"new {n}") for n in range(8)]
    assert sum(taken is not None for taken in await asyncio.gather(*claims)) == 1
    assert await store.running_games.take(FIRST, "ada", "two", SECOND) is None


async def test_a_player_without_the_token_takes_a_game_by_its_id(store: Store) -> None:
    game, running = await start(store)
    assert await store.running_games.take_game(game.id, "bob", "two", SECOND) is None
    taken = await store.running_games.take_game(game.id, "ada", "two", SECOND)
    assert taken is not None
    assert taken.running == running._replace(server="two", epoch=1, token=SECOND)
    assert await store.running_games.read_epoch(game.id) == 1
    assert await store.running_games.take(FIRST, "ada", "three", THIRD) is None
    assert await store.running_games.read_epoch("no such game") is None


async def test_only_the_newest_holder_can_write(store: Store) -> None:
    game, running = await start(store)
    taken = await take(store)
    round_ = a_round(game=game.id, number=1)
    writes: list[Callable[[], Awaitable[object]]] = [
        lambda: store.running_games.add_round(round_, running),
        lambda: store.running_games.save(running),
        lambda: store.running_games.release(running),
        lambda: store.finish_game(game, running),
    ]
    for write in writes:
        with pytest.raises(GameMoved) as moved:
            await write()
        assert not moved.value.has_ended
    assert await store.get_game(game.id) == (game, [])
    await store.running_games.add_round(round_, taken.running)
    await store.finish_game(game, taken.running)
    with pytest.raises(GameMoved) as moved:
        await store.running_games.save(taken.running)
    assert moved.value.has_ended


async def test_the_clock_runs_on_while_the_server_lives(store: Store) -> None:
    await start(store)
    await change_times(store, "running_games", "updated_at", 7)
    taken = await take(store)
    assert 7_000 <= taken.passed_ms < 60_000
    # Neither does taking it over again set the clock back.
    again = await take(store, SECOND, THIRD)
    assert again.passed_ms >= taken.passed_ms


async def test_the_clock_of_a_dead_server_stands_still_since_it_was_seen(store: Store) -> None:
    await start(store)
    await change_times(store, "running_games", "updated_at", 60)
    await change_times(store, "servers", "seen_at", 48)
    taken = await take(store)
    assert 11_900 <= taken.passed_ms <= 12_100


async def test_the_clock_of_a_released_game_stands_still(store: Store) -> None:
    _, running = await start(store)
    await store.running_games.release(running._replace(state="state 1"))
    await change_times(store, "running_games", "updated_at", 9)
    taken = await take(store)
    assert (taken.passed_ms, taken.running.state) == (0, "state 1")


async def test_saving_a_state_starts_its_time_anew(store: Store) -> None:
    await start(store)
    await change_times(store, "running_games", "updated_at", 9)
    taken = await take(store)
    await store.running_games.save(taken.running._replace(state="state 1"))
    await store.running_games.release(taken.running)
    assert (await take(store, SECOND, THIRD)).passed_ms == 0


async def test_a_server_knows_which_games_it_holds(store: Store) -> None:
    game, _ = await start(store)
    assert await list_games(store, "one") == {game.id: 0}
    await take(store)
    assert await list_games(store, "one") == {}
    assert await list_games(store, "two") == {game.id: 1}
    await store.running_games.abandon({game.id: 0})
    assert await list_games(store, "two") == {game.id: 1}
    await store.running_games.abandon({game.id: 1})
    assert await list_games(store, "two") == {}


async def test_a_server_learns_when_it_was_last_seen(store: Store) -> None:
    first = await store.running_games.renew_server("one", "here/1")
    second = await store.running_games.renew_server("one", "here/1")
    assert first.was_seen_at is None
    assert second.was_seen_at == first.at <= second.at


async def test_a_deleted_player_has_no_running_game(store: Store) -> None:
    game, running = await start(store)
    await store.delete_player("ada")
    with pytest.raises(PlayerDeleted):
        await store.running_games.save(running)
    with pytest.raises(PlayerDeleted):
        await store.finish_game(game, running)
    assert await store.running_games.take(FIRST, "ada", "two", SECOND) is None


async def test_games_end_when_nobody_has_run_them_for_a_while(store: Store) -> None:
    game, running = await start(store)
    await store.running_games.add_round(a_round(game=game.id, number=1, outcome="hit", points=40), running)
    await change_times(store, "games", "started_at", 600)
    await change_times(store, "running_games", "updated_at", 600)

    async def finish_open_games() -> int:
        return await store.finish_open_games(datetime.now(UTC) - timedelta(seconds=15), lambda _: None)

    assert await finish_open_games() == 0  # its server lives
    await change_times(store, "servers", "seen_at", 14)
    assert await finish_open_games() == 0
    await change_times(store, "servers", "seen_at", 16)
    assert await finish_open_games() == 1
    found = await store.get_game(game.id)
    assert found is not None
    assert (found[0].score, found[0].finished_at is not None) == (40, True)
    with pytest.raises(GameMoved):
        await store.running_games.save(running)
    await store.finish_game(game, running)  # changes nothing
    assert await store.get_game(game.id) == found


async def test_a_released_game_ends_when_nobody_resumes_it(store: Store) -> None:
    _, running = await start(store)
    await change_times(store, "games", "started_at", 600)
    await store.running_games.release(running)
    await store.running_games.delete_server("one")
    assert await store.finish_open_games(datetime.now(UTC) - timedelta(seconds=15), lambda _: None) == 0
    await change_times(store, "running_games", "updated_at", 16)
    assert await store.finish_open_games(datetime.now(UTC) - timedelta(seconds=15), lambda _: None) == 1
