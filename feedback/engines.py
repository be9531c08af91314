"""Which database engine an address means."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from feedback.database import Database
from feedback.errors import StoreError
from feedback.sqlite.database import open_sqlite

_SQLITE: Final = "sqlite:///"


async def open_database(url: str) -> Database:
    """Open the database at ``sqlite:///relative/path.db`` or ``sqlite:////absolute/path.db``.

    Raises:
        StoreError: if the URL is of another kind, or the database cannot be used; the message says why.
    """
    return await open_sqlite(get_store_path(url))


def get_store_path(url: str) -> Path:
    """Return the file of the store at ``url``.

    Raises:
        StoreError: if the URL is of another kind.
    """
    path = url.removeprefix(_SQLITE)
    if not url.startswith(_SQLITE) or path in {"", ":memory:"}:
        # The address is not repeated: it may hold a password.
        raise StoreError("The store's address cannot be used: it must be sqlite:///path/to/file.db.")
    return Path(path)
