"""``python -m feedback check`` reads a whole PostgreSQL store."""

from __future__ import annotations

import asyncio

import pytest

from feedback.__main__ import main
from feedback.store import Store
from tests.feedback.making import a_game, a_round


async def check(url: str, *command: str) -> int:
    return await asyncio.to_thread(main, ["--database", url, *(command or ("check",))])


async def test_a_sound_store(store: Store, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    await store.add_rounds(a_round(label="7" if number % 2 else None) for number in range(20))
    await store.finish_game(a_game())
    status = await check(url)
    printed = capsys.readouterr().out
    # The tests' server does not wait for its disk.
    assert [line for line in printed.splitlines() if line.startswith("The ")] == [
        "The server does not wait for its disk: fsync is off. A power cut loses or damages data."
    ]
    assert status == 1
    assert "rounds: 20" in printed
    assert "tables of version" in printed


async def test_rows_and_counts_that_make_no_sense(
    store: Store, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await store.add_rounds(a_round() for _ in range(3))
    await store.database.write(lambda c: c.execute("UPDATE rounds SET at = 'half past two' WHERE sequence = 2"))
    await store.database.write(lambda c: c.execute("UPDATE counts SET value = 7 WHERE name = 'rounds/challenge'"))
    assert await check(url) == 1
    printed = capsys.readouterr().out
    assert "Rounds that make no sense: 1." in printed
    assert "The count rounds/challenge is 7, but there are 3." in printed


async def test_salvage_is_for_files(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await check(url, "salvage", "--out", "new.db") == 1
    assert "is for SQLite files" in capsys.readouterr().err
