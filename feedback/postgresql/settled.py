"""Up to which sequence no round can appear any more.

A transaction takes a round's sequence first and is committed later, so that rounds appear in another order than
that of their sequences. Whoever remembers only the last sequence would miss those that appear behind it.

Each transaction has a number, and takes it before its first sequence (the function ``next_sequence``). So:

1. Read the last sequence that was taken.
2. Take a transaction number. All transactions with sequences up to that one have lower numbers.
3. Wait until no transaction with a lower number is open. Each of their rounds can be read now, or never.

``pg_snapshot_xmax`` cannot replace the number of step 2: it follows the last transaction that has *ended*.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from feedback.sql import Connection

_PATIENCE_SECONDS: Final = 1.0  # for open transactions; then the earlier answer is given
_POLL_SECONDS: Final = 0.02


class _Mark(NamedTuple):
    sequence: int
    transaction: int


class SettledSequence:
    """Finds the settled sequence, and keeps what it has found so far."""

    def __init__(self, read: Callable[[Callable[[Connection], Any]], Awaitable[Any]]) -> None:
        self._read = read
        self._settled = 0
        self._mark: _Mark | None = None  # waits for the transactions before it
        self._lock = asyncio.Lock()

    async def read(self) -> int:
        """Return the settled sequence. While a transaction stays open, that is an earlier one."""
        async with self._lock:
            deadline = time.monotonic() + _PATIENCE_SECONDS
            if self._mark is None:
                self._mark = await self._read(_make_mark)
            mark = self._mark
            while await self._read(_read_oldest_transaction) < mark.transaction:
                if time.monotonic() > deadline:
                    return self._settled
                await asyncio.sleep(_POLL_SECONDS)
            self._settled, self._mark = mark.sequence, None
            return self._settled


def _make_mark(connection: Connection) -> _Mark:
    row = connection.execute("SELECT last_value, is_called FROM rounds_sequence").fetchone()
    # A transaction of its own, in which nothing else has taken a number before.
    (transaction,) = connection.execute("SELECT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)").fetchone()
    return _Mark(row["last_value"] if row["is_called"] else 0, transaction)


def _read_oldest_transaction(connection: Connection) -> int:
    query = "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)"
    return int(connection.execute(query).fetchone()[0])
