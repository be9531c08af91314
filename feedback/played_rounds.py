"""What a report on several games needs of their rounds, without their images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from feedback.database_rows import read_drawing
from feedback.records import Drawing, Outcome
from feedback.sql import Connection


class PlayedRound(NamedTuple):
    """A round of a game. The attributes are those of `Round`; hits and timeouts come without their drawing."""

    game: str
    number: int
    target: str
    predicted: str | None
    outcome: Outcome
    points: int
    duration_ms: int
    drawing: Drawing | None


def read_played_rounds(connection: Connection, games: Sequence[str]) -> list[PlayedRound]:
    """Return all rounds of games, at least one, by game and number."""
    marks = ", ".join("?" for _ in games)
    query = (
        "SELECT game, number, target, predicted, outcome, points, duration_ms, "  # noqa: S608 (only placeholders)
        "CASE WHEN outcome = 'skip' THEN drawing END AS drawing FROM rounds "
        f"WHERE game IN ({marks}) AND target IS NOT NULL AND outcome IS NOT NULL ORDER BY game, number"
    )
    return [
        PlayedRound(
            row["game"],
            row["number"],
            row["target"],
            row["predicted"],
            row["outcome"],
            row["points"] or 0,
            row["duration_ms"] or 0,
            read_drawing(row["drawing"]),
        )
        for row in connection.execute(query, tuple(games))
    ]
