"""No write is confirmed whose file was removed or replaced, and nothing that was confirmed is lost with it."""

from __future__ import annotations

import asyncio
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from feedback.errors import StoreError
from feedback.store import Store, open_store
from tests.feedback.making import a_round


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "inkrush.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = await open_store(f"sqlite:///{path}")
    yield opened
    await opened.close()


async def add(store: Store) -> str:
    round_ = a_round()
    await store.add_round(round_)
    return round_.id


async def add_when_it_works(store: Store) -> str:
    """Store a round as soon as that is possible: it is refused while what the file held is being copied."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await add(store)
            except StoreError:
                await asyncio.sleep(0.01)


async def list_ids(path: Path) -> set[str]:
    opened = await open_store(f"sqlite:///{path}")
    ids = {round_.id async for round_ in opened.read_rounds()}
    await opened.close()
    return ids


def list_files(path: Path) -> list[Path]:
    return [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]


def find_rescued(path: Path) -> list[Path]:
    return [file for file in path.parent.iterdir() if re.fullmatch(r"inkrush\.db\.rescued-\d{8}T\d{6}", file.name)]


async def wait_for_rescue(path: Path) -> Path:
    async with asyncio.timeout(30):
        while not find_rescued(path):
            await asyncio.sleep(0.01)
    (copy,) = find_rescued(path)
    return copy


def remove_all(path: Path) -> None:
    for file in list_files(path):
        file.unlink()


def replace_by_other_store(path: Path) -> None:
    code = (
        "import asyncio, sys; from feedback.store import open_store\n"
        "async def main(): await (await open_store(sys.argv[1])).close()\n"
        "asyncio.run(main())"
    )
    other = path.with_name("other.db")
    subprocess.run([sys.executable, "-c", code, f"sqlite:///{other}"], check=True, timeout=60)
    other.replace(path)


def replace_by_copy(path: Path) -> None:
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    copy.replace(path)


def replace_by_nonsense(path: Path) -> None:
    path.unlink()
    path.write_text("these are my notes")


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (Path.unlink, "the file was removed"),
        (remove_all, "the file was removed"),
        (replace_by_other_store, "another file is in its place"),
        (replace_by_copy, "another file is in its place"),
        (replace_by_nonsense, "another file is in its place"),
    ],
)
async def test_a_file_that_is_gone_confirms_nothing_more_and_all_before_is_saved(
    store: Store, path: Path, harm: Callable[[Path], None], reason: str
) -> None:
    confirmed = {await add(store) for _ in range(20)}
    await asyncio.to_thread(harm, path)
    there = path.read_bytes() if path.exists() else None
    for _ in range(3):
        with pytest.raises(StoreError, match=reason):
            await add(store)
    copy = await wait_for_rescue(path)
    await store.close()
    assert await list_ids(copy) == confirmed
    assert find_rescued(path) == [copy]
    assert (path.read_bytes() if path.exists() else None) == there
    assert not any(file.exists() for file in list_files(path)[1:])  # SQLite would apply them to the other file


async def test_a_file_that_comes_back_is_used_again_and_the_copy_is_removed(store: Store, path: Path) -> None:
    away = path.with_name("away.db")
    before = await add(store)
    path.rename(away)
    with pytest.raises(StoreError):
        await add(store)
    await wait_for_rescue(path)
    away.rename(path)
    after = await add_when_it_works(store)
    assert not find_rescued(path)
    await store.close()
    assert await list_ids(path) == {before, after}


async def test_the_saved_copy_can_take_the_place_of_the_file_while_the_server_runs(
    store: Store, path: Path
) -> None:
    before = await add(store)
    path.unlink()
    with pytest.raises(StoreError):
        await add(store)
    (await wait_for_rescue(path)).rename(path)
    after = await add_when_it_works(store)
    assert await store.get_round(before) is not None
    assert await store.get_round(after) is not None
    await store.close()
    assert await list_ids(path) == {before, after}


async def test_a_copy_that_cannot_be_written_is_tried_again_at_the_end(store: Store, path: Path) -> None:
    folder = path.parent
    confirmed = await add(store)
    path.unlink()
    hidden = folder.with_name(f"{folder.name}-hidden")
    folder.rename(hidden)  # now there is nowhere to put the copy
    with pytest.raises(StoreError):
        await add(store)
    with pytest.raises(StoreError):
        await add(store)
    hidden.rename(folder)
    await store.close()
    (copy,) = find_rescued(path)
    assert await list_ids(copy) == {confirmed}


@pytest.mark.parametrize("lost", [[1], [2], [1, 2]], ids=["log", "index", "log and index"])
async def test_a_lost_log_loses_no_round(store: Store, path: Path, lost: list[int]) -> None:
    confirmed = {await add(store) for _ in range(20)}
    for number in lost:
        list_files(path)[number].unlink()
    confirmed |= {await add(store) for _ in range(20)}
    assert (await store.read_counts()).rounds == 40
    await store.close()
    assert await list_ids(path) == confirmed


async def test_an_emptied_file_confirms_nothing_more(store: Store, path: Path) -> None:
    await add(store)
    path.write_bytes(b"")
    with pytest.raises(StoreError, match="the file was emptied"):
        await add(store)


async def test_the_log_of_another_database_at_the_path_survives_the_end(store: Store, path: Path) -> None:
    await add(store)
    remove_all(path)
    other = await open_store(f"sqlite:///{path.with_name('other.db')}")
    kept = await add(other)
    for ours, theirs in zip(list_files(path), list_files(path.with_name("other.db")), strict=True):
        shutil.copy(theirs, ours)  # as if another program had it open here
    with pytest.raises(StoreError):
        await add(store)
    await store.close()
    await other.close()
    assert await list_ids(path) == {kept}


async def test_only_the_owner_may_read_the_files(store: Store, path: Path) -> None:
    await add(store)
    assert {stat.S_IMODE(file.stat().st_mode) for file in list_files(path)} == {0o600}


async def test_files_that_others_may_read_are_closed_to_them(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    await (await open_store(f"sqlite:///{path}")).close()
    path.chmod(0o644)
    opened = await open_store(f"sqlite:///{path}")
    await add(opened)
    assert {stat.S_IMODE(file.stat().st_mode) for file in list_files(path)} == {0o600}
    await opened.close()
    assert [record.getMessage() for record in caplog.records] == [
        f"Others could read {path}. Its mode is 600 now."
    ]
