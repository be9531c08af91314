"""Copies an SQLite store into an empty PostgreSQL database, and compares both at the end.

Rows are copied as they are, in the order of their keys, a page in each transaction. That includes the counts, so
the triggers that count are off. A copy that was interrupted goes on after the greatest key that arrived. Until the
end a table marks the database as unfinished, and no server opens it.
"""

# ruff: noqa: S608 (the names of our own tables and columns)

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import psycopg

from feedback.errors import StoreError
from feedback.postgresql.connection import Address, connect, explain_error
from feedback.postgresql.schema import MARKER, migrate
from feedback.postgresql.statements import StoreConnection
from feedback.sql import Connection
from feedback.sqlite import schema as sqlite_schema
from feedback.sqlite.connection import connect as connect_sqlite
from feedback.sqlite.connection import explain_error as explain_sqlite_error

_PAGE: Final = 500  # rows in a transaction
_LOCK: Final = 0x696E6B636F7079  # "inkcopy": the advisory lock of a copy that runs
_NOT_COPIED: Final = frozenset({"heartbeat"})  # the row that health checks write
_FILLED: Final = frozenset({"counts"})  # not empty in an empty store

Progress = Callable[[str, int, int], None]
"""Is told what is being done, and how many rows of how many are done."""


class Table(NamedTuple):
    """A table, and which of its columns are its primary key, in order."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


class CopiedTable(NamedTuple):
    """A table that is the same on both sides: its name, number of rows, and SHA-256 of them."""

    name: str
    rows: int
    digest: str


def copy_store(source: Path, target_url: str, progress: Progress) -> list[CopiedTable]:
    """Copy the store in the file ``source`` to the database at ``target_url``, and compare all tables.

    Nobody can write to the file meanwhile.

    Raises:
        StoreError: if there is no such store, if the database holds anything else, or if they differ in the end.
    """
    if not source.is_file():
        raise StoreError(f"There is no store at {source}.")
    address = Address(target_url)
    try:
        with (
            contextlib.closing(connect_sqlite(source)) as old,
            contextlib.closing(connect(address, "write")) as new,
        ):
            new.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
            return _Copy(source, old, new, address, progress).run()
    except sqlite3.Error as error:
        raise explain_sqlite_error(error, source) from error
    except psycopg.Error as error:
        raise explain_error(error, address) from error


class _Copy:
    def __init__(
        self,
        source: Path,
        old: sqlite3.Connection,
        new: psycopg.Connection[Any],
        address: Address,
        progress: Progress,
    ) -> None:
        self._source = str(source.resolve())
        self._old = old
        self._new = new
        self._address = address
        self._progress = progress

    def run(self) -> list[CopiedTable]:
        (is_first,) = self._new.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone() or (False,)
        if not is_first:
            raise StoreError(f"Another copy to {self._address} is running.")
        sqlite_schema.migrate(self._old)
        migrate(self._new, is_copying=True)
        self._old.execute("BEGIN IMMEDIATE")
        tables = list_tables(self._old)
        self._begin(tables)
        for table in tables:
            self._copy_table(table)
        copied = [self._compare_table(table) for table in tables]
        self._finish()
        return copied

    def _begin(self, tables: list[Table]) -> None:
        """Mark the database as unfinished, or go on where an earlier copy stopped."""
        (marker,) = self._new.execute("SELECT to_regclass(%s)::text", (MARKER,)).fetchone() or (None,)
        if marker is not None:
            row = self._new.execute(f"SELECT source FROM {MARKER}").fetchone()
            if row is not None and row["source"] == self._source:
                return
            raise StoreError(f"{self._address} holds a part of another store. Empty it first.")
        for table in tables:
            rows = self._new.execute(f"SELECT 1 FROM {table.name} LIMIT 1").fetchall()
            if rows and table.name not in _FILLED:
                raise StoreError(
                    f"{self._address} is not empty: its table {table.name} has rows. Nothing was copied."
                )
        self._new.execute("BEGIN")
        self._new.execute(f"CREATE TABLE {MARKER} (source TEXT NOT NULL)")
        self._new.execute(f"INSERT INTO {MARKER} (source) VALUES (%s)", (self._source,))
        for name in _FILLED:
            self._new.execute(f"DELETE FROM {name}")
        self._new.execute("COMMIT")

    def _copy_table(self, table: Table) -> None:
        order = ", ".join(f"{column} DESC" for column in table.key)
        keys = ", ".join(table.key)
        last = self._new.execute(f"SELECT {keys} FROM {table.name} ORDER BY {order} LIMIT 1").fetchone()
        (total,) = self._old.execute(f"SELECT count(*) FROM {table.name}").fetchone()
        (done,) = self._new.execute(f"SELECT count(*) FROM {table.name}").fetchone() or (0,)
        columns = ", ".join(table.columns)
        for page in read_pages(self._old, table, tuple(last) if last else None):
            self._new.execute("BEGIN")
            self._new.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
            with self._new.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
                for row in page:
                    copy.write_row(tuple(row))
            self._new.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
            self._new.execute("COMMIT")
            done += len(page)
            self._progress(f"copying {table.name}", done, total)

    def _compare_table(self, table: Table) -> CopiedTable:
        old, new = (self._hash_table(connection, table) for connection in (self._old, StoreConnection(self._new)))
        if old != new:
            raise StoreError(
                f"The table {table.name} differs: {old.rows:,} rows in {self._source}, {new.rows:,} in "
                f"{self._address}. The store was changed between two runs of this command. Empty the database, "
                "stop the server, and copy again."
            )
        return old

    def _hash_table(self, connection: Connection, table: Table) -> CopiedTable:
        digest = hashlib.sha256()
        encoder = msgspec.msgpack.Encoder()
        (total,) = connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()
        rows = 0
        for page in read_pages(connection, table):
            for row in page:
                digest.update(encoder.encode(tuple(row)))
            rows += len(page)
            self._progress(f"comparing {table.name}", rows, total)
        return CopiedTable(table.name, rows, digest.hexdigest())

    def _finish(self) -> None:
        (last,) = self._old.execute(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'rounds'"
        ).fetchone()
        self._new.execute("BEGIN")
        if last:
            self._new.execute("SELECT setval('rounds_sequence', %s)", (last,))
        self._new.execute(f"DROP TABLE {MARKER}")
        self._new.execute("COMMIT")
        self._new.execute("ANALYZE")


def list_tables(connection: sqlite3.Connection) -> list[Table]:
    """Return the tables of an SQLite store, each after those that it refers to."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"
    waiting = [name for (name,) in connection.execute(query) if name not in _NOT_COPIED]
    tables: list[Table] = []
    while waiting:
        for name in waiting:
            targets = {row["table"] for row in connection.execute(f"PRAGMA foreign_key_list({name})")}
            if not targets & set(waiting):
                break
        waiting.remove(name)
        columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
        key = sorted((column["pk"], column["name"]) for column in columns if column["pk"])
        tables.append(Table(name, tuple(column["name"] for column in columns), tuple(column for _, column in key)))
    return tables


def read_pages(connection: Connection, table: Table, after: tuple[Any, ...] | None = None) -> Iterator[list[Any]]:
    """Yield the rows of a table in the order of its key, from the key ``after`` on, which is left out."""
    columns, keys = ", ".join(table.columns), ", ".join(table.key)
    marks = ", ".join("?" for _ in table.key)
    places = [table.columns.index(column) for column in table.key]
    while True:
        condition = f"WHERE ({keys}) > ({marks}) " if after else ""
        query = f"SELECT {columns} FROM {table.name} {condition}ORDER BY {keys} LIMIT ?"
        page = connection.execute(query, (*(after or ()), _PAGE)).fetchall()
        if not page:
            return
        yield page
        after = tuple(page[-1][place] for place in places)
