"""Create the tables and bring them up to date with the numbered files in ``migrations``."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path
from typing import Final

from feedback.errors import StoreError

_MIGRATIONS: Final = sorted((Path(__file__).parent / "migrations").glob("[0-9]*.sql"))

LATEST: Final = len(_MIGRATIONS)
"""The version of the tables that this code reads and writes."""


def read_version(connection: sqlite3.Connection) -> int:
    """Return the version of a database's tables, or 0 if it has none."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the missing migrations in one transaction. Several processes may do so at once.

    Raises:
        StoreError: if the tables have a later version than this code knows.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _read_known_version(connection)
        for path in _MIGRATIONS[version:]:
            for statement in _split_statements(path.read_text(encoding="utf-8")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {LATEST}")
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # some failures have rolled back already
            connection.execute("ROLLBACK")
        raise


def _read_known_version(connection: sqlite3.Connection) -> int:
    version = read_version(connection)
    if version > LATEST:
        raise StoreError(
            f"The store was written by a later Inkrush: its tables have version {version}, "
            f"this Inkrush knows {LATEST}. Update Inkrush, or use another store."
        )
    return version


def _split_statements(script: str) -> list[str]:
    return [statement for statement in re.split(r";\s*$", script, flags=re.MULTILINE) if statement.strip()]
