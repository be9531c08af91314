"""Finds rounds and games in the database."""

from __future__ import annotations

from typing import Final

from feedback.database_rows import parse_game, parse_round
from feedback.records import Game, Round
from feedback.sql import Connection

_PAGE: Final = 100  # rounds read at a time, which takes some milliseconds, so that others get their turn


def find_round(connection: Connection, round_id: str) -> Round | None:
    """Return a round; None if there is none with this id."""
    row = connection.execute("SELECT * FROM rounds WHERE id = ?", (round_id,)).fetchone()
    return row and parse_round(row)


def find_game(connection: Connection, game_id: str) -> Game | None:
    """Return a game; None if there is none with this id."""
    row = connection.execute("SELECT * FROM games WHERE id = ?", (game_id,)).fetchone()
    return row and parse_game(row)


def read_page(connection: Connection, player: str | None, after: int) -> list[tuple[int, Round]]:
    """Return the next rounds after a sequence, each with its own: of all, or of a player."""
    rest = "sequence > ? ORDER BY sequence LIMIT ?"
    if player is None:
        rows = connection.execute(f"SELECT * FROM rounds WHERE {rest}", (after, _PAGE))  # noqa: S608
    else:
        rows = connection.execute(f"SELECT * FROM rounds WHERE player = ? AND {rest}", (player, after, _PAGE))  # noqa: S608
    return [(row["sequence"], parse_round(row)) for row in rows]
