"""All servers of a database must sign cookies with one key: a player's next request may reach another server."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from feedback.database import Database
from feedback.database_rows import format_time
from feedback.sql import Connection

ALIVE_SECONDS: Final = 15
"""A server that was not seen for longer may have had another key. While it runs no game, it is seen every 10 s."""

_SALT: Final = b"Inkrush's cookie key"
_COST: Final = 2**12  # 4 MB and 10 ms: a key that a person made up must not be guessed from its hash


def hash_key(key: str) -> str:
    """Return what the database may know of a key."""
    return hashlib.scrypt(key.encode(), salt=_SALT, n=_COST, r=8, p=1, dklen=16).hex()


async def find_server_with_other_key(database: Database, server: str, process: str, key: str) -> str | None:
    """Note the key of a server that starts, and return another server that is alive and has another key.

    Args:
        database: that both use.
        server: the id of the server that starts.
        process: its machine and process, for people.
        key: the hash of its key, as `hash_key` returns it.
    """

    def note(connection: Connection) -> None:
        connection.execute(
            "INSERT INTO servers (id, process, started_at, seen_at, cookie_key) "
            "VALUES (?, ?, utc_now(), utc_now(), ?) ON CONFLICT (id) DO NOTHING",
            (server, process, key),
        )

    def find(connection: Connection) -> str | None:
        rows = connection.execute(
            "SELECT process, seen_at, utc_now() AS now FROM servers WHERE cookie_key <> ? ORDER BY seen_at DESC",
            (key,),
        )
        return next((row["process"] for row in rows if _is_alive(row["seen_at"], row["now"])), None)

    # Two transactions: of two servers that start at the same time, at least the later one sees the other.
    await database.write(note)
    return await database.read(find)


def _is_alive(seen_at: str, now: str) -> bool:
    return seen_at > format_time(datetime.fromisoformat(now) - timedelta(seconds=ALIVE_SECONDS))
