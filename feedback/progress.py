"""What a player has drawn lately, as far as it shows how well each of their characters is read."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from feedback import standings
from feedback.database import Database
from feedback.database_rows import read_drawing
from feedback.records import LABELS, Drawing, ProgressRound
from feedback.sql import Connection, Row

NEWEST: Final = 5_000
"""How many of a player's newest rounds are looked at, so that no player's call takes longer and longer."""


class OwnDrawing(NamedTuple):
    """A drawing of a player.

    Attributes:
        round: the id of its round.
        predicted, confidence: what the model saw, and how sure it was.
    """

    round: str
    at: datetime
    predicted: str
    confidence: float | None
    drawing: Drawing


class RecentGame(NamedTuple):
    """A finished game of a player."""

    id: str
    mode: str
    alphabet: str
    score: int
    hits: int
    prompts: int
    at: datetime


class Progress(NamedTuple):
    """What is stored of a player.

    Attributes:
        rounds: the newest `NEWEST` rounds, oldest first.
        games: the newest games, newest first.
        bests: the player's best game on each board of all time.
    """

    rounds: list[ProgressRound]
    games: list[RecentGame]
    bests: list[RecentGame]


class ProgressReader:
    """Reads what players have drawn. Every method raises StoreError if the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, player: str, games: int) -> Progress:
        """Return a player's newest rounds, their newest ``games`` games and their best ones."""

        def work(connection: Connection) -> Progress:
            rounds = _read_rounds(connection, player)
            bests = [_make_game(row) for row in standings.list_bests(connection, player)]
            return Progress(rounds, _read_games(connection, player, games), bests)

        return await self._database.read(work)

    async def count_rounds(self, player: str) -> int:
        """Return how many rounds of a player are stored, counted up to `NEWEST`."""
        query = "SELECT count(*) FROM (SELECT 1 FROM rounds WHERE player = ? LIMIT ?) AS newest"
        (count,) = await self._database.read(
            lambda connection: connection.execute(query, (player, NEWEST)).fetchone()
        )
        return int(count)

    async def list_drawings(
        self, player: str, character: str, limit: int, *, are_understood: bool
    ) -> list[OwnDrawing]:
        """Return a player's drawings of ``character``, of the newest `NEWEST` rounds, the newest first.

        If ``are_understood``, they are those that were hits. Otherwise they are those that the model took for
        another character: a round asked for this one and the player gave up, or a person said that it is this one.
        """
        if character not in set(LABELS):
            return []
        return await self._database.read(
            lambda connection: _list_drawings(connection, player, character, limit, are_understood=are_understood)
        )


def _read_rounds(connection: Connection, player: str) -> list[ProgressRound]:
    rows = connection.execute(
        "SELECT substr(at, 1, 10), mode, target, outcome, predicted, label, duration_ms FROM rounds "
        "WHERE player = ? ORDER BY sequence DESC LIMIT ?",
        (player, NEWEST),
    ).fetchall()
    return [ProgressRound(*row) for row in reversed(rows)]


def _read_games(connection: Connection, player: str, limit: int) -> list[RecentGame]:
    rows = connection.execute(
        "SELECT * FROM games WHERE player = ? AND finished_at IS NOT NULL AND prompts > 0 "
        "ORDER BY id DESC LIMIT ?",
        (player, limit),
    )
    return [_make_game(row) for row in rows]


def _make_game(row: Row) -> RecentGame:
    names = ("id", "mode", "alphabet", "score", "hits", "prompts")
    return RecentGame(**{name: row[name] for name in names}, at=datetime.fromisoformat(row["started_at"]))


def _list_drawings(
    connection: Connection, player: str, character: str, limit: int, *, are_understood: bool
) -> list[OwnDrawing]:
    # The sequence is found in the index alone. Drawings are read of the rounds that match only.
    oldest = connection.execute(
        "SELECT sequence FROM rounds WHERE player = ? ORDER BY sequence DESC LIMIT 1 OFFSET ?", (player, NEWEST)
    ).fetchone()
    values = {
        "player": player,
        "oldest": oldest["sequence"] if oldest else 0,
        "character": character,
        "understood": int(are_understood),
        "limit": limit,
    }
    rows = connection.execute(
        "SELECT id, at, predicted, confidence, drawing FROM rounds WHERE player = :player AND sequence > :oldest "
        "AND coalesce(label, target) = :character AND drawing IS NOT NULL AND predicted IS NOT NULL "
        "AND CASE :understood WHEN 1 THEN outcome = 'hit' "
        "ELSE predicted <> :character AND (label IS NOT NULL OR outcome = 'skip') END "
        "ORDER BY sequence DESC LIMIT :limit",
        values,
    ).fetchall()
    return [
        OwnDrawing(row["id"], datetime.fromisoformat(row["at"]), row["predicted"], row["confidence"], drawing)
        for row in rows
        if (drawing := read_drawing(row["drawing"]))
    ]
