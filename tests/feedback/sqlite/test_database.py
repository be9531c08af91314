"""Writes share a commit, and none is lost or half done when the file is busy or the disk is full."""

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

from feedback.database_rows import insert_round
from feedback.errors import StoreError
from feedback.ids import make_id
from feedback.sql import Connection
from feedback.sqlite.database import SqliteDatabase, open_sqlite
from feedback.store import open_store
from tests.feedback.making import a_round


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await open_sqlite(tmp_path / "inkrush.db")
    yield opened
    await opened.close()


async def count_rounds(database: SqliteDatabase) -> int:
    return await database.read(lambda c: int(c.execute("SELECT count(*) FROM rounds").fetchone()[0]))


def _insert(connection: Connection) -> None:
    insert_round(connection, a_round())


async def block_writer(database: SqliteDatabase, release: threading.Event) -> asyncio.Future[bool]:
    """Keep the writing thread inside a write until ``release`` is set."""
    inside = threading.Event()

    def work(connection: Connection) -> bool:
        del connection
        inside.set()
        return release.wait(30)

    blocked = asyncio.ensure_future(database.write(work))
    assert await asyncio.to_thread(inside.wait, 30)
    return blocked


async def test_writes_that_wait_share_one_commit(database: SqliteDatabase) -> None:
    statements: list[str] = []
    database._writer.set_trace_callback(statements.append)
    release = threading.Event()
    blocked = await block_writer(database, release)
    writes = [asyncio.ensure_future(database.write(_insert)) for _ in range(200)]
    await asyncio.sleep(0)
    statements.clear()
    release.set()
    await asyncio.gather(blocked, *writes)
    assert statements.count("COMMIT") == 2  # the blocked write, and all that waited for it
    assert await count_rounds(database) == 200


async def test_writes_beyond_the_queue_are_refused_and_the_others_stored(database: SqliteDatabase) -> None:
    release = threading.Event()
    blocked = await block_writer(database, release)
    writes = [asyncio.ensure_future(database.write(_insert)) for _ in range(1500)]
    await asyncio.sleep(0)
    release.set()
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert await blocked
    errors = [result for result in results if result is not None]
    assert errors
    assert all(isinstance(error, StoreError) and "Too many writes" in str(error) for error in errors)
    assert await count_rounds(database) == 1500 - len(errors)
    await database.write(_insert)


async def test_a_failed_write_undoes_only_itself(database: SqliteDatabase) -> None:
    def raise_lookup_error(connection: Connection) -> None:
        insert_round(connection, a_round())
        raise LookupError

    def break_a_constraint(connection: Connection) -> None:
        insert_round(connection, a_round())
        connection.execute("INSERT INTO players (id, first_seen) VALUES ('x', NULL)")

    release = threading.Event()
    blocked = await block_writer(database, release)
    works = [_insert, raise_lookup_error, _insert, break_a_constraint, _insert]
    writes = [asyncio.ensure_future(database.write(work)) for work in works]
    await asyncio.sleep(0)
    release.set()
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert await blocked
    assert [type(result) for result in results] == [type(None), LookupError, type(None), StoreError, type(None)]
    assert await count_rounds(database) == 3


async def test_all_waiting_writes_are_refused_together_while_another_process_uses_the_file(
    database: SqliteDatabase,
) -> None:
    statements: list[str] = []
    await database.write(lambda c: c.execute("PRAGMA busy_timeout = 50").fetchone())
    database._writer.set_trace_callback(statements.append)
    statements.clear()
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(*(database.write(_insert) for _ in range(100)), return_exceptions=True)
    assert all(isinstance(error, StoreError) and "another process" in str(error) for error in results)
    assert 1 <= statements.count("BEGIN IMMEDIATE") < 10  # each costs a wait
    assert await count_rounds(database) == 0
    other.execute("ROLLBACK")
    other.close()
    await database.write(_insert)
    assert await count_rounds(database) == 1


async def test_a_read_only_file_is_named_as_such(database: SqliteDatabase) -> None:
    def make_read_only(connection: Connection) -> None:
        connection.execute("PRAGMA query_only = ON")

    await database.write(make_read_only)
    with pytest.raises(StoreError, match="it is read-only"):
        await database.write(_insert)
    assert await count_rounds(database) == 0


async def test_a_failed_read_gives_a_reason_and_the_next_read_works(database: SqliteDatabase) -> None:
    with pytest.raises(StoreError, match="no such table"):
        await database.read(lambda c: c.execute("SELECT * FROM elsewhere"))
    with pytest.raises(StoreError, match="it is read-only"):
        await database.read(_insert)
    assert await count_rounds(database) == 0


async def test_a_full_disk_loses_nothing_acknowledged_and_writes_go_on_once_there_is_room(url: str) -> None:
    # With a limit on the size of files, the operating system refuses the write half-way.
    writing = textwrap.dedent(
        """
        import asyncio, resource, sys
        from feedback.errors import StoreError
        from feedback.store import open_store
        from tests.feedback.making import a_round

        def set_room(size):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

        async def main():
            store = await open_store(sys.argv[1])
            async def add(size):
                round_ = a_round(crop=bytes(size))
                try:
                    await store.add_round(round_)
                except StoreError:
                    print("refused", round_.id)
                else:
                    print("stored", round_.id)
            set_room(500_000)
            for _ in range(20):
                await asyncio.gather(*(add(9_000) for _ in range(8)))
            print("room", "again")
            set_room(resource.RLIM_INFINITY)
            await asyncio.gather(*(add(9_000) for _ in range(8)))
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
    lines = [line.split() for line in ran.stdout.splitlines()]
    room_again = lines.index(["room", "again"])
    assert {word for word, _ in lines[:room_again]} == {"stored", "refused"}
    assert {word for word, _ in lines[room_again + 1 :]} == {"stored"}
    store = await open_store(url)
    stored = {round_.id async for round_ in store.read_rounds()}
    await store.close()
    assert stored == {round_id for word, round_id in lines if word == "stored"}


async def test_several_can_open_a_new_file_at_once(tmp_path: Path) -> None:
    for _ in range(5):
        path = tmp_path / f"{make_id()}.db"
        databases = await asyncio.gather(*(open_sqlite(path) for _ in range(6)))
        await asyncio.gather(*(database.write(_insert) for database in databases))
        assert await count_rounds(databases[0]) == 6
        for database in databases:
            await database.close()


async def test_a_store_that_finds_no_room_for_its_log_says_so(url: str) -> None:
    store = await open_store(url)
    await store.close()
    opening = textwrap.dedent(
        """
        import asyncio, resource, sys
        from feedback.errors import StoreError
        from feedback.store import open_store

        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
        try:
            asyncio.run(open_store(sys.argv[1]))
        except StoreError as error:
            print(error.reason)
        """
    )
    ran = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", opening, url],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout == "the disk is full\n"
