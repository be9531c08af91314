"""What the store knows of deletions in the Sheet: rounds whose rows must go, and deletions of unknown outcome."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from feedback.database_rows import format_time
from feedback.sheet.leased_database import LeasedDatabase
from feedback.sql import Connection


class DeletionJournal:
    """Keeps track of deletions. What changes it needs the lease and raises LeaseLost without it."""

    def __init__(self, database: LeasedDatabase) -> None:
        self._database = database

    async def list_deleted_rounds(self) -> set[str]:
        """Return every round that its player has deleted."""
        return await self._database.read(
            lambda c: {row["id"] for row in c.execute("SELECT id FROM deleted_rounds")}
        )

    async def find_pending(self) -> tuple[set[str], datetime | None]:
        """Return deleted rounds that may still be in the Sheet, and when the last of them was deleted."""
        rows = await self._database.fetch(
            "SELECT id, at FROM deleted_rounds WHERE at > "
            "coalesce((SELECT deleted_until FROM sheets WHERE spreadsheet = ?), '')"
        )
        latest = max((row["at"] for row in rows), default=None)
        return {row["id"] for row in rows}, latest and datetime.fromisoformat(latest)

    async def finish(self, until: datetime) -> None:
        """Note that rounds deleted up to ``until`` are not in the Sheet and cannot arrive there any more."""
        await self._database.set_column("deleted_until", format_time(until))

    async def begin_row_deletion(self, present: Iterable[str], seconds: float) -> None:
        """Note which rounds are in the Sheet just before rows are deleted by their position.

        From now until `end_row_deletion`, any of these rounds that goes missing counts as deleted by mistake.

        Args:
            present: the rounds that are in the Sheet.
            seconds: how long the deletion may still take place if nothing is heard of it.
        """
        until = format_time(datetime.now(UTC) + timedelta(seconds=seconds))
        ids = set(present)
        spreadsheet = self._database.spreadsheet

        def work(connection: Connection) -> None:
            rows = connection.execute(
                "SELECT round, state FROM sheet_rows WHERE spreadsheet = ? AND state IN ('kept', 'gone')",
                (spreadsheet,),
            )
            states = [(row["round"], row["state"], "kept" if row["round"] in ids else "gone") for row in rows]
            connection.executemany(
                "UPDATE sheet_rows SET state = ? WHERE spreadsheet = ? AND round = ?",
                [(new, spreadsheet, round_id) for round_id, old, new in states if new != old],
            )
            connection.execute(
                "UPDATE sheets SET doubtful_until = :until, deleting_until = :until WHERE spreadsheet = :sheet",
                {"until": until, "sheet": spreadsheet},
            )

        await self._database.write(work)

    async def get_row_deletion_end(self) -> datetime | None:
        """Return until when a deletion of unknown outcome may still take place; None if there is none."""
        return await self._database.get_time("deleting_until")

    async def end_row_deletion(self) -> None:
        """Note that whatever was deleted by mistake is already marked to be sent again."""
        await self._database.set_column("deleting_until", None)
