"""The quarantine: rounds whose labels are in doubt, set aside until a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from feedback.database_rows import format_time
from feedback.sql import Connection


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """Why a round is in quarantine.

    Attributes:
        round: its id.
        label: the label that is in doubt.
        seen: the character that models see instead.
        why: the reason, a sentence for a person.
        decided: the label that a person decided on; empty if the round must never be used for training, None if
            nobody has decided yet.
    """

    round: str
    label: str
    seen: str
    why: str
    decided: str | None = None


def replace_doubts(connection: Connection, doubts: Iterable[Doubt], at: datetime) -> None:
    """Replace the rounds in quarantine. Rounds that a person decided on stay unchanged."""
    connection.execute("DELETE FROM quarantine WHERE decided IS NULL")
    connection.executemany(
        # A round may have been deleted while it was checked.
        "INSERT INTO quarantine (round, at, label, seen, why) "
        "SELECT id, :at, :label, :seen, :why FROM rounds WHERE id = :round ON CONFLICT (round) DO NOTHING",
        [{**msgspec.structs.asdict(doubt), "at": format_time(at)} for doubt in doubts],
    )


def decide_doubt(connection: Connection, round_id: str, label: str) -> bool:
    """Store what a person decided: a label, or an empty text. Return whether the round is in quarantine."""
    updated = connection.execute("UPDATE quarantine SET decided = ? WHERE round = ?", (label, round_id))
    return updated.rowcount > 0


def list_doubts(connection: Connection) -> list[Doubt]:
    """Return every round in quarantine, decided or not, in the order of their ids."""
    rows = connection.execute("SELECT round, label, seen, why, decided FROM quarantine ORDER BY round")
    return [Doubt(**dict(row)) for row in rows]
