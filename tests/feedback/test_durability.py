"""Acknowledged rounds are there, whatever happens to the process, the disk or the file."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from feedback.errors import StoreError
from feedback.sql import Connection
from feedback.store import Store, open_store
from tests.feedback.making import a_round
from tests.feedback.sqlite.inside import get_writer


@pytest.mark.both_engines
async def test_every_acknowledged_round_survives_kill_9(url: str) -> None:
    writing = textwrap.dedent(
        """
        import asyncio, sys
        from feedback.store import open_store
        from tests.feedback.making import a_round

        async def main():
            store = await open_store(sys.argv[1])
            async def add_for_ever():
                while True:
                    round_ = a_round()
                    await store.add_round(round_)
                    print(round_.id, flush=True)
            await asyncio.gather(*(add_for_ever() for _ in range(8)))

        asyncio.run(main())
        """
    )
    with subprocess.Popen([sys.executable, "-c", writing, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(300)]
        process.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    store = await open_store(url)
    stored = {round_.id async for round_ in store.read_rounds()}
    await store.close()
    assert len(acknowledged) >= 300
    assert stored >= set(acknowledged)


async def test_closing_finishes_the_waiting_writes(url: str) -> None:
    store = await open_store(url)
    rounds = [a_round() for _ in range(500)]
    writes = [asyncio.ensure_future(store.add_round(round_)) for round_ in rounds]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*writes)
    again = await open_store(url)
    assert (await again.read_counts()).rounds == 500
    await again.close()


@pytest.mark.both_engines
async def test_a_cancelled_caller_does_not_cancel_its_write(url: str) -> None:
    store = await open_store(url)
    write = asyncio.ensure_future(store.add_round(a_round()))
    await asyncio.sleep(0)
    write.cancel()
    with pytest.raises(asyncio.CancelledError):
        await write
    await store.close()
    again = await open_store(url)
    assert (await again.read_counts()).rounds == 1
    await again.close()


@pytest.mark.both_engines
async def test_an_error_that_a_cancelled_caller_does_not_see_is_not_logged(store: Store) -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    is_cancelled = threading.Event()

    def fail(_: Connection) -> None:
        is_cancelled.wait()
        raise StoreError("It failed.", "it failed")

    writing = asyncio.create_task(store.database.write(fail))
    await asyncio.sleep(0)
    writing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await writing
    is_cancelled.set()
    await store.close()
    await asyncio.sleep(0)
    del writing
    gc.collect()
    assert reported == []


async def test_writes_fail_on_a_full_disk_and_work_again_once_there_is_room(store: Store) -> None:
    await store.add_round(a_round())

    def set_room(pages: int) -> None:
        # A limit of the writing connection: SQLite reports it just as it reports a full disk.
        get_writer(store).execute(f"PRAGMA max_page_count = {pages}")

    set_room(1)
    large = a_round(crop=bytes(1_000_000))
    with pytest.raises(StoreError, match="disk is full"):
        await store.add_round(large)
    set_room(1_000_000)
    await store.add_round(large)
    assert (await store.read_counts()).rounds == 2


@pytest.mark.both_engines
async def test_a_refused_write_does_not_undo_others(store: Store) -> None:
    good = [a_round() for _ in range(20)]
    bad = a_round(source=None)
    results = await asyncio.gather(*(store.add_round(r) for r in [*good, bad]), return_exceptions=True)
    assert results[:-1] == [None] * 20
    assert isinstance(results[-1], StoreError)
    assert (await store.read_counts()).rounds == 20


async def test_a_closed_store_refuses_calls(url: str) -> None:
    store = await open_store(url)
    await store.close()
    await store.close()
    with pytest.raises(StoreError):
        await store.add_round(a_round())
    with pytest.raises(StoreError):
        await store.read_counts()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@host/db",
        "postgresql://host/db?password=secret",
        "secret",
        "sqlite:///",
        "sqlite://x",
        "",
    ],
)
async def test_an_unusable_url_is_refused_without_showing_its_secrets(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        await open_store(url)
    assert "secret" not in str(refused.value)


async def test_a_file_that_is_not_a_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are my notes, " * 100)
    with pytest.raises(StoreError, match="not an SQLite database"):
        await open_store(f"sqlite:///{path}")
    assert path.read_text().startswith("these are my notes")


async def test_a_folder_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be created"):
        await open_store(f"sqlite:///{tmp_path}/file/inkrush.db")
