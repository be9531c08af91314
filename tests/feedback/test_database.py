"""How writes share a commit, and what becomes of them when the file is busy or the disk is full."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from feedback.database import Database, open_database
from feedback.errors import StoreError
from feedback.ids import make_id
from feedback.rows import insert_round
from feedback.store import open_store
from tests.feedback.making import a_round


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(tmp_path / "inkrush.db")
    yield opened
    await opened.close()


async def _kept(database: Database) -> int:
    return await database.read(lambda c: int(c.execute("SELECT count(*) FROM rounds").fetchone()[0]))


def _insert(connection: sqlite3.Connection) -> None:
    insert_round(connection, a_round())


async def _held(database: Database, release: threading.Event) -> asyncio.Future[bool]:
    """Keep the writing thread inside a write until ``release``."""
    inside = threading.Event()

    def work(connection: sqlite3.Connection) -> bool:
        del connection
        inside.set()
        return release.wait(30)

    held = asyncio.ensure_future(database.write(work))
    assert await asyncio.to_thread(inside.wait, 30)
    return held


async def test_writes_that_wait_share_one_commit(database: Database) -> None:
    statements: list[str] = []
    await database.write(lambda c: c.set_trace_callback(statements.append))
    release = threading.Event()
    held = await _held(database, release)
    writes = [asyncio.ensure_future(database.write(_insert)) for _ in range(200)]
    await asyncio.sleep(0)
    statements.clear()
    release.set()
    await asyncio.gather(held, *writes)
    assert statements.count("COMMIT") == 2  # the one that was held, and all that waited for it
    assert await _kept(database) == 200


async def test_more_than_may_wait_is_refused_and_the_rest_is_kept(database: Database) -> None:
    release = threading.Event()
    held = await _held(database, release)
    writes = [asyncio.ensure_future(database.write(_insert)) for _ in range(1500)]
    await asyncio.sleep(0)
    release.set()
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert await held
    refused = [one for one in results if one is not None]
    assert refused
    assert all(isinstance(one, StoreError) and "Too many writes are waiting" in str(one) for one in refused)
    assert await _kept(database) == 1500 - len(refused)
    await database.write(_insert)


async def test_a_write_that_fails_undoes_itself_alone(database: Database) -> None:
    def failing(connection: sqlite3.Connection) -> None:
        insert_round(connection, a_round())
        raise LookupError("of our own")

    def refused(connection: sqlite3.Connection) -> None:
        insert_round(connection, a_round())
        connection.execute("INSERT INTO players (id, first_seen) VALUES ('x', NULL)")

    release = threading.Event()
    held = await _held(database, release)
    works = [_insert, failing, _insert, refused, _insert]
    writes = [asyncio.ensure_future(database.write(work)) for work in works]
    await asyncio.sleep(0)
    release.set()
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert await held
    assert [type(one) for one in results] == [type(None), LookupError, type(None), StoreError, type(None)]
    assert await _kept(database) == 3


async def test_while_another_process_holds_the_file_all_that_wait_are_refused_together(database: Database) -> None:
    statements: list[str] = []
    await database.write(lambda c: c.execute("PRAGMA busy_timeout = 50").fetchone())
    await database.write(lambda c: c.set_trace_callback(statements.append))
    statements.clear()
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(*(database.write(_insert) for _ in range(100)), return_exceptions=True)
    assert all(isinstance(one, StoreError) and "another process is using it" in str(one) for one in results)
    assert 1 <= statements.count("BEGIN IMMEDIATE") < 10  # each costs a wait
    assert await _kept(database) == 0
    other.execute("ROLLBACK")
    other.close()
    await database.write(_insert)
    assert await _kept(database) == 1


async def test_a_file_that_may_only_be_read_says_so(database: Database) -> None:
    def only_read(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA query_only = ON")

    await database.write(only_read)
    with pytest.raises(StoreError, match="it is read-only"):
        await database.write(_insert)
    assert await _kept(database) == 0


async def test_a_read_that_fails_says_so_and_the_next_one_works(database: Database) -> None:
    with pytest.raises(StoreError, match="no such table"):
        await database.read(lambda c: c.execute("SELECT * FROM elsewhere"))
    with pytest.raises(StoreError, match="it is read-only"):
        await database.read(_insert)
    assert await _kept(database) == 0


async def test_when_the_disk_takes_no_more_nothing_acknowledged_is_lost_and_it_goes_on_with_room(url: str) -> None:
    # A limit on the size of files makes the system itself refuse the write, in the middle of it.
    writing = textwrap.dedent(
        """
        import asyncio, resource, sys
        from feedback.errors import StoreError
        from feedback.store import open_store
        from tests.feedback.making import a_round

        def room(size):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

        async def main():
            store = await open_store(sys.argv[1])
            async def one(size):
                kept = a_round(crop=bytes(size))
                try:
                    await store.add_round(kept)
                except StoreError:
                    print("refused", kept.id)
                else:
                    print("kept", kept.id)
            room(500_000)
            for _ in range(20):
                await asyncio.gather(*(one(9_000) for _ in range(8)))
            print("room", "again")
            room(resource.RLIM_INFINITY)
            await asyncio.gather(*(one(9_000) for _ in range(8)))
            await store.close()

        asyncio.run(main())
        """
    )
    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", writing, url],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    said = [line.split() for line in ran.stdout.splitlines()]
    room_again = said.index(["room", "again"])
    assert {word for word, _ in said[:room_again]} == {"kept", "refused"}
    assert {word for word, _ in said[room_again + 1 :]} == {"kept"}
    store = await open_store(url)
    kept = {one.id async for one in store.read_rounds()}
    await store.close()
    assert kept == {round_id for word, round_id in said if word == "kept"}


async def test_many_that_open_one_new_file_at_once(tmp_path: Path) -> None:
    for _ in range(5):
        path = tmp_path / f"{make_id()}.db"
        opened = await asyncio.gather(*(open_database(path) for _ in range(6)))
        await asyncio.gather(*(one.write(_insert) for one in opened))
        assert await _kept(opened[0]) == 6
        for one in opened:
            await one.close()
