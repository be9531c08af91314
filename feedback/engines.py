"""Which database engine an address means."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Final

from feedback.database import Database
from feedback.errors import StoreError
from feedback.notifications import Count, NoNotifications, Notifications
from feedback.shared_counts import SharedCounts
from feedback.sqlite.database import open_sqlite

_SQLITE: Final = "sqlite:///"
_POSTGRESQL: Final = ("postgresql://", "postgres://")


async def open_database(url: str) -> Database:
    """Open the database at an address, such as ``sqlite:///path.db`` or ``postgresql://user@host/name``.

    Raises:
        StoreError: if the address is of another kind, or the database cannot be used; the message says why.
    """
    if not is_postgresql(url):
        return await open_sqlite(get_store_path(url))
    require_psycopg()
    from feedback.postgresql.database import open_postgresql  # noqa: PLC0415 (with SQLite there may be no psycopg)

    return await open_postgresql(url)


def require_psycopg() -> None:
    """Return if psycopg is installed.

    Raises:
        StoreError: if not; the message says how to install it.
    """
    try:
        importlib.import_module("psycopg")
    except ImportError as error:
        raise StoreError(
            "For a PostgreSQL database, Inkrush needs psycopg: install the extra `postgres`, for example with "
            f'`pip install "inkrush[postgres]"`. ({error})'
        ) from error


def open_shared_counts(url: str) -> SharedCounts | None:
    """Return the counts that all servers of the database at ``url`` share; None if it can have only one server."""
    if not is_postgresql(url):
        return None
    from feedback.postgresql.shared_counts import PostgresqlSharedCounts  # noqa: PLC0415

    return PostgresqlSharedCounts(url)


def open_notifications(url: str, sender: str, count: Count) -> Notifications:
    """Return the notifications of the process ``sender`` and all others that use the database at ``url``.

    ``count`` is told what was sent, received and lost.
    """
    if not is_postgresql(url):
        return NoNotifications()
    from feedback.postgresql.notifications import PostgresqlNotifications  # noqa: PLC0415

    return PostgresqlNotifications(url, sender, count)


def is_postgresql(url: str) -> bool:
    """Return whether an address is that of a PostgreSQL database."""
    return url.startswith(_POSTGRESQL)


def get_store_path(url: str) -> Path:
    """Return the file of the store at ``url``.

    Raises:
        StoreError: if the store is no SQLite file.
    """
    if is_postgresql(url):
        raise StoreError("The store is a PostgreSQL database. This command is for SQLite files.")
    path = url.removeprefix(_SQLITE)
    if not url.startswith(_SQLITE) or path in {"", ":memory:"}:
        # The address is not repeated: it may hold a password.
        raise StoreError(
            "The store's address cannot be used: it must be sqlite:///path/to/file.db "
            "or postgresql://USER:PASSWORD@HOST:PORT/DATABASE."
        )
    return Path(path)
