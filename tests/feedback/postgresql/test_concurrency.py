"""Several processes write at once: nothing is lost, counted twice, or left of a deleted player."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta

import pytest

from feedback.errors import PlayerDeleted
from feedback.rooms import StoredRoom
from feedback.sql import Connection, Work
from feedback.store import Store, open_store
from tests.feedback.making import MONDAY, a_game, a_round
from tests.feedback.postgresql.late_commit import open_transaction


@pytest.fixture
async def other(url: str) -> AsyncIterator[Store]:
    """Return the same store as another process sees it."""
    opened = await open_store(url)
    yield opened
    await opened.close()


async def test_two_imports_of_the_same_rounds_at_once(store: Store, other: Store) -> None:
    rounds = [a_round(player=f"player {number % 7}") for number in range(300)]
    both = await asyncio.gather(store.import_rounds(rounds), other.import_rounds(reversed(rounds)))
    assert sum(imported.new for imported in both) == 300
    assert sum(imported.known for imported in both) == 300
    assert (await store.read_counts()).rounds == 300


async def test_counts_are_right_whoever_writes(store: Store, other: Store) -> None:
    writes = [
        each.add_round(a_round(player=f"player {number}", label="7" if number % 2 else None))
        for number in range(100)
        for each in (store, other)
    ]
    await asyncio.gather(*writes)
    counts = await store.read_counts()
    assert (counts.rounds, counts.players, counts.labeled) == (200, 100, 100)


async def test_each_connection_that_writes_counts_in_a_shard_of_its_own(store: Store, other: Store) -> None:
    """Else transactions that count the same things in another order wait for each other in circles."""
    release = threading.Event()
    writes = []
    for each in (store, other, store, other):
        has_begun = threading.Event()

        def work(connection: Connection, has_begun: threading.Event = has_begun) -> str:
            has_begun.set()
            release.wait(60)
            return str(connection.execute("SELECT current_setting('inkrush.shard')").fetchone()[0])

        writes.append(asyncio.ensure_future(each.database.write(work)))
        await asyncio.to_thread(has_begun.wait, 60)
    release.set()
    assert len(set(await asyncio.gather(*writes))) == len(writes)


async def test_a_game_is_finished_once(store: Store, other: Store) -> None:
    game = a_game(finished_at=None)
    await store.start_game(game)
    finished = [a_game(id=game.id, prompts=prompts, score=10 * prompts) for prompts in range(1, 9)]
    await asyncio.gather(
        *(each.finish_game(state) for state in finished for each in (store, other)), return_exceptions=False
    )
    stored = await store.get_game(game.id)
    assert stored is not None
    assert stored[0].prompts == 8
    entries, _ = await store.read_leaderboard("sprint", "digits", "all", 10, "ada", MONDAY)
    assert [(entry.score, entry.game) for entry in entries] == [(80, game.id)]


async def test_nothing_that_is_committed_late_outlives_a_deletion(store: Store, url: str) -> None:
    await store.add_rounds(a_round() for _ in range(3))
    with open_transaction(url, a_round(), a_round()):
        deleting = asyncio.ensure_future(store.delete_player("ada"))
        done, _ = await asyncio.wait([deleting], timeout=0.5)
        assert not done
        with pytest.raises(PlayerDeleted):
            await store.add_round(a_round())
    assert (await deleting).rounds == 5
    assert [round_ async for round_ in store.read_rounds()] == []
    assert (await store.read_counts()).players == 0


async def test_a_player_whose_first_round_is_committed_late_is_deleted_too(store: Store, url: str) -> None:
    with open_transaction(url, a_round()):
        deleting = asyncio.ensure_future(store.delete_player("ada"))
        done, _ = await asyncio.wait([deleting], timeout=0.5)
        assert not done
    assert (await deleting).rounds == 1
    assert [round_ async for round_ in store.read_rounds()] == []
    assert (await store.read_counts()).players == 0


async def test_a_seat_that_is_taken_late_is_deleted_too(store: Store, url: str) -> None:
    await store.add_round(a_round())
    await store.rooms.create(StoredRoom("CDFHJ", "{}", [], timedelta(days=1)))
    with open_transaction(url) as connection:
        connection.execute(
            "INSERT INTO room_seats (room, seat, player, name, generated_name) VALUES ('CDFHJ', 1, 'ada', '', '')"
        )
        deleting = asyncio.ensure_future(store.delete_player("ada"))
        done, _ = await asyncio.wait([deleting], timeout=0.5)
        assert not done
    await deleting
    room = await store.rooms.read("CDFHJ")
    assert room is not None
    assert room.seats == []


async def test_a_deletion_and_writes_of_other_processes(store: Store, other: Store) -> None:
    """Rounds, games and places on boards that arrive during the deletion are gone or refused."""

    async def play(each: Store) -> None:
        for _ in range(30):
            game = a_game(finished_at=None)
            await each.start_game(game)
            await each.add_round(a_round(game=game.id))
            await each.finish_game(a_game(id=game.id))

    await store.add_round(a_round())
    playing = [asyncio.create_task(play(each)) for each in (store, other, store, other)]
    await asyncio.sleep(0.05)
    await store.delete_player("ada")
    results = await asyncio.gather(*playing, return_exceptions=True)
    assert {type(result) for result in results} == {PlayerDeleted}
    counts = await store.read_counts()
    assert (counts.rounds, counts.games, counts.players) == (0, 0, 0)
    assert (await store.read_leaderboard("sprint", "digits", "all", 10, "ada", MONDAY))[0] == []


async def test_transactions_that_wait_for_each_other_are_repeated(store: Store, other: Store) -> None:
    await store.add_rounds(a_round(player=player) for player in ("ada", "bob"))
    both_have_one = threading.Barrier(2)

    def touch(first: str, second: str) -> Work[None]:
        is_first_try = True

        def work(connection: Connection) -> None:
            nonlocal is_first_try
            statement = "UPDATE players SET first_seen = first_seen || '!' WHERE id = ?"
            connection.execute(statement, (first,))
            if is_first_try:
                is_first_try = False
                both_have_one.wait(60)
            connection.execute(statement, (second,))

        return work

    await asyncio.gather(store.database.write(touch("ada", "bob")), other.database.write(touch("bob", "ada")))
    rows = await store.database.read(lambda c: c.execute("SELECT first_seen FROM players").fetchall())
    assert [row["first_seen"][-3:-2] + row["first_seen"][-2:] for row in rows] == ["0!!", "0!!"]


async def test_boards_are_right_when_games_end_while_players_are_hidden(store: Store, other: Store) -> None:
    players = [f"player {number}" for number in range(8)]
    games = [
        a_game(player=player, score=10 * number + 7 * turn)
        for turn in range(1, 5)
        for number, player in enumerate(players, 1)
    ]
    writes: list[Awaitable[object]] = []
    for number, game in enumerate(games):
        here, there = (store, other) if number % 2 else (other, store)
        writes.append(here.finish_game(game))
        if number >= len(players):
            hide = there.moderation.hide("player", game.player, reason="", moderator="mona", now=MONDAY)
            writes += [hide, here.moderation.show("player", game.player)]
    first, rest = writes[: len(players)], writes[len(players) :]
    await asyncio.gather(*first)
    await asyncio.gather(*rest)
    for player in players[:4]:
        await store.moderation.hide("player", player, reason="", moderator="mona", now=MONDAY)
    for player in players[4:]:
        await store.moderation.show("player", player)
    entries, _ = await store.read_leaderboard("sprint", "digits", "all", 10, "", MONDAY)
    assert [entry.score for entry in entries] == [10 * number + 28 for number in (8, 7, 6, 5)]
    for rank, player in enumerate(reversed(players[4:]), 1):
        _, you = await other.read_leaderboard("sprint", "digits", "all", 1, player, MONDAY)
        assert you is not None
        assert you.rank == rank
