"""The address of an open store, for other processes."""

from __future__ import annotations

from feedback.sqlite.database import SqliteDatabase
from feedback.store import Store


def get_url(store: Store) -> str:
    """Return the address of a store."""
    if isinstance(store.database, SqliteDatabase):
        return f"sqlite:///{store.database.path}"
    from feedback.postgresql.database import PostgresqlDatabase

    assert isinstance(store.database, PostgresqlDatabase)
    part = store.database._address.parameters
    return f"postgresql://{part['user']}@{part['host']}:{part['port']}/{part['dbname']}"
