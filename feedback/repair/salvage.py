"""Copy everything that can be read of a damaged store into a new one."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from feedback import standings
from feedback.database_rows import parse_game
from feedback.errors import StoreError
from feedback.repair.damaged_file import DamagedFile, is_game, is_round
from feedback.repair.page_scan import scan_index, scan_table
from feedback.sqlite.connection import connect, explain_error
from feedback.sqlite.files import make_private
from feedback.sqlite.schema import migrate

_BATCH: Final = 1000  # rows in one transaction
_FOUND_APART: Final = frozenset({"rounds", "standings", "standing_counts", "counts", "heartbeat"})
_LABELED_BY: Final = 1  # columns that rounds of the first version lack
_FIND_DAILIES: Final = (
    "INSERT OR IGNORE INTO daily_tries "
    "SELECT player, substr(started_at, 1, 10), alphabet, id FROM games WHERE mode = 'daily'"
)

Progress = Callable[[int, int], None]
"""Is told how many rounds of how many are done."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """How much was saved.

    Attributes:
        rounds, games: how many were saved.
        lost_rounds, lost_games: how many of the others are known by the indexes, which are stored apart.
        is_complete: whether everything could be read.
    """

    rounds: int
    games: int
    lost_rounds: int
    lost_games: int
    is_complete: bool


def salvage_store(source: Path, target: Path, progress: Progress) -> Salvaged:
    """Make the new store ``target`` from what can be read of ``source``, which is only read.

    Rounds are read by their sequences, around those that cannot be read; the other tables from both ends. If
    anything fails, all pages of the file are searched for rounds and games besides: that also finds those to which
    nothing leads any more. The leaderboards are made anew from the games.

    Raises:
        StoreError: if there is no file ``source`` or nothing of a store is in it, or if ``target`` exists already
            or cannot be written.
    """
    if target.exists():
        raise StoreError(f"There is a file at {target} already. Name a new one.")
    if not source.is_file():
        raise StoreError(f"There is no store at {source}.")
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        make_private(part)
        with contextlib.closing(connect(part)) as new:
            migrate(new)
            salvaged = _Salvage(source, new, progress).run()
        part.rename(target)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise explain_error(error, target) from error
    finally:
        part.unlink(missing_ok=True)
    return salvaged


class _Salvage:
    def __init__(self, source: Path, new: sqlite3.Connection, progress: Progress) -> None:
        self._source, self._new, self._progress = source, new, progress
        self._new.execute("PRAGMA foreign_keys = OFF")  # parts may be missing until the end

    def run(self) -> Salvaged:
        last, is_complete, lost = 0, False, (0, 0)
        try:
            damaged = DamagedFile(self._source)
        except StoreError as error:
            self._search_pages()
            if not self._list("SELECT sequence FROM rounds UNION SELECT id FROM games"):
                raise StoreError(f"Nothing can be saved. {error}") from error
        else:
            with damaged:
                last = damaged.find_last_sequence()
                self._copy_tables(damaged, last)
                lost_rounds = damaged.list_values("SELECT sequence FROM rounds INDEXED BY rounds_by_source")
                lost_games = damaged.list_values("SELECT id FROM games INDEXED BY games_of_a_player")
                lost_rounds -= self._list("SELECT sequence FROM rounds")
                lost_games -= self._list("SELECT id FROM games")
                is_complete = not (damaged.has_failed or lost_rounds or lost_games)
                if not is_complete:
                    self._search_pages()
                lost = (
                    len(lost_rounds - self._list("SELECT sequence FROM rounds")),
                    len(lost_games - self._list("SELECT id FROM games")),
                )
        self._make_consistent(last)
        rounds, games = (self._list(f"SELECT id FROM {table}") for table in ("rounds", "games"))  # noqa: S608
        return Salvaged(len(rounds), len(games), *lost, is_complete)

    def _copy_tables(self, damaged: DamagedFile, last: int) -> None:
        stored = damaged.list_tables()
        for table, key in self._list_tables():
            if table in stored and table not in _FOUND_APART:
                self._insert(table, damaged.read_table(table, key))
        if "rounds" in stored:
            self._insert("rounds", self._report(damaged.read_rounds(0, last), last))
        else:
            damaged.has_failed = True

    def _report(self, rows: Iterable[sqlite3.Row], last: int) -> Iterator[sqlite3.Row]:
        for row in rows:
            yield row
            self._progress(row["sequence"], last)

    def _search_pages(self) -> None:
        """Save the rounds and games of all pages that are not saved yet."""
        columns = self._list_columns("rounds")
        rows = scan_table(self._source, len(columns) - _LABELED_BY, len(columns))
        self._insert(
            "rounds",
            (
                {**dict.fromkeys(columns), **dict(zip(columns, values, strict=False)), "sequence": sequence}
                for sequence, values in rows
            ),
        )
        columns = self._list_columns("games")
        entries = scan_index(self._source, len(columns))
        self._insert("games", (dict(zip(columns, values, strict=True)) for values in entries))

    def _list_tables(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return the names and primary keys of the tables of a new store."""
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
        tables = []
        for (name,) in self._new.execute(query).fetchall():
            columns = self._new.execute(f"PRAGMA table_info({name})").fetchall()
            key = sorted((column["pk"], column["name"]) for column in columns if column["pk"])
            tables.append((name, tuple(column for _, column in key)))
        return tables

    def _list_columns(self, table: str) -> list[str]:
        return [column["name"] for column in self._new.execute(f"PRAGMA table_info({table})")]

    def _insert(self, table: str, rows: Iterable[sqlite3.Row | Mapping[str, Any]]) -> None:
        """Insert rows that are not there yet, except those that damage has made unusable."""
        columns = self._list_columns(table)
        is_usable = {"rounds": is_round, "games": is_game}.get(table, lambda _: True)
        self._new.execute("BEGIN IMMEDIATE")
        for number, row in enumerate(rows, 1):
            if is_usable(row):
                stored = row.keys()
                values = {name: row[name] for name in columns if name in stored}
                names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
                # Values that must be there or must differ may not after damage: such a row is left out too.
                self._new.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608
            if number % _BATCH == 0:
                self._new.execute("COMMIT")
                self._new.execute("BEGIN IMMEDIATE")
        self._new.execute("COMMIT")

    def _make_consistent(self, last: int) -> None:
        """Make what follows from the rest, and drop what refers to something that is not there."""
        self._new.execute("BEGIN IMMEDIATE")
        # The mirror knows how far it is by a sequence: none may be used twice.
        self._new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'rounds'", (last,))
        for statement in (
            "DELETE FROM rounds WHERE id IN (SELECT id FROM deleted_rounds)",
            "INSERT OR IGNORE INTO players SELECT player, min(at) FROM rounds GROUP BY player",
            "INSERT OR IGNORE INTO players SELECT player, min(started_at) FROM games GROUP BY player",
            "DELETE FROM quarantine WHERE round NOT IN (SELECT id FROM rounds)",
            "DELETE FROM sheet_rows WHERE round NOT IN (SELECT id FROM rounds)",
            "DELETE FROM hands WHERE player NOT IN (SELECT id FROM players)",
            "DELETE FROM hand_drawings WHERE round NOT IN (SELECT id FROM rounds)",
            "DELETE FROM hand_drawings WHERE player NOT IN (SELECT player FROM hands)",
            "DELETE FROM daily_tries WHERE game NOT IN (SELECT id FROM games)",
            _FIND_DAILIES,
        ):
            self._new.execute(statement)
        for row in self._new.execute("SELECT * FROM games WHERE finished_at IS NOT NULL").fetchall():
            game = parse_game(row)
            if game.finished_at is not None:
                standings.enter_game(self._new, game, game.finished_at)
        self._new.execute("COMMIT")

    def _list(self, query: str) -> set[Any]:
        return {row[0] for row in self._new.execute(query)}
