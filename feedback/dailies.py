"""The dailies: games of one UTC day and alphabet, of which each player has one try."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

from feedback.database import Database
from feedback.errors import AlreadyPlayed
from feedback.records import Game
from feedback.sql import Connection


class DailyTry(NamedTuple):
    """A player's try at a daily.

    Attributes:
        is_finished: False while it is played.
    """

    day: date
    alphabet: str
    game: str
    score: int
    is_finished: bool


class Dailies:
    """The tries of players at the dailies. Every method raises StoreError if the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_days(self, player: str) -> list[date]:
        """Return the days on which a player has begun a daily, oldest first."""
        query = "SELECT DISTINCT day FROM daily_tries WHERE player = ? ORDER BY day"
        rows = await self._database.read(lambda connection: connection.execute(query, (player,)).fetchall())
        return [date.fromisoformat(row["day"]) for row in rows]

    async def list_tries(self, player: str, since: date) -> list[DailyTry]:
        """Return a player's tries from a day on, oldest first."""
        return await self._database.read(lambda connection: _list_tries(connection, player, since))


def get_day(at: datetime) -> date:
    """Return the day of a daily that began ``at``."""
    return at.astimezone(UTC).date()


def claim_try(connection: Connection, game: Game) -> None:
    """Note a daily that begins as its player's try. Doing it again for the same game changes nothing.

    Raises:
        AlreadyPlayed: if the player has begun another daily of that day and alphabet.
    """
    key = (game.player, get_day(game.started_at).isoformat(), game.alphabet)
    connection.execute(
        "INSERT INTO daily_tries (player, day, alphabet, game) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (player, day, alphabet) DO NOTHING",
        (*key, game.id),
    )
    row = connection.execute(
        "SELECT games.id, games.finished_at FROM daily_tries JOIN games ON games.id = daily_tries.game "
        "WHERE daily_tries.player = ? AND daily_tries.day = ? AND daily_tries.alphabet = ?",
        key,
    ).fetchone()
    if row["id"] != game.id:
        raise AlreadyPlayed(row["id"], is_finished=row["finished_at"] is not None)


def _list_tries(connection: Connection, player: str, since: date) -> list[DailyTry]:
    rows = connection.execute(
        "SELECT daily_tries.day, daily_tries.alphabet, games.id, games.score, games.finished_at "
        "FROM daily_tries JOIN games ON games.id = daily_tries.game "
        "WHERE daily_tries.player = ? AND daily_tries.day >= ? ORDER BY daily_tries.day, daily_tries.alphabet",
        (player, since.isoformat()),
    )
    return [
        DailyTry(
            date.fromisoformat(row["day"]),
            row["alphabet"],
            row["id"],
            row["score"],
            row["finished_at"] is not None,
        )
        for row in rows
    ]
