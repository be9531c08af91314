"""Whether the store works: found out by writing to it and reading from it, and never more often than needed."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from typing import Final

from feedback.database import Database
from feedback.errors import DISK_FULL, StoreError
from feedback.sql import Connection

_VALID_SECONDS: Final = 1.0  # how long a result is given out again
_PATIENCE_SECONDS: Final = 2.0  # how long a check may take; monitors give up soon after
_FULL_SECONDS: Final = 4.0
"""How long a disk counts as full after a write found it full. A game that waits for it tries every two seconds."""
_TOLERANCE: Final = timedelta(seconds=10)


class StoreHealth:
    """Checks a store. Checks at the same time share one write, and a result is valid for a second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._checking: asyncio.Task[str | None] | None = None
        self._result: str | None = None
        self._checked_at: float | None = None

    async def find_fault(self) -> str | None:
        """Return in a few words what is wrong with the store, without its path; None if it works."""
        now = time.monotonic()
        if self._checked_at is not None and now - self._checked_at < _VALID_SECONDS:
            return self._result
        if self._checking is None:
            self._checking = asyncio.create_task(self._check())
        done, _ = await asyncio.wait([self._checking], timeout=_PATIENCE_SECONDS)
        if not done:
            return "it does not answer in time"
        return self._result

    async def _check(self) -> str | None:
        try:
            self._result = await self._write_and_read()
        except StoreError as error:
            self._result = error.reason
        finally:
            self._checked_at = time.monotonic()
            self._checking = None
        return self._result

    async def _write_and_read(self) -> str | None:
        def write(connection: Connection) -> str:
            row = connection.execute(
                "INSERT INTO heartbeat (id, at) VALUES (1, utc_now()) "
                "ON CONFLICT (id) DO UPDATE SET at = excluded.at RETURNING at"
            ).fetchone()
            return str(row["at"])

        at = datetime.fromisoformat(await self._database.write(write))
        row = await self._database.read(lambda c: c.execute("SELECT at FROM heartbeat").fetchone())
        # Other processes write there too, and a write that waited for another may bring an earlier time.
        if row is None or datetime.fromisoformat(row["at"]) < at - _TOLERANCE:
            return "it does not return what was written to it"
        # The few bytes of this check may find room where a round finds none.
        full_at = self._database.full_at
        if full_at is not None and time.monotonic() - full_at < _FULL_SECONDS:
            return DISK_FULL
        return self._database.damage.reason if self._database.damage else None
