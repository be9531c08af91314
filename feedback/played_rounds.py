"""What a report on several games needs of their rounds, without their images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from feedback.database_rows import read_drawing
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


def read_played_rounds(connection: Connection, games: Sequence[str]) -> list[PlayedRound]:
    """Return all rounds of games, at least one, by game and number. Only skips come with their drawing."""
    marks = ", ".join("?" for _ in games)
    query = (
        "SELECT game, number, target, predicted, outcome, points, duration_ms, "  # noqa: S608 (only placeholders)
        "CASE WHEN outcome = 'skip' THEN drawing END AS drawing FROM rounds "
        f"WHERE game IN ({marks}) AND target IS NOT NULL AND outcome IS NOT NULL ORDER BY game, number"
    )
    return [_read_round(row) for row in connection.execute(query, tuple(games))]


def read_best_rounds(connection: Connection, games: Sequence[str], most: int) -> list[PlayedRound]:
    """Return rounds of games, at least one, with their drawings: at most ``most`` of each game.

    They come by game, and in each game those with the most points first.
    """
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
