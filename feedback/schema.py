"""The tables, brought up to date by the numbered files in ``migrations``."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path
from typing import Final

from feedback.errors import StoreError

_MIGRATIONS: Final = sorted((Path(__file__).parent / "migrations").glob("[0-9]*.sql"))

LATEST: Final = len(_MIGRATIONS)
"""The version that this code reads and writes."""


def version(connection: sqlite3.Connection) -> int:
    """Return the version of a database's tables; 0 where there are none."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Apply what is missing, in one transaction, safe beside other processes that do the same.

    Raises:
        StoreError: if the tables are of a later version than this code knows.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _known_version(connection)
        for path in _MIGRATIONS[found:]:
            for statement in _statements(path.read_text(encoding="utf-8")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {LATEST}")
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):  # some failures have rolled back already
            connection.execute("ROLLBACK")
        raise


def _known_version(connection: sqlite3.Connection) -> int:
    found = version(connection)
    if found > LATEST:
        raise StoreError(
            f"The store was written by a later Inkrush (version {found} of its tables; this one knows {LATEST}). "
            "Update Inkrush, or use another store."
        )
    return found


def _statements(script: str) -> list[str]:
    return [statement for statement in re.split(r";\s*$", script, flags=re.MULTILINE) if statement.strip()]
