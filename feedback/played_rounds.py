"""The rounds of several games, as far as a room and its report need them: without their images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from feedback.database import Database
from feedback.database_rows import read_drawing
from feedback.game_scores import GameScore, read_scores
from feedback.records import Drawing, Outcome
from feedback.sql import Connection, Row


class PlayedRound(NamedTuple):
    """A round of a game. The attributes are those of `Round`."""

    game: str
    number: int
    target: str
    predicted: str | None
    outcome: Outcome
    points: int
    duration_ms: int
    drawing: Drawing | None


class PlayedRounds:
    """Reads the rounds of games. Every method raises StoreError if the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read_scores(self, games: Sequence[str]) -> dict[str, GameScore]:
        """Return how games stand after their stored rounds, by id. Games without rounds are left out."""
        if not games:
            return {}
        return await self._database.read(lambda connection: read_scores(connection, games))

    async def read_all(self, games: Sequence[str]) -> list[PlayedRound]:
        """Return all rounds of games, by game and number. Only skips come with their drawing."""
        if not games:
            return []
        return await self._database.read(lambda connection: _read_all(connection, games))

    async def read_best(self, games: Sequence[str], most: int) -> list[PlayedRound]:
        """Return rounds of games with their drawings: at most ``most`` of each game.

        They come by game, and in each game those with the most points first.
        """
        if not games:
            return []
        return await self._database.read(lambda connection: _read_best(connection, games, most))


def _read_all(connection: Connection, games: Sequence[str]) -> list[PlayedRound]:
    marks = ", ".join("?" for _ in games)
    query = (
        "SELECT game, number, target, predicted, outcome, points, duration_ms, "  # noqa: S608 (only placeholders)
        "CASE WHEN outcome = 'skip' THEN drawing END AS drawing FROM rounds "
        f"WHERE game IN ({marks}) AND target IS NOT NULL AND outcome IS NOT NULL ORDER BY game, number"
    )
    return [_read_round(row) for row in connection.execute(query, tuple(games))]


def _read_best(connection: Connection, games: Sequence[str], most: int) -> list[PlayedRound]:
    marks = ", ".join("?" for _ in games)
    query = (
        "SELECT game, number, target, predicted, outcome, points, duration_ms, drawing FROM ("  # noqa: S608 (only placeholders)
        "SELECT *, row_number() OVER (PARTITION BY game ORDER BY points DESC, number) AS place FROM rounds "
        f"WHERE game IN ({marks}) AND target IS NOT NULL AND outcome IN ('hit', 'skip') AND drawing IS NOT NULL"
        ") AS ranked WHERE place <= ? ORDER BY game, place"
    )
    return [_read_round(row) for row in connection.execute(query, (*games, most))]


def _read_round(row: Row) -> PlayedRound:
    return PlayedRound(
        row["game"],
        row["number"],
        row["target"],
        row["predicted"],
        row["outcome"],
        row["points"] or 0,
        row["duration_ms"] or 0,
        read_drawing(row["drawing"]),
    )
