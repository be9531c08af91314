"""A check of the store's health writes and reads, costs little, and says what is wrong."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from feedback import health as health_module
from feedback.errors import StoreError
from feedback.health import StoreHealth
from feedback.sql import Connection
from feedback.sqlite.database import SqliteDatabase, open_sqlite
from feedback.store import open_store
from tests.feedback.making import a_round


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await open_sqlite(tmp_path / "inkrush.db")
    yield opened
    await opened.close()


@pytest.fixture
def health(database: SqliteDatabase) -> StoreHealth:
    return StoreHealth(database)


async def test_a_store_that_works_has_no_fault(health: StoreHealth) -> None:
    assert await health.find_fault() is None


async def test_a_flood_of_checks_costs_one_write(database: SqliteDatabase, health: StoreHealth) -> None:
    statements: list[str] = []
    database._writer.set_trace_callback(statements.append)
    assert set(await asyncio.gather(*(health.find_fault() for _ in range(500)))) == {None}
    assert sum("heartbeat" in statement for statement in statements) == 1


@pytest.mark.parametrize(("seconds", "fault"), [(1, None), (3600, "it does not return what was written to it")])
async def test_what_another_process_wrote_just_before_is_no_fault(
    database: SqliteDatabase, seconds: int, fault: str | None
) -> None:
    await database.write(lambda c: c.execute("INSERT INTO heartbeat (id, at) VALUES (1, utc_now())"))
    earlier = f"strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '-{seconds} seconds')"
    trigger = f"CREATE TRIGGER other AFTER UPDATE ON heartbeat BEGIN UPDATE heartbeat SET at = {earlier}; END"  # noqa: S608
    await database.write(lambda c: c.execute(trigger))
    assert await StoreHealth(database).find_fault() == fault


async def test_a_disk_without_room_for_a_round_is_full_although_a_check_finds_room(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await StoreHealth(database).find_fault() is None
    pages = await database.write(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await database.write(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 1}"))
    with pytest.raises(StoreError):
        await database.write(
            lambda c: c.execute("INSERT INTO deleted_rounds (id, at) VALUES (?, utc_now())", ("x" * 1_000_000,))
        )
    assert await StoreHealth(database).find_fault() == "the disk is full"
    monkeypatch.setattr(health_module, "_FULL_SECONDS", 0)  # after some time
    assert await StoreHealth(database).find_fault() is None


async def test_a_removed_file_is_a_fault_until_it_is_back(database: SqliteDatabase) -> None:
    away = database.path.with_name("away.db")
    database.path.rename(away)
    assert await StoreHealth(database).find_fault() == "the file was removed"
    away.rename(database.path)
    async with asyncio.timeout(30):
        while await StoreHealth(database).find_fault():  # what it held may still be being copied
            await asyncio.sleep(0.01)


async def test_a_file_that_cannot_be_written_is_a_fault_as_long_as_that_lasts(database: SqliteDatabase) -> None:
    await database.write(lambda c: c.execute("PRAGMA query_only = ON"))
    assert await StoreHealth(database).find_fault() == "it is read-only"
    database._writer.execute("PRAGMA query_only = OFF")
    assert await StoreHealth(database).find_fault() is None


async def test_damage_that_was_met_once_stays_a_fault(database: SqliteDatabase) -> None:
    path = database.path
    await database.write(lambda c: c.execute("CREATE TABLE big AS SELECT randomblob(100000) AS bytes"))
    await database.write(lambda c: c.execute("PRAGMA wal_autocheckpoint = 1").fetchall())
    await database.scrub()
    (page,) = await database.read(
        lambda c: c.execute("SELECT rootpage FROM sqlite_master WHERE name = 'big'").fetchone()
    )
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    await database.close()
    again = await open_sqlite(path)
    try:
        assert await StoreHealth(again).find_fault() is None
        with pytest.raises(Exception, match="the file is damaged"):
            await again.read(lambda c: c.execute("SELECT * FROM big").fetchall())
        assert await StoreHealth(again).find_fault() == "the file is damaged"
    finally:
        await again.close()


async def test_a_round_that_makes_no_sense_is_told_as_damage(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/inkrush.db")
    try:
        round_ = a_round()
        await store.add_round(round_)
        await store.database.write(lambda c: c.execute("UPDATE rounds SET at = 'half past two'"))
        with pytest.raises(StoreError, match="A stored round is damaged"):
            await store.get_round(round_.id)
        assert await store.find_fault() == "the data is damaged"
    finally:
        await store.close()


@pytest.mark.slow
async def test_a_store_that_does_not_answer_is_a_fault_and_is_not_asked_twice(
    database: SqliteDatabase, health: StoreHealth
) -> None:
    inside, release = threading.Event(), threading.Event()

    def block(_: Connection) -> bool:
        inside.set()
        return release.wait(60)

    blocked = asyncio.ensure_future(database.write(block))
    await asyncio.to_thread(inside.wait, 60)
    assert await health.find_fault() == "it does not answer in time"
    assert await health.find_fault() == "it does not answer in time"
    waiting = len(database._writes)
    release.set()
    assert await blocked
    assert waiting == 1
    assert await health.find_fault() is None
