"""Delete all data of a player, so that none of it comes back."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import NamedTuple


class Deleted(NamedTuple):
    """How much was deleted."""

    rounds: int
    games: int


def delete_player(connection: sqlite3.Connection, player: str, at: str) -> Deleted:
    """Delete a player with their rounds, games and places on the boards. Return how many rounds and games.

    The ids of the rounds and a hash of the player's id stay. From now on nothing can be stored for the player:
    rounds and games that arrive later raise `PlayerDeleted`.

    Args:
        connection: with a transaction open.
        player: their id.
        at: the time of the deletion, in the form of `feedback.database_rows.format_time`.
    """
    connection.execute("INSERT INTO deleted_players (hash) VALUES (?) ON CONFLICT DO NOTHING", (_hash(player),))
    connection.execute(
        "INSERT INTO deleted_rounds (id, at) SELECT id, ? FROM rounds WHERE player = ? ON CONFLICT DO NOTHING",
        (at, player),
    )
    connection.execute("DELETE FROM standings WHERE player = ?", (player,))
    rounds = connection.execute("DELETE FROM rounds WHERE player = ?", (player,)).rowcount
    games = connection.execute("DELETE FROM games WHERE player = ?", (player,)).rowcount
    connection.execute("DELETE FROM players WHERE id = ?", (player,))
    return Deleted(rounds, games)


def is_player_deleted(connection: sqlite3.Connection, player: str) -> bool:
    """Return whether this player has deleted all their data."""
    query = "SELECT 1 FROM deleted_players WHERE hash = ?"
    return connection.execute(query, (_hash(player),)).fetchone() is not None


def is_round_deleted(connection: sqlite3.Connection, round_id: str) -> bool:
    """Return whether this round was deleted by its player."""
    return connection.execute("SELECT 1 FROM deleted_rounds WHERE id = ?", (round_id,)).fetchone() is not None


def _hash(player: str) -> str:
    return hashlib.sha256(player.encode()).hexdigest()
