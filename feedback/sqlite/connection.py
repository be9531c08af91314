"""How a file of the store is opened, and how its errors are told to a person."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from feedback.database_rows import format_time
from feedback.errors import DISK_FULL, StoreError

_LOCK_SECONDS: Final = 5.0  # how long to wait for another process, such as an export
_REASONS: Final = {
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_BUSY: "another process is using it",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened or created",
    sqlite3.SQLITE_NOTADB: "the file is not an SQLite database",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
}
DAMAGE_ADVICE: Final = (
    "`python -m feedback check` says what is wrong with it, and `python -m feedback salvage --out NEW.db` saves "
    "what can be read."
)
"""What to do about a damaged file."""


def connect(path: Path, mode: Literal["rw", "rwc"] = "rw") -> sqlite3.Connection:
    """Open the file for reading and writing; ``rwc`` also creates it.

    Raises:
        sqlite3.Error: if that is not possible.
    """
    connection = _connect(path, mode)
    try:
        _enable_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous = FULL")
        # Deleted data is overwritten, so that drawings do not stay readable in the free space of the file.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.create_function("utc_now", 0, lambda: format_time(datetime.now(UTC)))
    except UnicodeDecodeError as error:  # the message of SQLite's own error, which quotes a damaged table
        connection.close()
        raise make_damage_error() from error
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def make_damage_error() -> sqlite3.DatabaseError:
    """Return the error that SQLite raises on a damaged file."""
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a file for reading only. It may be damaged.

    Raises:
        sqlite3.Error: if that is not possible.
    """
    return _connect(path, "ro")


def get_primary_code(error: BaseException) -> int:
    """Return the kind of an error of SQLite; 0 if it has none. The bytes above the low one are details."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def explain_error(error: Exception, path: Path) -> StoreError:
    """Return an error of SQLite in words."""
    code = get_primary_code(error)
    reason = _REASONS.get(code)
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_SHMSIZE:
        reason = DISK_FULL  # there is no room for the index of the log
    if reason is None:
        return StoreError(f"The store {path} reports an error: {error}.", "it reports an error")
    advice = f" {DAMAGE_ADVICE}" if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT} else ""
    return StoreError(f"The store {path} cannot be used: {reason}.{advice}", reason)


def _connect(path: Path, mode: Literal["ro", "rw", "rwc"]) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_LOCK_SECONDS,
    )
    connection.row_factory = sqlite3.Row
    return connection


def _enable_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; wait for other processes that do so. SQLite's own timeout does not apply."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if get_primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
