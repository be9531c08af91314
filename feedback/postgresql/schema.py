"""Create the tables and bring them up to date with the numbered files in ``migrations``.

The numbers are those of SQLite's migrations: a change of the tables has the same number and name in both folders.

Processes of the last release go on while the first process of a new release migrates. So a migration only adds
what the last release can ignore: tables, indexes, columns that may be null or have a default. What is not needed
any more is removed a release later, by a migration whose first line is such as ``-- oldest: 14``: from then on,
programs that know fewer than 14 migrations do not open the database.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import psycopg

from feedback.errors import StoreError

_MIGRATIONS: Final = {
    int(path.name[:4]): path for path in sorted((Path(__file__).parent / "migrations").glob("[0-9]*.sql"))
}
_OLDEST: Final = re.compile(r"-- oldest: (\d+)")
_LOCK: Final = 0x696E6B72757368  # "inkrush": the advisory lock of those who migrate
_LOCK_SECONDS: Final = 5  # that a migration waits for tables in use; queries that come later wait behind it

MARKER: Final = "unfinished_copy"
"""A table that is there until a copy of another store is complete; see `feedback.postgresql.copying`."""

LATEST: Final = max(_MIGRATIONS)
"""The version of the tables that this code reads and writes."""


def migrate(connection: psycopg.Connection[Any], *, is_copying: bool = False) -> None:
    """Apply the missing migrations in one transaction. Several processes may do so at once.

    Args:
        connection: used for nothing else; it waits as long as it takes.
        is_copying: whether the caller fills the database from another store.

    Raises:
        StoreError: if this code is too old for the tables, or a copy of another store is not complete.
    """
    if not is_copying and _has_table(connection, MARKER):
        raise StoreError("The database holds a part of another store. Run `python -m feedback copy` to the end.")
    if read_version(connection) == LATEST:
        return
    # Before the transaction: what it sees of the tables must not be older than the lock.
    connection.execute(f"SET statement_timeout = 0; SELECT pg_advisory_lock({_LOCK})")
    connection.execute("BEGIN")
    try:
        connection.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
        version = read_version(connection)
        for number, path in _MIGRATIONS.items():
            if number > version:
                _apply(connection, number, path.read_text(encoding="utf-8"))
        connection.execute("COMMIT")
    except BaseException:
        if not connection.closed:
            connection.execute("ROLLBACK")
        raise
    finally:
        if not connection.closed:
            connection.execute(f"SELECT pg_advisory_unlock({_LOCK})")


def read_version(connection: psycopg.Connection[Any]) -> int:
    """Return the version of the tables, or 0 if there are none.

    Raises:
        StoreError: if this code is too old for them.
    """
    if not _has_table(connection, "schema_version"):
        return 0
    row = connection.execute("SELECT version, oldest FROM schema_version").fetchone()
    if row is None:
        return 0
    if row["oldest"] > LATEST:
        raise StoreError(
            f"The store was written by a later Inkrush: its tables need version {row['oldest']}, "
            f"this Inkrush knows {LATEST}. Update Inkrush, or use another store."
        )
    return int(row["version"])


def _has_table(connection: psycopg.Connection[Any], name: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s)::text", (name,)).fetchone()
    return row is not None and row[0] is not None


def _apply(connection: psycopg.Connection[Any], number: int, script: str) -> None:
    connection.execute(script)
    oldest = _OLDEST.match(script)
    connection.execute(
        "UPDATE schema_version SET version = %s, oldest = greatest(oldest, %s)",
        (number, int(oldest[1]) if oldest else 0),
    )
