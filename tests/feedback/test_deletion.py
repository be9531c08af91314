"""Deleted data is gone for good: from the leaderboards and from the files."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing

import msgspec
import pytest

from feedback.deletion import Deleted, begin_deletion, delete_some_data, list_unfinished_deletions
from feedback.errors import NotFromAPicture, NotYourRound, PlayerDeleted, RoundNotFound
from feedback.store import Store, open_store
from tests.feedback.making import MONDAY, a_game, a_round
from tests.feedback.sqlite.inside import get_path, get_writer

PLAYER = "c0ffee15" * 4
SECRET = [[[101, 202, 303, 404, 505, 606, 707], [11, 22, 33, 44, 55, 66, 77], [0, 8, 16, 24, 32, 40, 48]]]


async def read_board(store: Store) -> list[str]:
    entries, _ = await store.read_leaderboard("sprint", "digits", "all", 10, "", MONDAY)
    return [entry.player for entry in entries]


@pytest.mark.both_engines
async def test_all_data_of_one_player_goes_and_none_of_the_others(store: Store) -> None:
    for player in ("ada", "bob"):
        game = a_game(player=player, name=player.title())
        await store.start_game(msgspec.structs.replace(game, finished_at=None))
        await store.add_rounds(a_round(player=player, game=game.id, number=number) for number in range(1, 4))
        await store.finish_game(game)
        await store.add_round(a_round(player=player, source="draw"))
    (first, *_) = [round_ async for round_ in store.read_rounds("ada")]
    assert await read_board(store) == ["Ada", "Bob"]

    assert await store.delete_player("ada") == Deleted(rounds=4, games=1)

    assert await read_board(store) == ["Bob"]
    assert {round_.player async for round_ in store.read_rounds()} == {"bob"}
    assert [round_ async for round_ in store.read_rounds("ada")] == []
    assert await store.get_round(first.id) is None
    assert first.game is not None
    assert await store.get_game(first.game) is None
    with pytest.raises(RoundNotFound):
        await store.give_feedback(first.id, "ada", "7")
    counts = await store.read_counts()
    assert (counts.rounds, counts.games, counts.players) == (4, 1, 1)
    assert await store.delete_player("ada") == Deleted(0, 0)


async def test_nothing_more_is_stored_for_them(store: Store) -> None:
    game = a_game(finished_at=None)
    await store.start_game(game)
    await store.delete_player("ada")
    refused: list[Callable[[], object]] = [
        lambda: store.add_round(a_round(game=game.id)),
        lambda: store.add_rounds([a_round(player="bob"), a_round()]),
        lambda: store.finish_game(game),
        lambda: store.start_game(a_game()),
    ]
    for write in refused:
        with pytest.raises(PlayerDeleted):
            await write()  # type: ignore[misc]
    counts = await store.read_counts()
    assert (counts.rounds, counts.games, counts.players) == (0, 0, 0)
    assert await store.is_player_deleted("ada")
    assert not await store.is_player_deleted("bob")


@pytest.mark.both_engines
async def test_a_round_that_races_with_the_deletion_is_gone_or_refused(store: Store) -> None:
    rounds = [store.add_round(a_round()) for _ in range(50)]
    after = [store.add_round(a_round()) for _ in range(50)]
    results = await asyncio.gather(*rounds, store.delete_player("ada"), *after, return_exceptions=True)
    assert [round_ async for round_ in store.read_rounds()] == []
    assert {type(result) for result in results if isinstance(result, Exception)} <= {PlayerDeleted}


async def test_drawings_leave_no_trace_in_the_files(url: str) -> None:
    store = await open_store(url)
    for number in range(60):
        await store.add_round(a_round(player=PLAYER, drawing=SECRET * (1 + number % 40)))
        await store.add_round(a_round(player="bob", drawing=[[[1], [2], [3]]]))
    async for round_ in store.read_rounds(PLAYER):  # SQLite moves rows that grow
        await store.give_feedback(round_.id, PLAYER, "7")
    await store.start_game(a_game(player=PLAYER, name="Ada L."))
    files = [get_path(store), get_path(store).with_name("inkrush.db-wal")]
    traces = {b"[101,202,303", PLAYER.encode(), b"Ada L."}

    def find_traces() -> set[bytes]:
        return {trace for trace in traces for file in files if file.exists() and trace in file.read_bytes()}

    assert find_traces() == traces
    await store.delete_player(PLAYER)
    assert find_traces() == set()  # while the store is open
    with closing(sqlite3.connect(get_path(store))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    await store.close()
    assert find_traces() == set()


async def test_only_the_ids_of_deleted_rounds_and_a_hash_stay(store: Store) -> None:
    round_ = a_round()
    await store.add_round(round_)
    await store.delete_player("ada")
    with closing(sqlite3.connect(get_path(store))) as connection:
        assert [row[0] for row in connection.execute("SELECT id FROM deleted_rounds")] == [round_.id]
        (hashed,) = connection.execute("SELECT hash FROM deleted_players").fetchone()
    assert len(hashed) == 64
    assert "ada" not in hashed


async def test_very_much_is_deleted_in_many_transactions(
    store: Store,
) -> None:
    await store.add_rounds(a_round() for _ in range(1000))
    statements: list[str] = []
    get_writer(store).set_trace_callback(statements.append)
    assert await store.delete_player("ada") == Deleted(rounds=1000, games=0)
    assert statements.count("COMMIT") > 5


async def test_very_many_games_are_deleted_in_many_transactions(store: Store) -> None:
    """Each takes as long as a round, and a player may have thousands."""
    await store.add_rounds([a_round()])
    await asyncio.gather(*(store.finish_game(a_game(score=score)) for score in range(500)))
    statements: list[str] = []
    get_writer(store).set_trace_callback(statements.append)
    assert await store.delete_player("ada") == Deleted(rounds=1, games=500)
    assert statements.count("COMMIT") > 5
    assert (await store.read_counts()).games == 0


@pytest.mark.both_engines
async def test_a_deletion_goes_on_although_its_caller_is_gone(store: Store) -> None:
    await store.add_rounds(a_round() for _ in range(500))
    deleting = asyncio.ensure_future(store.delete_player("ada"))
    await asyncio.sleep(0)
    deleting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await deleting
    async with asyncio.timeout(30):
        while (await store.read_counts()).players:
            await asyncio.sleep(0.01)
    assert (await store.read_counts()).rounds == 0


async def test_a_deletion_that_a_kill_cut_short_is_finished_at_the_next_start(store: Store) -> None:
    await store.add_rounds(a_round() for _ in range(500))
    await store.database.write(lambda connection: begin_deletion(connection, "ada"))
    await store.database.write(lambda connection: delete_some_data(connection, "ada"))
    await store.finish_deletions()
    counts = await store.read_counts()
    assert (counts.rounds, counts.players) == (0, 0)
    assert await store.is_player_deleted("ada")
    assert await store.database.read(list_unfinished_deletions) == []


@pytest.mark.both_engines
async def test_one_character_of_a_picture_is_deleted_and_does_not_come_back(store: Store) -> None:
    uploaded, other, drawn = a_round(source="upload"), a_round(source="upload"), a_round(source="draw")
    await store.add_rounds([uploaded, other, drawn])
    for round_, player, error in (
        (uploaded, "bob", NotYourRound),
        (drawn, "ada", NotFromAPicture),
        (a_round(), "ada", RoundNotFound),
    ):
        with pytest.raises(error):
            await store.delete_round(round_.id, player)
    await store.give_feedback(uploaded.id, "ada", "7")
    await store.delete_round(uploaded.id, "ada")
    assert {round_.id async for round_ in store.read_rounds()} == {other.id, drawn.id}
    assert (await store.read_counts()).labeled == 0
    assert (await store.import_rounds([uploaded])).deleted == 1
