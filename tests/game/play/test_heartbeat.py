"""The heartbeat of a server, on a real store: what it finds out about its games and those of others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedback.database_rows import format_time
from feedback.rooms import StoredRoom
from feedback.running_games import RunningGame
from feedback.store import Store, open_store
from game.play.heartbeat import Heartbeat
from game.rules import tuning
from tests.feedback.making import a_game
from tests.game.hosting import Host, open_client


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await open_store(f"sqlite:///{tmp_path}/inkrush.db")
    yield opened
    await opened.close()


async def leave_game(store: Store, server: str) -> RunningGame:
    """Store a game that ``server`` holds and does not run."""
    game = a_game(finished_at=None)
    running = RunningGame(game.id, game.player, server, 0, "token", "{}")
    await store.start_game(game, running)
    return running


async def is_held(store: Store, running: RunningGame) -> bool:
    return running.game in (await store.running_games.renew_server(running.server, "here/1")).games


async def test_a_game_that_nobody_runs_is_given_up_at_the_second_beat(store: Store, host: Host) -> None:
    heartbeat = Heartbeat("server", "here/1", store, host.services.games)
    running = await leave_game(store, "server")
    await heartbeat.beat()
    assert await is_held(store, running)  # it may just have begun
    heartbeat._beats = 0  # an idle server writes only some of its beats
    await heartbeat.beat()
    assert not await is_held(store, running)


async def test_games_that_run_go_on(host: Host) -> None:
    async with await open_client(host) as client:
        welcome = await client.join()
        running = host.services.games.list_running()
        assert running == {welcome["game"]: 0}
        host.services.games.check(running)
        await client.send(type="skip", round=1)
        assert (await client.next("verdict"))["round"] == 1
        host.services.games.check({})  # the store says that it does, whatever the beat has found
        await client.send(type="skip", round=2)
        assert (await client.next("verdict"))["round"] == 2


async def test_games_of_a_dead_server_end_but_not_before_its_players_had_time_to_return(
    store: Store, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat = Heartbeat("server", "here/1", store, host.services.games)
    running = await leave_game(store, "killed")
    await heartbeat.beat()
    assert not await has_ended(store, running)
    monkeypatch.setattr(tuning, "SEAT_SECONDS", 0.0)
    heartbeat._beats = 0
    await heartbeat.beat()
    assert await has_ended(store, running)


async def test_no_game_ends_after_a_pause_in_which_no_server_could_say_that_it_is_alive(
    store: Store, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat = Heartbeat("server", "here/1", store, host.services.games)
    await heartbeat.beat()
    running = await leave_game(store, "elsewhere")
    an_hour_ago = format_time(datetime.now(UTC) - timedelta(hours=1))
    for table, column in (("servers", "seen_at"), ("running_games", "updated_at"), ("games", "started_at")):
        await store.database.write(
            lambda connection: connection.execute(f"UPDATE {table} SET {column} = ?", (an_hour_ago,))  # noqa: B023, S608
        )
    heartbeat._seen_since = datetime.now(UTC) - timedelta(hours=1)
    heartbeat._beats = 0
    await heartbeat.beat()
    assert not await has_ended(store, running)
    monkeypatch.setattr(tuning, "SEAT_SECONDS", 0.0)
    heartbeat._beats = 0
    await heartbeat.beat()
    assert await has_ended(store, running)


async def test_expired_rooms_are_deleted(store: Store, host: Host) -> None:
    await store.rooms.create(StoredRoom("CDFHJ", "{}", [], timedelta(seconds=-1)))
    await Heartbeat("server", "here/1", store, host.services.games).beat()
    assert await store.rooms.delete_expired() == 0
    assert await store.rooms.create(StoredRoom("CDFHJ", "{}", [], timedelta(days=1)))


async def has_ended(store: Store, running: RunningGame) -> bool:
    stored = await store.get_game(running.game)
    assert stored is not None
    return stored[0].finished_at is not None
