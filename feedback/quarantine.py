"""The quarantine: rounds whose labels are in doubt, set aside until a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from feedback.database import Database
from feedback.database_rows import format_time
from feedback.errors import InvalidLabel, RoundNotFound
from feedback.ids import can_be_id
from feedback.records import LABELS
from feedback.remembering import relabel_round
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


class Quarantine:
    """The rounds in quarantine. Every method raises StoreError if the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace(self, doubts: Iterable[Doubt], at: datetime) -> None:
        """Replace the rounds in quarantine. Rounds that a person decided on stay unchanged."""
        rows = [{**msgspec.structs.asdict(doubt), "at": format_time(at)} for doubt in doubts]

        def work(connection: Connection) -> None:
            connection.execute("DELETE FROM quarantine WHERE decided IS NULL")
            connection.executemany(
                # A round may have been deleted while it was checked.
                "INSERT INTO quarantine (round, at, label, seen, why) "
                "SELECT id, :at, :label, :seen, :why FROM rounds WHERE id = :round ON CONFLICT (round) DO NOTHING",
                rows,
            )

        await self._database.write(work)

    async def list_doubts(self) -> list[Doubt]:
        """Return every round in quarantine, decided or not, in the order of their ids."""

        def work(connection: Connection) -> list[Doubt]:
            rows = connection.execute("SELECT round, label, seen, why, decided FROM quarantine ORDER BY round")
            return [Doubt(**dict(row)) for row in rows]

        return await self._database.read(work)

    async def decide(self, round_id: str, label: str) -> None:
        """Store the label that a person decided on for a round in quarantine. No label excludes it for good.

        Its player's hand takes it over: without a label, the round is forgotten.

        Raises:
            InvalidLabel: if the label is neither empty nor one of the 62 characters.
            RoundNotFound: if no such round is in quarantine.
        """
        if label and (len(label) != 1 or label not in LABELS):
            raise InvalidLabel
        if not can_be_id(round_id):
            raise RoundNotFound

        def work(connection: Connection) -> bool:
            updated = connection.execute("UPDATE quarantine SET decided = ? WHERE round = ?", (label, round_id))
            relabel_round(connection, round_id, label)
            return updated.rowcount > 0

        if not await self._database.write(work):
            raise RoundNotFound
