"""Everything that can be read of a damaged store is saved, and the damaged file is left as it is."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.errors import AlreadyPlayed, StoreError
from feedback.records import Round
from feedback.repair.salvage import Salvaged, salvage_store
from feedback.store import open_store
from tests.feedback.making import MONDAY, a_game, a_round
from tests.feedback.repair.damage import GAMES, PAGE, ROUNDS, damage_copy

bounded = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def salvage(source: Path) -> Salvaged:
    """Salvage into ``new.db`` beside the source, having seen that the source stays as it is."""
    before = source.read_bytes()
    salvaged = salvage_store(source, source.with_name("new.db"), lambda *_: None)
    assert source.read_bytes() == before
    return salvaged


async def read_rounds(path: Path) -> dict[str, Round]:
    store = await open_store(f"sqlite:///{path}")
    try:
        return {round_.id: round_ async for round_ in store.read_rounds()}
    finally:
        await store.close()


def count_changed(saved: dict[str, Round], rounds: dict[str, Round]) -> int:
    """Return how many saved rounds differ. What a picture holds may have been destroyed, unnoticeably."""
    assert saved.keys() <= rounds.keys()
    return sum(rounds[key] != round_ for key, round_ in saved.items())


def require_sound(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    lines = sorted(connection.iterdump())
    connection.close()
    return lines


def test_a_sound_store_is_copied_whole(sound: Path, tmp_path: Path) -> None:
    path = damage_copy(sound, tmp_path)
    assert salvage(path) == Salvaged(ROUNDS, GAMES, 0, 0, is_complete=True)
    assert dump(tmp_path / "new.db") == dump(path)


def test_what_only_the_log_holds_is_saved_too(sound: Path, tmp_path: Path) -> None:
    path = damage_copy(sound, tmp_path)

    async def add_and_salvage() -> Salvaged:
        store = await open_store(f"sqlite:///{path}")
        await store.add_round(a_round())
        try:
            return await asyncio.to_thread(salvage_store, path, tmp_path / "new.db", lambda *_: None)
        finally:
            await store.close()

    assert asyncio.run(add_and_salvage()).rounds == ROUNDS + 1


@pytest.mark.slow
def test_a_destroyed_page_costs_no_more_than_the_rounds_on_it(sound: Path, tmp_path: Path) -> None:
    rounds = asyncio.run(read_rounds(sound))
    for page in range(40, sound.stat().st_size // PAGE, 11):
        path = damage_copy(sound, tmp_path, page * PAGE, b"\xff" * PAGE)
        salvaged = salvage(path)
        saved = asyncio.run(read_rounds(tmp_path / "new.db"))
        require_sound(tmp_path / "new.db")
        assert count_changed(saved, rounds) <= 1
        assert len(saved) == salvaged.rounds >= ROUNDS - 8
        assert salvaged.games >= GAMES - 30


def find_root(path: Path, table: str) -> int:
    connection = sqlite3.connect(path)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    connection.close()
    assert isinstance(root, int)
    return root


@pytest.mark.parametrize(("table", "rounds", "games"), [("rounds", ROUNDS, GAMES), ("games", ROUNDS, GAMES)])
def test_rows_to_which_nothing_leads_any_more_are_found(
    sound: Path, tmp_path: Path, table: str, rounds: int, games: int
) -> None:
    path = damage_copy(sound, tmp_path, (find_root(sound, table) - 1) * PAGE, b"\xff" * PAGE)
    salvaged = salvage(path)
    assert salvaged.rounds == rounds
    assert games - 8 <= salvaged.games <= games  # the root of the games holds some of them
    assert salvaged.games + salvaged.lost_games == games
    assert not salvaged.is_complete


def test_a_destroyed_header_costs_nothing_of_the_rounds_and_games(sound: Path, tmp_path: Path) -> None:
    salvaged = salvage(damage_copy(sound, tmp_path, 0, bytes(PAGE)))
    assert (salvaged.rounds, salvaged.games, salvaged.is_complete) == (ROUNDS, GAMES, False)
    saved = asyncio.run(read_rounds(tmp_path / "new.db"))
    assert saved == asyncio.run(read_rounds(sound))
    require_sound(tmp_path / "new.db")


def test_rounds_that_could_not_be_read_are_counted(sound: Path, tmp_path: Path) -> None:
    leaves = range(60, sound.stat().st_size // PAGE - 60, 5)
    path = damage_copy(sound, tmp_path)
    with path.open("r+b") as file:
        for page in leaves:
            file.seek(page * PAGE)
            file.write(b"\xff" * PAGE)
    salvaged = salvage(path)
    assert 0 < salvaged.lost_rounds == ROUNDS - salvaged.rounds


def test_the_boards_are_whole_although_theirs_was_destroyed(sound: Path, tmp_path: Path) -> None:
    path = damage_copy(sound, tmp_path, (find_root(sound, "standings") - 1) * PAGE, b"\xff" * PAGE)
    salvage(path)

    async def read_board(of: Path) -> object:
        store = await open_store(f"sqlite:///{of}")
        try:
            return await store.read_leaderboard("sprint", "digits", "week", 100, "player-1", MONDAY)
        finally:
            await store.close()

    assert asyncio.run(read_board(tmp_path / "new.db")) == asyncio.run(read_board(sound))


def test_a_new_round_gets_no_sequence_that_was_used(sound: Path, tmp_path: Path) -> None:
    salvage(damage_copy(sound, tmp_path, sound.stat().st_size - 60 * PAGE, b"\xff" * 60 * PAGE))

    async def add() -> None:
        store = await open_store(f"sqlite:///{tmp_path}/new.db")
        await store.add_round(a_round(id="new", at=datetime.now(UTC)))
        await store.close()

    asyncio.run(add())
    connection = sqlite3.connect(tmp_path / "new.db")
    assert connection.execute("SELECT sequence FROM rounds WHERE id = 'new'").fetchone() == (ROUNDS + 1,)
    connection.close()


@pytest.mark.slow
@bounded
@given(share=st.floats(0.02, 1))
def test_a_file_that_was_cut_off_gives_what_is_left(sound: Path, tmp_path: Path, share: float) -> None:
    path = damage_copy(sound, tmp_path, size=round(share * sound.stat().st_size))
    try:
        salvage(path)
    except StoreError as error:
        assert share < 0.3  # there may be no round yet
        assert str(error).startswith("Nothing can be saved.")
        return
    require_sound(tmp_path / "new.db")
    saved = asyncio.run(read_rounds(tmp_path / "new.db"))
    assert count_changed(saved, asyncio.run(read_rounds(sound))) <= 1


@pytest.mark.slow
@bounded
@given(share=st.floats(0, 1, exclude_max=True), content=st.binary(min_size=1, max_size=600))
def test_any_damage_gives_a_sound_store_or_a_reason(
    sound: Path, tmp_path: Path, share: float, content: bytes
) -> None:
    path = damage_copy(sound, tmp_path, int(share * (sound.stat().st_size - len(content))), content)
    try:
        salvage(path)
    except StoreError as error:
        assert str(error).endswith(".")
        return
    require_sound(tmp_path / "new.db")
    asyncio.run(read_rounds(tmp_path / "new.db"))


def test_a_file_is_not_overwritten(sound: Path, tmp_path: Path) -> None:
    path = damage_copy(sound, tmp_path)
    (tmp_path / "new.db").write_text("mine")
    with pytest.raises(StoreError, match="already"):
        salvage(path)
    assert (tmp_path / "new.db").read_text() == "mine"


async def test_one_try_at_a_daily_stays_one(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/old.db")
    game = a_game(mode="daily")
    await store.start_game(game)
    await store.database.write(lambda connection: connection.execute("DELETE FROM daily_tries"))
    await store.close()
    salvage(tmp_path / "old.db")
    store = await open_store(f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(AlreadyPlayed):
        await store.start_game(a_game(mode="daily"))
    await store.close()
