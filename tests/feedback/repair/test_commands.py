"""``python -m feedback check`` and ``salvage`` as a person runs them."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from feedback.store import open_store
from tests.feedback.making import a_round
from tests.feedback.repair.damage import GAMES, PAGE, ROUNDS, damage_copy

pytestmark = pytest.mark.slow


def run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    ended = subprocess.run(
        [sys.executable, "-m", "feedback", "--database", f"sqlite:///{path}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in ended.stderr
    return ended


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_sound_store(sound: Path, tmp_path: Path) -> None:
    path = damage_copy(sound, tmp_path)
    checked = run(path, "check")
    assert (checked.returncode, checked.stdout.splitlines()[-1]) == (0, "Nothing is wrong.")
    assert f"rounds: {ROUNDS}" in checked.stdout.splitlines()
    assert f"games: {GAMES}" in checked.stdout.splitlines()
    saved = run(path, "salvage", "--out", str(tmp_path / "new.db"))
    assert saved.returncode == 0
    assert saved.stdout.splitlines() == [
        f"{ROUNDS} rounds and {GAMES} games are saved in {tmp_path}/new.db.",
        "That is everything.",
    ]


def test_a_damaged_store_is_salvaged_and_the_new_one_is_sound(sound: Path, tmp_path: Path) -> None:
    path = damage_copy(sound, tmp_path, 80 * PAGE, b"\xff" * 20 * PAGE)
    checked = run(path, "check")
    assert checked.returncode == 1
    assert "salvage" in checked.stdout.splitlines()[-1]
    saved = run(path, "salvage", "--out", str(tmp_path / "new.db"))
    assert saved.returncode == 1
    assert "Not everything could be read." in saved.stdout
    assert run(tmp_path / "new.db", "check").returncode == 0


def test_a_store_that_a_server_uses_can_be_checked(sound: Path, tmp_path: Path) -> None:
    path = damage_copy(sound, tmp_path)

    async def check_while_open() -> int:
        store = await open_store(f"sqlite:///{path}")
        await store.add_round(a_round())
        try:
            checked = await asyncio.to_thread(run, path, "check")
            assert f"rounds: {ROUNDS + 1}" in checked.stdout.splitlines()
            await store.add_round(a_round())
            return checked.returncode
        finally:
            await store.close()

    assert asyncio.run(check_while_open()) == 0


def test_rows_that_make_no_sense_are_named(sound: Path, tmp_path: Path) -> None:
    path = damage_copy(sound, tmp_path)
    change(path, "UPDATE rounds SET drawing = '[[' WHERE sequence = 7")
    checked = run(path, "check")
    assert checked.returncode == 1
    assert "Rounds whose drawing, time or candidates make no sense: 1." in checked.stdout.splitlines()
    saved = run(path, "salvage", "--out", str(tmp_path / "new.db"))
    assert f"{ROUNDS - 1} rounds and {GAMES} games are saved" in saved.stdout
    assert saved.returncode == 1


def test_places_of_games_that_are_missing_are_named(sound: Path, tmp_path: Path) -> None:
    path = damage_copy(sound, tmp_path)
    change(
        path, "DELETE FROM games WHERE id = (SELECT game FROM standings WHERE board = 'sprint/digits/all' LIMIT 1)"
    )
    checked = run(path, "check")
    assert checked.returncode == 1
    assert "Places on leaderboards whose game is missing: 3." in checked.stdout.splitlines()


def test_places_that_are_counted_wrong_are_named(sound: Path, tmp_path: Path) -> None:
    path = damage_copy(sound, tmp_path)
    change(path, "UPDATE standing_counts SET players = players + 1 WHERE board = 'sprint/digits/all'")
    checked = run(path, "check")
    assert checked.returncode == 1
    assert "Places on leaderboards that are counted wrong: 7." in checked.stdout.splitlines()


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    for arguments in (["check"], ["salvage", "--out", str(tmp_path / "new.db")]):
        ended = run(path, *arguments)
        assert ended.returncode == 1
        assert f"There is no store at {path}." in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are my notes. " * 1000)
    assert run(path, "check").returncode == 1
    saved = run(path, "salvage", "--out", str(tmp_path / "new.db"))
    assert saved.returncode == 1
    assert "Nothing can be saved." in saved.stderr
    assert not (tmp_path / "new.db").exists()


def test_where_to_save_must_be_said(tmp_path: Path) -> None:
    assert run(tmp_path / "none.db", "salvage").returncode == 2
