"""Looks for damage before a store is served: as thoroughly as half a second allows."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import Final

from feedback.database_rows import read_newest
from feedback.errors import StoreError
from feedback.sqlite.connection import DAMAGE_ADVICE, connect, explain_error, get_primary_code

_SECONDS: Final = 0.5


def require_sound_store(path: Path) -> None:
    """Return if no damage is found.

    The newest rounds and games are always read. SQLite's ``quick_check`` reads all pages, table by table, and is
    stopped after half a second, which is enough for some 50,000 rounds. `python -m feedback check` has no limit.

    Raises:
        StoreError: if the store is damaged, or cannot be read; the message says what to do.
    """
    try:
        with contextlib.closing(connect(path)) as connection:
            read_newest(connection)
            problem = _check_for_a_while(connection)
    except sqlite3.Error as error:
        raise explain_error(error, path) from error
    if problem is not None:
        raise _make_error(path, problem)


def _check_for_a_while(connection: sqlite3.Connection) -> str | None:
    """Return the first problem that SQLite finds in half a second; None if it finds none."""
    timer = threading.Timer(_SECONDS, connection.interrupt)
    timer.start()
    try:
        (problem,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if get_primary_code(error) == sqlite3.SQLITE_INTERRUPT:
            return None
        raise
    finally:
        timer.cancel()
        timer.join()  # it must not interrupt a connection that is closed
    return None if problem == "ok" else str(problem)


def _make_error(path: Path, problem: str) -> StoreError:
    words = " ".join(problem.replace("***", "").split()).rstrip(".")
    return StoreError(f"The store {path} is damaged: {words}. {DAMAGE_ADVICE}", "the file is damaged")
