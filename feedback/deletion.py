"""Delete all data of a player, or one character that they uploaded, so that none of it comes back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from feedback.errors import NotFromAPicture, NotYourRound, RoundNotFound
from feedback.moderation.hidden import delete_records_of
from feedback.sql import Connection

_SLICE: Final = 100  # rounds and games deleted in one transaction


class Deleted(NamedTuple):
    """How much was deleted."""

    rounds: int
    games: int


def begin_deletion(connection: Connection, player: str) -> None:
    """Delete a player's hand, their places on the boards and in rooms, and what moderators noted about them.

    From now on nothing can be stored for the player: rounds and games that arrive later raise `PlayerDeleted`. A
    hash of the player's id stays. Each step of a deletion needs a transaction of its own.
    """
    # If another process is just storing the first thing of this player, this waits for it.
    connection.execute(
        "INSERT INTO players (id, first_seen) VALUES (?, utc_now()) ON CONFLICT (id) DO NOTHING", (player,)
    )
    connection.execute(
        "INSERT INTO deleted_players (hash) VALUES (?) ON CONFLICT (hash) DO NOTHING", (_hash(player),)
    )
    connection.execute(
        "INSERT INTO unfinished_deletions (player) VALUES (?) ON CONFLICT (player) DO NOTHING", (player,)
    )
    _delete_hand(connection, player)
    _delete_places(connection, player)


def delete_some_data(connection: Connection, player: str) -> Deleted:
    """Delete some of a player's rounds, whose ids stay, and some games. Return how many these were.

    A player may have tens of thousands. Other writers get their turn in between. Another process that had stored
    something for the player just before the deletion began may commit it only now: places are deleted once more.
    """
    # First of all: whoever remembers a round takes the row of the hand first, too.
    _delete_hand(connection, player)
    query = "SELECT sequence, id FROM rounds WHERE player = ? LIMIT ?"
    rounds = connection.execute(query, (player, _SLICE)).fetchall()
    _note_deleted(connection, [row["id"] for row in rounds])
    connection.executemany("DELETE FROM rounds WHERE sequence = ?", [(row["sequence"],) for row in rounds])
    _delete_places(connection, player)
    games = connection.execute(
        "DELETE FROM games WHERE id IN (SELECT id FROM games WHERE player = ? LIMIT ?)", (player, _SLICE)
    )
    return Deleted(len(rounds), games.rowcount)


def delete_round(connection: Connection, round_id: str, player: str) -> None:
    """Delete a character that ``player`` uploaded. Its id stays, so that it goes from the Sheet too.

    Others stay: a game needs all its rounds, and a drawing may have taught the player's hand.

    Raises:
        RoundNotFound, NotYourRound, NotFromAPicture: as `feedback.store.Store.delete_round`.
    """
    query = "SELECT player, source FROM rounds WHERE id = ?"
    row = connection.execute(query, (round_id,)).fetchone()
    if row is None:
        raise RoundNotFound
    if row["player"] != player:
        raise NotYourRound
    if row["source"] != "upload":
        raise NotFromAPicture
    delete_rounds(connection, [round_id])


def delete_rounds(connection: Connection, round_ids: Sequence[str]) -> None:
    """Delete rounds that were cut from pictures. Their ids stay, so that they go from the Sheet too."""
    _note_deleted(connection, round_ids)
    connection.executemany("DELETE FROM rounds WHERE id = ?", [(round_id,) for round_id in round_ids])


def end_deletion(connection: Connection, player: str) -> bool:
    """Delete the player themselves, and return whether that is done: not while anything of theirs is stored."""
    connection.execute(
        "DELETE FROM players WHERE id = :player AND NOT EXISTS (SELECT 1 FROM rounds WHERE player = :player) "
        "AND NOT EXISTS (SELECT 1 FROM games WHERE player = :player) "
        "AND NOT EXISTS (SELECT 1 FROM room_seats WHERE player = :player) "
        "AND NOT EXISTS (SELECT 1 FROM hands WHERE player = :player)",
        {"player": player},
    )
    if connection.execute("SELECT 1 FROM players WHERE id = ?", (player,)).fetchone():
        return False
    connection.execute("DELETE FROM unfinished_deletions WHERE player = ?", (player,))
    return True


def list_unfinished_deletions(connection: Connection) -> list[str]:
    """Return the players whose deletion has begun and not ended."""
    return [player for (player,) in connection.execute("SELECT player FROM unfinished_deletions")]


def is_player_deleted(connection: Connection, player: str) -> bool:
    """Return whether this player has deleted all their data."""
    query = "SELECT 1 FROM deleted_players WHERE hash = ?"
    return connection.execute(query, (_hash(player),)).fetchone() is not None


def is_round_deleted(connection: Connection, round_id: str) -> bool:
    """Return whether this round was deleted by its player."""
    return connection.execute("SELECT 1 FROM deleted_rounds WHERE id = ?", (round_id,)).fetchone() is not None


def _note_deleted(connection: Connection, round_ids: Sequence[str]) -> None:
    # The mirror looks for deletions that are later than those it knows: the time must be that of this transaction.
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    connection.executemany(
        "INSERT INTO deleted_rounds (id, at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
        [(round_id, at) for round_id in round_ids],
    )


def _delete_hand(connection: Connection, player: str) -> None:
    connection.execute("DELETE FROM hands WHERE player = ?", (player,))


def _delete_places(connection: Connection, player: str) -> None:
    delete_records_of(connection, player)
    connection.execute("DELETE FROM link_codes WHERE player = ?", (player,))
    connection.execute("DELETE FROM uploads WHERE player = ?", (player,))
    connection.execute("DELETE FROM standings WHERE player = ?", (player,))
    # Another change of the room at the same time waits for this one, and then finds the seat free.
    connection.execute(
        "UPDATE rooms SET version = version + 1 WHERE code IN (SELECT room FROM room_seats WHERE player = ?)",
        (player,),
    )
    connection.execute("DELETE FROM room_seats WHERE player = ?", (player,))


def _hash(player: str) -> str:
    return hashlib.sha256(player.encode()).hexdigest()
