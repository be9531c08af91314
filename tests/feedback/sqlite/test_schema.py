"""The numbered migrations bring a database of any version up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from feedback.errors import StoreError
from feedback.sqlite import schema
from feedback.store import open_store
from tests.feedback.making import MONDAY

MIGRATIONS = sorted((Path(schema.__file__).parent / "migrations").glob("*.sql"))


def read_tables(path: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    finally:
        connection.close()


async def open_and_close(path: Path) -> None:
    store = await open_store(f"sqlite:///{path}")
    await store.close()


def test_the_files_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in MIGRATIONS] == list(range(1, schema.LATEST + 1))


@pytest.mark.slow
@pytest.mark.parametrize("version", range(schema.LATEST + 1))
async def test_every_earlier_version_becomes_the_latest(tmp_path: Path, version: int) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    connection = sqlite3.connect(old)
    for path in MIGRATIONS[:version]:
        connection.executescript(path.read_text())
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    await open_and_close(old)
    await open_and_close(new)
    assert read_tables(old) == read_tables(new)


async def test_data_of_the_first_version_is_still_there(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript(MIGRATIONS[0].read_text())
    at = MONDAY.isoformat(timespec="microseconds")
    connection.executescript(
        f"""
        INSERT INTO players VALUES ('ada', '{at}');
        INSERT INTO games VALUES
        ('g', 'ada', 'Ada', 'sprint', 'digits', 'm1', '{at}', 60000, '{at}', 9, 1, 1, 1.0, 1);
        INSERT INTO standings VALUES ('sprint/digits/all', 'ada', 9, '{at}', 'g');
        INSERT INTO rounds (id, at, player, source, alphabet, model, top, game, number)
        VALUES ('r', '{at}', 'ada', 'challenge', 'digits', 'm1', '[["7",0.9]]', 'g', 1);
        PRAGMA user_version = 1;
        """  # noqa: S608 (our own time)
    )
    connection.close()
    store = await open_store(f"sqlite:///{path}")
    game_and_rounds = await store.get_game("g")
    entries, _ = await store.read_leaderboard("sprint", "digits", "all", 5, "ada", MONDAY)
    await store.close()
    assert game_and_rounds is not None
    assert [round_.top for round_ in game_and_rounds[1]] == [[("7", 0.9)]]
    assert [(entry.player, entry.score) for entry in entries] == [("Ada", 9)]


async def test_a_failed_migration_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "0099_broken.sql"
    broken.write_text("CREATE TABLE half (a);\n\nCREATE TABLE half (a);\n")
    monkeypatch.setattr(schema, "_MIGRATIONS", [*MIGRATIONS, broken])
    path = tmp_path / "inkrush.db"
    with pytest.raises(StoreError):
        await open_and_close(path)
    assert read_tables(path) == []
    monkeypatch.undo()
    await open_and_close(path)


async def test_a_later_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "later.db"
    await open_and_close(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.LATEST + 1}")
    connection.execute("CREATE TABLE from_the_future (a)")
    connection.close()
    before = read_tables(path)
    with pytest.raises(StoreError, match="later Inkrush"):
        await open_and_close(path)
    assert read_tables(path) == before
