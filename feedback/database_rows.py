"""Turn records into rows of the database, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from feedback.deletion import is_player_deleted
from feedback.errors import PlayerDeleted, StoreError
from feedback.records import Drawing, Entry, Game, Round
from feedback.sql import Connection, Row

_ENCODER: Final = msgspec.json.Encoder()
_TOP: Final = msgspec.json.Decoder(list[tuple[str, float]])
_NEWEST: Final = 50  # rounds, and games
_DRAWING: Final = msgspec.json.Decoder(Drawing)


def format_time(at: datetime) -> str:
    """Return an aware time as text in UTC. Such texts sort by time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def insert_round(connection: Connection, round_: Round) -> bool:
    """Insert a round and return whether it is new. A round whose id is already stored stays unchanged.

    Raises:
        PlayerDeleted: if its player has deleted all their data.
    """
    row = msgspec.structs.asdict(round_)
    row["at"] = format_time(round_.at)
    row["top"] = _ENCODER.encode(round_.top).decode()
    row["drawing"] = None if round_.drawing is None else _ENCODER.encode(round_.drawing).decode()
    insert_player(connection, round_.player, row["at"])
    is_new = _insert(connection, "rounds", row)
    require_player(connection, round_.player)
    return is_new


def parse_round(row: Row) -> Round:
    """Return the round in a row of the table ``rounds``.

    Raises:
        StoreError: if damage to the file has changed what it holds.
    """
    fields = {name: row[name] for name in Round.__struct_fields__}
    try:
        fields["at"] = datetime.fromisoformat(row["at"])
        fields["top"] = _TOP.decode(row["top"])
        fields["drawing"] = None if row["drawing"] is None else _DRAWING.decode(row["drawing"])
    except (ValueError, TypeError) as error:
        raise _make_error("round", error) from error
    return Round(**fields)


def read_drawing(text: str | None) -> Drawing | None:
    """Return the drawing in the column ``drawing``; None if there is none, or if damage makes it unreadable."""
    try:
        return None if text is None else _DRAWING.decode(text)
    except msgspec.DecodeError:
        return None


def insert_game(connection: Connection, game: Game) -> bool:
    """Insert a game and return whether it is new. A game whose id is already stored stays unchanged.

    Raises:
        PlayerDeleted: if its player has deleted all their data.
    """
    row = _make_game_row(game)
    insert_player(connection, game.player, row["started_at"])
    is_new = _insert(connection, "games", row)
    require_player(connection, game.player)
    return is_new


def finish_game(connection: Connection, game: Game) -> bool:
    """Insert a game that has ended, or overwrite it, and return whether anything has changed.

    A game that has ended already, after as many rounds or more, stays unchanged.

    Raises:
        PlayerDeleted: if its player has deleted all their data.
    """
    if insert_game(connection, game):
        return True
    row = _make_game_row(game)
    changes = ", ".join(f"{name} = :{name}" for name in row if name != "id")
    # One statement, because another process may finish the same game.
    updated = connection.execute(
        f"UPDATE games SET {changes} WHERE id = :id AND (finished_at IS NULL OR prompts < :prompts)",  # noqa: S608
        row,
    )
    return updated.rowcount > 0


def parse_game(row: Row) -> Game:
    """Return the game in a row of the table ``games``.

    Raises:
        StoreError: if damage to the file has changed what it holds.
    """
    fields = {name: row[name] for name in Game.__struct_fields__}
    try:
        fields["started_at"] = datetime.fromisoformat(row["started_at"])
        fields["finished_at"] = row["finished_at"] and datetime.fromisoformat(row["finished_at"])
    except (ValueError, TypeError) as error:
        raise _make_error("game", error) from error
    return Game(**fields)


def parse_entry(row: Row, rank: int, name: str) -> Entry:
    """Return the game in a row of the table ``games`` as the place ``rank`` of a board, under a name."""
    return Entry(
        rank=rank,
        player=name,
        score=row["score"],
        hits=row["hits"],
        accuracy=row["accuracy"],
        best_combo=row["best_combo"],
        at=datetime.fromisoformat(row["finished_at"]),
        game=row["id"],
    )


def insert_player(connection: Connection, player: str, at: str) -> None:
    """Insert a player, if they are new. Call `require_player` after inserting what is theirs."""
    _insert(connection, "players", {"id": player, "first_seen": at})


def require_player(connection: Connection, player: str) -> None:
    """Return if a player has not deleted all their data.

    This is checked after something of theirs was inserted, not before. Another process may begin the deletion at
    any moment, but it cannot end it while a transaction has inserted something that refers to the player: either
    this sees that the deletion has begun, or the deletion sees what was inserted.

    Raises:
        PlayerDeleted: if they have.
    """
    if is_player_deleted(connection, player):
        raise PlayerDeleted


def read_newest(connection: Connection) -> None:
    """Read the newest rounds and games whole: those that a power cut is most likely to harm.

    Raises:
        StoreError: if damage has changed what one of them holds.
    """
    for row in connection.execute("SELECT * FROM rounds ORDER BY sequence DESC LIMIT ?", (_NEWEST,)):
        parse_round(row)
    for row in connection.execute("SELECT * FROM games ORDER BY id DESC LIMIT ?", (_NEWEST,)):
        parse_game(row)


def _make_error(what: str, error: Exception) -> StoreError:
    return StoreError(
        f"A stored {what} is damaged: {error}. `python -m feedback check` looks for more damage.",
        "the data is damaged",
    )


def _make_game_row(game: Game) -> dict[str, Any]:
    row = msgspec.structs.asdict(game)
    row["started_at"] = format_time(game.started_at)
    row["finished_at"] = game.finished_at and format_time(game.finished_at)
    return row


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> bool:
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    inserted = connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT (id) DO NOTHING",  # noqa: S608 (our own names)
        row,
    )
    return inserted.rowcount > 0
