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


def get_readers(store: Store) -> list[sqlite3.Connection]:
    """Return the connections that read. They must be idle."""
    idle = _get_database(store)._readers._idle
    connections = [idle.get() for _ in range(idle.qsize())]
    for connection in connections:
        idle.put(connection)
    return connections


def _get_database(store: Store) -> SqliteDatabase:
    assert isinstance(store.database, SqliteDatabase)
    return store.database
