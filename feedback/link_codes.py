"""Codes that carry a player to another device. The store holds hashes of them, and each is good once."""

from __future__ import annotations

from datetime import datetime, timedelta

from feedback.database import Database
from feedback.database_rows import format_time
from feedback.deletion import is_player_deleted
from feedback.errors import PlayerDeleted
from feedback.sql import Connection


class LinkCodes:
    """The codes of all players. Every method raises StoreError if the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, player: str, code_hash: str, lifetime: timedelta) -> datetime:
        """Store the code of a player, in place of an earlier one, and return when it expires.

        Raises:
            PlayerDeleted: if the player has deleted all their data.
        """

        def work(connection: Connection) -> datetime:
            (text,) = connection.execute("SELECT utc_now()").fetchone()
            connection.execute("DELETE FROM link_codes WHERE expires_at <= ?", (text,))
            expires_at = datetime.fromisoformat(text) + lifetime
            connection.execute(
                "INSERT INTO link_codes (hash, player, expires_at) VALUES (?, ?, ?) "
                "ON CONFLICT (player) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at",
                (code_hash, player, format_time(expires_at)),
            )
            if is_player_deleted(connection, player):
                raise PlayerDeleted
            return expires_at

        return await self._database.write(work)

    async def claim(self, code_hash: str) -> str | None:
        """Return the player of a code, which is used up by that; None if it is no code, or not any more."""

        def work(connection: Connection) -> str | None:
            # One statement: of two devices that claim at the same time, one gets the player.
            row = connection.execute(
                "DELETE FROM link_codes WHERE hash = ? AND expires_at > utc_now() RETURNING player", (code_hash,)
            ).fetchone()
            # A code that was made during a deletion may be left behind by it.
            if row is None or is_player_deleted(connection, row["player"]):
                return None
            return str(row["player"])

        return await self._database.write(work)
