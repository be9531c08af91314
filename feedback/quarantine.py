"""Rounds whose label is in doubt: kept apart until a person has decided."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

import msgspec

from feedback.rows import format_time


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """Why a round is kept apart.

    Attributes:
        round: its id.
        label: what it was said to be.
        seen: what was seen in it instead.
        why: the reason, a sentence for a person.
        decided: what a person decided: the label that it teaches, empty where it is to teach nothing; none while
            nobody has.
    """

    round: str
    label: str
    seen: str
    why: str
    decided: str | None = None


def replace_doubts(connection: sqlite3.Connection, list_doubts: Iterable[Doubt], at: datetime) -> None:
    """Have the quarantine hold these rounds, and those that a person has decided on, which stay as they are."""
    connection.execute("DELETE FROM quarantine WHERE decided IS NULL")
    connection.executemany(
        # A round may have been deleted while it was looked at.
        "INSERT INTO quarantine (round, at, label, seen, why) "
        "SELECT id, :at, :label, :seen, :why FROM rounds WHERE id = :round ON CONFLICT (round) DO NOTHING",
        [{**msgspec.structs.asdict(doubt), "at": format_time(at)} for doubt in list_doubts],
    )


def decide_doubt(connection: sqlite3.Connection, round_id: str, label: str) -> bool:
    """Note what a person decided, a label or an empty text; false where there is no such doubt."""
    found = connection.execute("UPDATE quarantine SET decided = ? WHERE round = ?", (label, round_id))
    return found.rowcount > 0


def list_doubts(connection: sqlite3.Connection) -> list[Doubt]:
    """Return every doubt, decided or not, in the order of the rounds."""
    rows = connection.execute("SELECT round, label, seen, why, decided FROM quarantine ORDER BY round")
    return [Doubt(**dict(row)) for row in rows]
