"""The counts that servers share, in PostgreSQL: unlogged tables, on a connection and in a thread of their own.

They wait for no disk, and share no transaction with rounds: a lock on a busy address holds up nobody's verdict.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import psycopg

from feedback.postgresql.connection import Address, Link
from feedback.shared_counts import Charge, exceeds

T = TypeVar("T")

_PATIENCE_SECONDS: Final = 1.0
_STUCK_SHARE: Final = 0.9  # of that time: the thread begins a moment later than its caller
_AWAY_SECONDS: Final = 5.0  # that nobody asks again, after a failure
_CLEANING_SECONDS: Final = 60.0  # between two times that what counts no more is deleted
_FORGOTTEN: Final = "interval '30 seconds'"  # after this time without news, a server counts as dead

_CHARGE: Final = """
INSERT INTO call_counts AS counted (key, full_at)
SELECT key, now() + seconds * interval '1 second'
FROM unnest(%s::bytea[], %s::float8[]) AS charges (key, seconds) ORDER BY key
ON CONFLICT (key) DO UPDATE SET full_at = greatest(counted.full_at, now()) + (excluded.full_at - now())
RETURNING key, extract(epoch FROM full_at - now())::float8 AS seconds
"""
_PUBLISH: Final = f"""
INSERT INTO open_sockets AS mine (address, server, sockets, seen_at)
SELECT address, %s, sockets, now()
FROM unnest(%s::bytea[], %s::int[]) AS counts (address, sockets) ORDER BY address
ON CONFLICT (address, server) DO UPDATE SET sockets = excluded.sockets, seen_at = excluded.seen_at
RETURNING address, (
    SELECT coalesce(sum(others.sockets), 0)::int FROM open_sockets AS others
    WHERE others.address = mine.address AND others.server <> mine.server AND others.seen_at > now() - {_FORGOTTEN}
) AS elsewhere
"""  # noqa: S608 (our own text)
_CLEAN: Final = (
    "DELETE FROM call_counts WHERE full_at < now()",
    f"DELETE FROM open_sockets WHERE sockets = 0 OR seen_at < now() - {_FORGOTTEN}",  # noqa: S608
)

_log = logging.getLogger(__name__)


class PostgresqlSharedCounts:
    """As `feedback.shared_counts.SharedCounts` says."""

    def __init__(self, url: str) -> None:
        self._link = Link(Address(url), "write")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="shared-counts")
        self._is_away = False
        self._away_until = 0.0
        self._clean_at = 0.0

    async def charge(self, charges: Sequence[Charge]) -> list[float] | None:
        """Charge all buckets, or none of them, and return in how many seconds each would be full again."""
        return await self._run(lambda connection: _charge(connection, charges))

    async def publish_sockets(self, server: str, sockets: Mapping[bytes, int]) -> dict[bytes, int] | None:
        """Say how many sockets each address has open at ``server``; return how many it has at others."""

        def work(connection: psycopg.Connection[Any]) -> dict[bytes, int]:
            rows = connection.execute(_PUBLISH, (server, list(sockets), list(sockets.values())))
            return {bytes(address): elsewhere for address, elsewhere in rows}

        return await self._run(work)

    async def close(self) -> None:
        """Close the connection."""
        self._link.abort_if_stuck(_STUCK_SHARE * _PATIENCE_SECONDS)
        await asyncio.to_thread(self._thread.shutdown)
        self._link.close()

    async def _run(self, work: Callable[[psycopg.Connection[Any]], T]) -> T | None:
        if time.monotonic() < self._away_until:
            return None
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                result = await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work)
        except (psycopg.Error, TimeoutError) as error:
            # Of a server that hangs, the thread would wait for good.
            self._link.abort_if_stuck(_STUCK_SHARE * _PATIENCE_SECONDS)
            if not self._is_away:
                _log.warning(
                    "Limits are not shared with other workers for now: %s", str(error) or "no answer in time"
                )
            self._is_away, self._away_until = True, time.monotonic() + _AWAY_SECONDS
            return None
        if self._is_away:
            _log.warning("Limits are shared with other workers again.")
        self._is_away = False
        return result

    def _work(self, work: Callable[[psycopg.Connection[Any]], T]) -> T:
        self._link.busy_since = time.monotonic()
        try:
            return self._work_and_clean(work)
        finally:
            self._link.busy_since = None

    def _work_and_clean(self, work: Callable[[psycopg.Connection[Any]], T]) -> T:
        connection = self._link.open()
        if time.monotonic() > self._clean_at:
            self._clean_at = time.monotonic() + _CLEANING_SECONDS
            for statement in _CLEAN:
                connection.execute(statement)
        return work(connection)


def _charge(connection: psycopg.Connection[Any], charges: Sequence[Charge]) -> list[float]:
    seconds = _add(connection, charges, 1)
    if any(exceeds(charge, after) for charge, after in zip(charges, seconds, strict=True)):
        _add(connection, charges, -1)
    return seconds


def _add(connection: psycopg.Connection[Any], charges: Sequence[Charge], sign: int) -> list[float]:
    keys, costs = [charge.key for charge in charges], [sign * charge.seconds for charge in charges]
    seconds = {bytes(key): float(after) for key, after in connection.execute(_CHARGE, (keys, costs))}
    return [seconds[key] for key in keys]
