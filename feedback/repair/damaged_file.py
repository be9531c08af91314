"""Read the rows of a database that may be damaged, around the pages that cannot be read. Nothing is written."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Self

from feedback.database_rows import parse_game, parse_round
from feedback.errors import StoreError
from feedback.records import Round
from feedback.sqlite.connection import connect_to_read, explain_error, make_damage_error

_ROUND_COLUMNS: Final = ("sequence", *Round.__struct_fields__)


class DamagedFile:
    """A database as far as SQLite can read it. Close it after use.

    Attributes:
        connection: for queries of other kinds.
        has_failed: whether anything could not be read so far.
    """

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            StoreError: if there is none, or not even its list of tables can be read.
        """
        if not path.is_file():
            raise StoreError(f"There is no store at {path}.")
        self.has_failed = False
        try:
            self.connection = connect_to_read(path)
            try:
                # With this, SQLite also reads a file that was cut off.
                self.connection.execute("PRAGMA writable_schema = ON")
                self.connection.execute("PRAGMA cell_size_check = ON")
                self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except UnicodeDecodeError as error:  # the message of SQLite's own error, which quotes a damaged table
                self.connection.close()
                raise make_damage_error() from error
            except sqlite3.Error:
                self.connection.close()
                raise
        except sqlite3.Error as error:
            raise explain_error(error, path) from error

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def list_tables(self) -> list[str]:
        """Return the names of the tables, without SQLite's own."""
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
        return sorted(self.list_values(query))

    def read_rounds(self, first: int, last: int) -> Iterator[sqlite3.Row]:
        """Yield the rounds with the sequences ``first`` to ``last``, in order, except those that cannot be read.

        Where reading fails, the rest of the range is halved until the rounds that cannot be read are left alone.
        Columns that tables of earlier versions lack are null.
        """
        stored = {column["name"] for column in self.connection.execute("PRAGMA table_info(rounds)")}
        columns = ", ".join(name if name in stored else f"NULL AS {name}" for name in _ROUND_COLUMNS)
        query = f"SELECT {columns} FROM rounds WHERE sequence BETWEEN ? AND ? ORDER BY sequence"  # noqa: S608
        pending = [(first, last)]
        while pending:
            start, end = pending.pop()
            try:
                for row in self.connection.execute(query, (start, end)):
                    yield row
                    start = max(start, row["sequence"] + 1)
            except sqlite3.DatabaseError:
                self.has_failed = True
                if start < end:
                    middle = (start + end) // 2
                    pending += [(middle + 1, end), (start, middle)]

    def find_last_sequence(self) -> int:
        """Return the greatest sequence that a round can have, from whichever place can be read."""
        queries = (
            "SELECT max(seq) FROM sqlite_sequence WHERE name = 'rounds'",
            "SELECT max(sequence) FROM rounds",
            "SELECT max(sequence) FROM rounds INDEXED BY rounds_by_source",
        )
        last = 0
        for query in queries:
            with contextlib.suppress(sqlite3.DatabaseError):
                (value,) = self.connection.execute(query).fetchone()
                last = max(last, value if isinstance(value, int) else 0)
        # A damaged page may say any number. No store has as many rounds as its file has bytes.
        pages, page_bytes = (
            self.connection.execute(f"PRAGMA page_{what}").fetchone() for what in ("count", "size")
        )
        return min(last, int(pages[0]) * int(page_bytes[0]))

    def read_table(self, table: str, key: tuple[str, ...]) -> Iterator[sqlite3.Row]:
        """Yield the rows of a table from its beginning up to what cannot be read, then from its end.

        Args:
            table: its name.
            key: its primary key.
        """
        reached: tuple[object, ...] | None = None
        try:
            for row in self._read_in_order(table, key, "ASC"):
                reached = tuple(row[column] for column in key)
                yield row
        except sqlite3.DatabaseError:
            self.has_failed = True
            with contextlib.suppress(sqlite3.DatabaseError):
                for row in self._read_in_order(table, key, "DESC"):
                    if tuple(row[column] for column in key) == reached:
                        break
                    yield row

    def read_row(self, query: str, *values: object) -> sqlite3.Row | None:
        """Return the row of a query, or None if there is none or it cannot be read."""
        row: sqlite3.Row | None = None
        try:
            row = self.connection.execute(query, values).fetchone()
        except sqlite3.DatabaseError:
            self.has_failed = True
        return row

    def list_values(self, query: str) -> set[Any]:
        """Return the values of a query, as far as they can be read."""
        values = set()
        try:
            for row in self.connection.execute(query):
                values.add(row[0])
        except sqlite3.DatabaseError:
            self.has_failed = True
        return values

    def _read_in_order(self, table: str, key: tuple[str, ...], direction: str) -> sqlite3.Cursor:
        order = ", ".join(f"{column} {direction}" for column in key)
        return self.connection.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 (our own names)


def is_round(row: sqlite3.Row | Mapping[str, Any]) -> bool:
    """Return whether a row of the table ``rounds`` holds a round."""
    return _can_parse(parse_round, row)


def is_game(row: sqlite3.Row | Mapping[str, Any]) -> bool:
    """Return whether a row of the table ``games`` holds a game."""
    return _can_parse(parse_game, row)


def _can_parse(parse: Any, row: sqlite3.Row | Mapping[str, Any]) -> bool:
    try:
        parse(row)
    except StoreError:
        return False
    return True
