"""What the store knows of our worksheets: Google's ids, which stay when people rename or move a worksheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from feedback.sheet.leased_database import LeasedDatabase
from feedback.sql import Connection, Row

_SELECT: Final = "SELECT number, worksheet, title, is_made FROM sheet_worksheets WHERE spreadsheet = ?"
_INSERT: Final = "INSERT INTO sheet_worksheets (spreadsheet, worksheet, number, title, is_made)"


class KnownWorksheet(NamedTuple):
    """A worksheet of ours.

    Attributes:
        number: its place in the order in which our worksheets were begun, from 1.
        id: Google's id.
        title: the title that we gave it, or found when we first saw it.
        is_made: whether it was seen in the Sheet. One that was seen and is gone was deleted by people.
    """

    number: int
    id: int
    title: str
    is_made: bool


class WorksheetRecords:
    """The worksheets that are ours, in the store."""

    def __init__(self, database: LeasedDatabase) -> None:
        self._database = database

    async def read_all(self) -> list[KnownWorksheet]:
        """Return all of them in the order in which they were begun."""
        rows = await self._database.fetch(_SELECT + " ORDER BY number")
        return [_parse(row) for row in rows]

    async def adopt(self, worksheets: Iterable[KnownWorksheet]) -> None:
        """Note worksheets that were found in the Sheet. Does nothing if any are known already.

        Raises:
            LeaseLost: if another process has taken the lease.
        """
        spreadsheet = self._database.spreadsheet
        rows = [(spreadsheet, known.id, known.number, known.title, int(known.is_made)) for known in worksheets]

        def work(connection: Connection) -> None:
            query = "SELECT 1 FROM sheet_worksheets WHERE spreadsheet = ?"
            if connection.execute(query, (spreadsheet,)).fetchone() is None:
                connection.executemany(_INSERT + " VALUES (?, ?, ?, ?, ?)", rows)

        await self._database.write(work)

    async def plan(self, new_id: int) -> KnownWorksheet:
        """Note a worksheet that is about to be added and return it.

        If one was planned before and never seen in the Sheet, this returns that one: should the earlier request
        still arrive, it adds no second worksheet.

        Raises:
            LeaseLost: if another process has taken the lease.
        """
        spreadsheet = self._database.spreadsheet

        def work(connection: Connection) -> KnownWorksheet:
            planned = _SELECT + " AND is_made = 0"
            row = connection.execute(planned, (spreadsheet,)).fetchone()
            if row is None:
                connection.execute(
                    _INSERT + " SELECT :spreadsheet, :id, coalesce(max(number), 0) + 1, '', 0 "
                    "FROM sheet_worksheets WHERE spreadsheet = :spreadsheet",
                    {"spreadsheet": spreadsheet, "id": new_id},
                )
                row = connection.execute(planned, (spreadsheet,)).fetchone()
            return _parse(row)

        return await self._database.write(work)

    async def mark_made(self, worksheet_id: int, title: str) -> None:
        """Note that a planned worksheet is in the Sheet, and under which title.

        Raises:
            LeaseLost: if another process has taken the lease.
        """
        values = (title, self._database.spreadsheet, worksheet_id)
        await self._database.write(
            lambda c: c.execute(
                "UPDATE sheet_worksheets SET is_made = 1, title = ? "
                "WHERE spreadsheet = ? AND worksheet = ? AND is_made = 0",
                values,
            )
        )


def _parse(row: Row) -> KnownWorksheet:
    return KnownWorksheet(row["number"], row["worksheet"], row["title"], bool(row["is_made"]))
