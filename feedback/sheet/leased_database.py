"""The store as the mirror of one Sheet uses it: anybody may read, only the holder of the lease may write."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from feedback.database import Database
from feedback.sheet import lease
from feedback.sheet.errors import LeaseLost
from feedback.sql import Connection, Row, Work

T = TypeVar("T")


class LeasedDatabase:
    """Reads and writes what the store knows of one Sheet.

    Attributes:
        spreadsheet: the Sheet's id.
    """

    def __init__(self, database: Database, spreadsheet: str) -> None:
        self.spreadsheet = spreadsheet
        self._database = database
        self._holder = lease.new_holder()

    async def take_lease(self, seconds: float) -> bool:
        """Take or renew the lease and return whether it is ours."""
        return await self._database.write(lambda c: lease.take_lease(c, self.spreadsheet, self._holder, seconds))

    async def give_lease_back(self) -> None:
        """Let another process write."""
        await self._database.write(lambda c: lease.give_back_lease(c, self.spreadsheet, self._holder))

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` on a connection that only reads, and return its result."""
        return await self._database.read(work)

    async def read_settled_sequence(self) -> int:
        """Return a sequence up to which all rounds can be read: none with a lower one can appear any more."""
        return await self._database.read_settled_sequence()

    async def fetch(self, query: str, *values: object) -> list[Row]:
        """Return the rows of a query whose first parameter is the Sheet's id."""
        return await self._database.read(lambda c: c.execute(query, (self.spreadsheet, *values)).fetchall())

    async def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction and return its result.

        Raises:
            LeaseLost: if another process has taken the lease. Nothing is written then.
        """

        def work_with_lease(connection: Connection) -> T:
            if not lease.keep_lease(connection, self.spreadsheet, self._holder):
                raise LeaseLost
            return work(connection)

        return await self._database.write(work_with_lease)

    async def write_without_lease(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction and return its result. For what harms no other writer."""
        return await self._database.write(work)

    async def set_column(self, column: str, value: Any) -> None:
        """Change a column of the Sheet's own row.

        Raises:
            LeaseLost: as `write` does.
        """
        statement = f"UPDATE sheets SET {column} = ? WHERE spreadsheet = ?"  # noqa: S608 (our own names)
        await self.write(lambda c: c.execute(statement, (value, self.spreadsheet)))

    async def get_time(self, column: str) -> datetime | None:
        """Return a moment from the Sheet's own row."""
        rows = await self.fetch(f"SELECT {column} FROM sheets WHERE spreadsheet = ?")  # noqa: S608 (our own names)
        text = rows[0][0] if rows else None
        return text and datetime.fromisoformat(text)
