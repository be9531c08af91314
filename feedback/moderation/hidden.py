"""What is hidden, and what people see instead."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Literal

import msgspec

from feedback.names.folding import fold_name
from feedback.names.generated import generate_name
from feedback.sql import Connection, Row

Kind = Literal["name", "player", "game"]


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a moderator has hidden.

    Attributes:
        kind: what it is.
        subject: the id of a player or game, or the form in which a name is compared with others.
        name: the name as the moderator spelled it, or the one that the player used.
        at: when it was hidden, UTC.
        reason: why; may be empty.
        moderator: who hid it.
    """

    kind: Kind
    subject: str
    name: str
    at: datetime
    reason: str
    moderator: str


def is_hidden(connection: Connection, player: str, game: str) -> bool:
    """Return whether a game is hidden, by itself or with all of its player's games."""
    query = "SELECT 1 FROM hidden WHERE kind = 'player' AND subject = :player OR kind = 'game' AND subject = :game"
    return connection.execute(query, {"player": player, "game": game}).fetchone() is not None


def read_hidden_names(connection: Connection) -> AbstractSet[str]:
    """Return the hidden names, in the form in which names are compared."""
    return {subject for (subject,) in connection.execute("SELECT subject FROM hidden WHERE kind = 'name'")}


def choose_shown_name(name: str, player: str, hidden_names: AbstractSet[str]) -> str:
    """Return what others read in place of a player's name: a generated one, if it looks like a hidden one.

    A hidden name does not take the game off the boards. The player has earned the place; only the name is wrong.
    Hide the player or the game to take the place away.
    """
    return generate_name(player) if hidden_names and fold_name(name) in hidden_names else name


def list_hidden(connection: Connection) -> list[Hidden]:
    """Return everything that is hidden, in the order in which it was hidden."""
    return [parse_hidden(row) for row in connection.execute("SELECT * FROM hidden ORDER BY at, kind, subject")]


def parse_hidden(row: Row) -> Hidden:
    """Return the record in a row of the table ``hidden``."""
    fields = {name: row[name] for name in Hidden.__struct_fields__}
    return Hidden(**fields | {"at": datetime.fromisoformat(row["at"])})


def delete_records_of(connection: Connection, player: str) -> None:
    """Delete what is noted about a player and their games. The games must still be there."""
    connection.execute(
        "DELETE FROM hidden WHERE kind = 'player' AND subject = :player "
        "OR kind = 'game' AND subject IN (SELECT id FROM games WHERE player = :player)",
        {"player": player},
    )
