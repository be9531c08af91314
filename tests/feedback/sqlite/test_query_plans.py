"""No call of a running server reads through a table that grows with play."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from feedback.database_rows import read_newest
from feedback.remembering import Lesson
from feedback.rooms import StoredRoom, StoredSeat
from feedback.running_games import RunningGame
from feedback.sheet.journal import Journal
from feedback.sqlite.connection import connect
from feedback.store import Store
from feedback.uploads import Upload
from tests.feedback.making import MONDAY, a_game, a_round
from tests.feedback.sqlite.inside import get_path, get_readers, get_writer

GROWING = (
    "rounds",
    "games",
    "players",
    "standings",
    "standing_counts",
    "running_games",
    "rooms",
    "room_seats",
    "sheet_rows",
    "deleted_rounds",
    "deleted_players",
    "daily_tries",
    "link_codes",
    "uploads",
    "hands",
    "hand_drawings",
)


def list_scans(connection: sqlite3.Connection, statement: str) -> list[str]:
    """Return the steps of a statement's plan that read a growing table, or an index of it, from end to end."""
    plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
    # Reading in the order of an index, up to a LIMIT, is no reading through.
    is_limited = "LIMIT" in statement and not any("TEMP B-TREE" in step for step in plan)
    return [step for step in plan if not is_limited and step.startswith("SCAN") and step.split()[1] in GROWING]


async def play(store: Store) -> None:
    round_ = a_round(game="g", number=1, outcome="hit", points=50)
    await store.start_game(a_game(id="g", finished_at=None, player="ada"))
    await store.add_rounds([round_])
    await store.finish_game(a_game(id="g"))
    await store.give_feedback(round_.id, "ada", "7")
    assert await store.get_game("g")
    assert await store.get_round(round_.id)


async def moderate(store: Store) -> None:
    await store.finish_game(a_game(id="g"))
    await store.moderation.hide("game", "g", reason="", moderator="eve", now=MONDAY)
    await store.moderation.hide("player", "ada", reason="", moderator="eve", now=MONDAY)
    await store.moderation.choose_shown_name(a_game(id="g"), "bob")
    await store.moderation.show("player", "ada")


async def look(store: Store) -> None:
    for period in ("day", "week", "all"):
        await store.read_leaderboard("sprint", "digits", period, 20, "ada", MONDAY)
    await store.read_counts()
    assert await store.find_fault() is None
    assert not await store.is_player_deleted("ada")
    await store.has_place("ada")
    await store.progress.read("ada", games=20)
    await store.progress.list_drawings("ada", "7", 12, are_understood=False)
    await store.progress.count_rounds("ada")
    await store.link_codes.add("ada", "hash", timedelta(minutes=10))
    await store.link_codes.claim("hash")
    await store.uploads.replace(Upload("ada", "page", 1), [a_round(source="upload")])
    await store.uploads.replace(Upload("ada", "page", 1, mark=2), [a_round(source="upload")])
    await store.uploads.drop(Upload("ada", "page", 2))
    await store.hands.load("ada")
    await store.hands.read("ada", "m1")
    await store.hands.read_version("ada")
    await store.hands.read_drawings(["one", "two"])
    await store.hands.save_features("ada", "m1", {("one", "4"): b"x"})
    await store.hands.switch("ada", is_on=True)
    await store.hands.forget_round("ada", "00000000-0000-4000-8000-000000000000")
    await store.hands.forget_character("ada", "7")
    await store.hands.forget_all("ada")
    await store.dailies.list_days("ada")
    await store.dailies.list_tries("ada", MONDAY.date())
    assert [round_ async for round_ in store.read_rounds("ada")]


async def export(store: Store) -> None:
    assert [round_ async for round_ in store.read_rounds()]


async def start(store: Store) -> None:
    await store.start_game(a_game(id="left open", finished_at=None))
    await store.finish_open_games(datetime.now(UTC), lambda _: None)
    await store.finish_deletions()
    read_newest(get_writer(store))


async def delete(store: Store) -> None:
    assert (await store.delete_player("ada")).rounds


async def run_game(store: Store) -> None:
    running = RunningGame("running", "ada", "server", 0, "token", "{}")
    await store.running_games.renew_server("server", "here/1")
    await store.start_game(a_game(id="running", finished_at=None), running)
    await store.running_games.add_round(a_round(game="running", number=1), running, Lesson("7", "hit"))
    await store.running_games.save(running)
    taken = await store.running_games.take("token", "ada", "another", "new token")
    assert taken is not None
    await store.running_games.abandon({"running": 1})
    await store.running_games.release(taken.running)
    await store.finish_game(a_game(id="running"), taken.running)
    await store.running_games.delete_server("server")


async def run_room(store: Store) -> None:
    seat = StoredSeat(1, "ada", "Ada", "Quiet Otter")
    await store.rooms.create(StoredRoom("CDFHJ", "{}", [seat], timedelta(days=1)))
    await store.rooms.change("CDFHJ", lambda room: [room._replace(state="{ }")])
    await store.rooms.connect("CDFHJ", 1, "server")
    await store.rooms.disconnect("CDFHJ", 1, "server")
    await store.rooms.read("CDFHJ")
    await store.rooms.delete_expired()
    await store.rooms.delete("CDFHJ")
    await store.played_rounds.read_scores(["g", "h"])
    await store.played_rounds.read_all(["g", "h"])
    await store.played_rounds.read_best(["g", "h"], 3)


async def mirror(store: Store) -> None:
    """Do what the mirror does again and again. Comparing the whole Sheet with the store is another matter."""
    journal = Journal(store.database, "sheet")
    await journal.database.take_lease(60)
    await journal.tally()
    await journal.is_new()
    rounds = await journal.find_next_rounds(20)
    await journal.mark_sending(rounds)
    await journal.find_in_doubt()
    await journal.mark_arrived(rounds)
    await journal.find_next_rounds(20, datetime.now(UTC))
    await journal.find_resent()
    await journal.deletions.find_pending()


@pytest.mark.parametrize("call", [play, moderate, run_game, run_room, look, export, start, delete, mirror])
async def test_nothing_is_read_through(store: Store, call: Callable[[Store], Awaitable[None]]) -> None:
    await store.add_rounds([a_round(), a_round()])
    statements: set[str] = set()
    for connection in (get_writer(store), *get_readers(store)):
        connection.set_trace_callback(statements.add)
    await call(store)
    for connection in (get_writer(store), *get_readers(store)):
        connection.set_trace_callback(None)

    with closing(connect(get_path(store))) as connection:
        scans = {
            statement: steps
            for statement in statements
            if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
            if (steps := list_scans(connection, statement))
        }
    assert any(table in statement for statement in statements for table in GROWING)
    assert scans == {}


async def test_what_reads_through_a_table_is_noticed(store: Store) -> None:
    with closing(connect(get_path(store))) as connection:
        assert list_scans(connection, "SELECT count(*) FROM rounds")
        assert list_scans(connection, "SELECT * FROM games ORDER BY score LIMIT 3")
        assert not list_scans(connection, "SELECT * FROM games ORDER BY id LIMIT 3")
