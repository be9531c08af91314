"""A damaged store is not served: the check at the start finds the damage or survives it."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedback.errors import StoreError
from feedback.store import open_store
from tests.feedback.making import a_game, a_round

PAGE = 4096


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a store of some hundred pages."""
    path = tmp_path_factory.mktemp("sound") / "inkrush.db"

    async def fill() -> None:
        store = await open_store(f"sqlite:///{path}")
        game = a_game()
        await store.finish_game(game)
        await store.add_rounds(a_round(game=game.id, number=n, crop=bytes(900)) for n in range(400))
        await store.close()

    asyncio.run(fill())
    return path


async def start(path: Path) -> int:
    """Open a store as a server does, and return how many rounds can be read."""
    store = await open_store(f"sqlite:///{path}")
    try:
        await store.require_sound()
        return len([round_ async for round_ in store.read_rounds()])
    finally:
        await store.close()


def damage(sound: Path, folder: Path, position: int, content: bytes) -> Path:
    path = folder / "damaged.db"
    for old in folder.glob("damaged.db*"):
        old.unlink()
    shutil.copy(sound, path)
    with path.open("r+b") as file:
        file.seek(position)
        file.write(content)
    return path


async def test_a_sound_store_is_served(sound: Path) -> None:
    assert await start(sound) == 400


async def test_every_page_of_a_table_that_is_overwritten_is_noticed(sound: Path, tmp_path: Path) -> None:
    connection = sqlite3.connect(sound)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'rounds'").fetchone()
    connection.close()
    for page in (root, *range(60, 100, 7)):
        path = damage(sound, tmp_path, (page - 1) * PAGE, b"\xff" * PAGE)
        with pytest.raises(StoreError, match=r"damaged.*feedback check.*feedback salvage --out NEW.db"):
            await start(path)


async def test_a_damaged_list_of_tables_is_noticed(sound: Path, tmp_path: Path) -> None:
    path = damage(sound, tmp_path, 0, sound.read_bytes().replace(b"CREATE TABLE", b"CREATE \x80\xffBLE"))
    with pytest.raises(StoreError, match="the file is damaged"):
        await start(path)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0.02, 0.98))
def test_a_file_that_was_cut_off_is_noticed(sound: Path, tmp_path: Path, share: float) -> None:
    path = damage(sound, tmp_path, 0, b"")
    with path.open("r+b") as file:
        file.truncate(round(share * sound.stat().st_size))
    with pytest.raises(StoreError, match=r"damaged|not an SQLite database"):
        asyncio.run(start(path))


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
@example(share=0.25, byte=0)
@example(share=0.146484375, byte=128)
def test_a_changed_byte_anywhere_is_noticed_or_harms_no_row(
    sound: Path, tmp_path: Path, share: float, byte: int
) -> None:
    # The content of a drawing may have changed then, which nobody can notice; no row is missing.
    path = damage(sound, tmp_path, int(share * sound.stat().st_size), bytes([byte]))
    try:
        rounds = asyncio.run(start(path))
    except StoreError:
        return
    assert rounds == 400
