"""Deleting all that is kept of a player, so that it does not come back."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import NamedTuple


class Deleted(NamedTuple):
    """How much was deleted."""

    rounds: int
    games: int


def delete_player(connection: sqlite3.Connection, player: str, at: str) -> Deleted:
    """Delete a player with their rounds, games and places on the boards. Only the rounds' ids stay, and a hash.

    From now on nothing can be kept for the player: what is still on its way raises `PlayerDeleted`. ``at`` says
    when, in the form of `feedback.rows.format_time`.
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
    """Return whether this player has deleted everything."""
    query = "SELECT 1 FROM deleted_players WHERE hash = ?"
    return connection.execute(query, (_hash(player),)).fetchone() is not None


def is_round_deleted(connection: sqlite3.Connection, round_id: str) -> bool:
    """Return whether the player of this round has deleted it."""
    return connection.execute("SELECT 1 FROM deleted_rounds WHERE id = ?", (round_id,)).fetchone() is not None


def _hash(player: str) -> str:
    return hashlib.sha256(player.encode()).hexdigest()
