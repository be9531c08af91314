"""What only SQLite has: the file of a store, and the connection that writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from feedback.sqlite.database import SqliteDatabase
from feedback.store import Store


def get_path(store: Store) -> Path:
    """Return the file of a store."""
    return _get_database(store).path


def get_writer(store: Store) -> sqlite3.Connection:
    """Return the connection that writes."""
    return _get_database(store)._writer


def _get_database(store: Store) -> SqliteDatabase:
    assert isinstance(store.database, SqliteDatabase)
    return store.database
