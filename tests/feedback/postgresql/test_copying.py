"""A store is copied from SQLite to PostgreSQL whole, and an interrupted copy goes on."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from feedback.errors import StoreError
from feedback.postgresql.copying import copy_store, list_tables
from feedback.quarantine import Doubt
from feedback.rooms import StoredRoom, StoredSeat
from feedback.sheet.journal import Journal
from feedback.sqlite.connection import connect_to_read
from feedback.store import Store, open_store
from feedback.uploads import Upload
from tests.feedback.making import MONDAY, a_game, a_round
from tests.postgresql import Cluster

ROUNDS = 1200
FILLED = {
    "counts", "daily_tries", "deleted_players", "deleted_rounds", "games", "hand_drawings", "hands", "link_codes",
    "players", "quarantine", "room_seats", "rooms", "rounds", "sheet_rows", "sheets",
    "standing_counts", "standings", "uploads",
}  # fmt: skip


async def fill(store: Store) -> None:
    """Store something in the tables `FILLED`."""
    await store.add_rounds(
        a_round(player=f"player {number % 9}", label="7" if number % 3 else None, crop=bytes([number % 256] * 99))
        for number in range(ROUNDS)
    )
    rounds = [round_ async for round_ in store.read_rounds("player 1")]
    for number in range(30):
        game = a_game(player=f"player {number % 9}", name="Zoë 🎈", score=100 + number)
        await store.finish_game(game)
    await store.start_game(a_game(finished_at=None))
    await store.start_game(a_game(mode="daily", finished_at=None))
    await store.link_codes.add("player 1", "hash", timedelta(minutes=10))
    await store.uploads.replace(Upload("player 1", "page", 1), [a_round(player="player 1", source="upload")])
    room = StoredRoom("CDFHJ", "{}", [StoredSeat(1, "player 1", "Zoë", "Quiet Otter")], timedelta(days=1))
    await store.rooms.create(room)
    await store.quarantine.replace([Doubt(round=rounds[0].id, label="7", seen="1", why="It's a 1.")], MONDAY)
    journal = Journal(store.database, "sheet")
    await journal.database.take_lease(60)
    await journal.mark_sending(rounds)
    await journal.mark_arrived(rounds[:5])
    for player in ("player 1", "player 2"):
        hand = await store.hands.load(player)
        features = {(entry.round, entry.label): bytes(range(256)) for entry in hand.entries}
        await store.hands.save_features(player, "m1", features)
    await store.delete_player("player 2")
    assert await store.find_fault() is None


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Path]:
    path = tmp_path / "inkrush.db"
    store = await open_store(f"sqlite:///{path}")
    await fill(store)
    await store.close()
    yield path


def ignore(text: str, done: int, total: int) -> None:
    """Report nothing."""


async def test_everything_is_there_and_the_store_goes_on(source: Path, cluster: Cluster) -> None:
    url = cluster.create_database()
    copied = await asyncio.to_thread(copy_store, source, url, ignore)
    with closing(connect_to_read(source)) as connection:
        assert [table.name for table in copied] == [table.name for table in list_tables(connection)]
    assert {table.name for table in copied if table.rows} >= FILLED

    old, new = await open_store(f"sqlite:///{source}"), await open_store(url)
    try:
        assert [r async for r in new.read_rounds()] == [r async for r in old.read_rounds()]
        assert await new.read_counts() == await old.read_counts()
        assert await new.quarantine.list_doubts() == await old.quarantine.list_doubts()
        boards = [
            await each.read_leaderboard("sprint", "digits", "all", 100, "player 1", MONDAY) for each in (old, new)
        ]
        assert boards[0] == boards[1]
        for store in (old, new):
            await store.add_round(a_round(player="player 1"))
            await store.finish_game(a_game(player="player 1", score=999))
        assert await new.read_counts() == await old.read_counts()
        assert await new.database.read_settled_sequence() == await old.database.read_settled_sequence()
    finally:
        await old.close()
        await new.close()


async def test_a_killed_copy_goes_on_where_it_stopped(source: Path, cluster: Cluster) -> None:
    url = cluster.create_database()
    copying = """
import os, sys
from pathlib import Path
from feedback.postgresql.copying import copy_store

def report(text, done, total):
    if text == "copying rounds":
        os.kill(os.getpid(), 9)

copy_store(Path(sys.argv[1]), sys.argv[2], report)
"""
    killed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", copying, str(source), url], check=False
    )
    assert killed.returncode == -9
    with pytest.raises(StoreError, match="part of another store"):
        await open_store(url)
    reports: list[tuple[str, int]] = []
    await asyncio.to_thread(copy_store, source, url, lambda text, done, _: reports.append((text, done)))
    assert min(done for text, done in reports if text == "copying rounds") > 500
    store = await open_store(url)
    assert (await store.read_counts()).rounds > 1000
    await store.close()


async def test_other_data_is_not_touched(source: Path, cluster: Cluster) -> None:
    url = cluster.create_store()
    store = await open_store(url)
    await store.add_round(a_round())
    with pytest.raises(StoreError, match="is not empty"):
        await asyncio.to_thread(copy_store, source, url, ignore)
    assert (await store.read_counts()).rounds == 1
    await store.close()


async def test_a_store_that_changes_meanwhile_is_noticed(source: Path, cluster: Cluster) -> None:
    url = cluster.create_database()

    def stop(text: str, *_: int) -> None:
        if text == "copying rounds":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_store(source, url, stop)
    with pytest.raises(StoreError, match="holds a part of another store"):
        copy_store(source.rename(source.with_name("other.db")), url, ignore)
    source.with_name("other.db").rename(source)
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute("DELETE FROM deleted_rounds")
        connection.execute("UPDATE deleted_players SET hash = 'other'")
    with pytest.raises(StoreError, match="The table deleted_"):
        copy_store(source, url, ignore)


async def test_the_command(source: Path, cluster: Cluster) -> None:
    url = cluster.create_database()
    command = [sys.executable, "-m", "feedback", "--database", f"sqlite:///{source}", "copy", "--to", url]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)
    assert "rounds: 1," in done.stdout
    status = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "feedback", "--database", url, "status"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert status.returncode == 0
    assert "games finished" in status.stdout
