"""How games stand after their stored rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from feedback.records import Outcome
from feedback.sql import Connection


class GameScore(NamedTuple):
    """How a game stands.

    Attributes:
        points: its score.
        combo: hits since the last skip.
    """

    points: int = 0
    hits: int = 0
    rounds: int = 0
    combo: int = 0
    best_combo: int = 0


def sum_rounds(rounds: Iterable[tuple[Outcome | None, int | None]]) -> GameScore:
    """Return how a game stands after rounds with these outcomes and points. Only a skip ends a combo."""
    score = GameScore()
    for outcome, points in rounds:
        is_hit = outcome == "hit"
        combo = score.combo + 1 if is_hit else 0 if outcome == "skip" else score.combo
        score = GameScore(
            score.points + (points or 0),
            score.hits + is_hit,
            score.rounds + 1,
            combo,
            max(score.best_combo, combo),
        )
    return score


def read_scores(connection: Connection, games: Sequence[str]) -> dict[str, GameScore]:
    """Return how games, at least one, stand, by id. Games without rounds are left out."""
    rows = connection.execute(
        f"SELECT game, outcome, points FROM rounds WHERE game IN ({', '.join('?' for _ in games)}) "  # noqa: S608
        "ORDER BY game, number",
        tuple(games),
    )
    return {
        game: sum_rounds((row["outcome"], row["points"]) for row in rounds)
        for game, rounds in groupby(rows, lambda row: row["game"])
    }
