"""A PostgreSQL database with some threads that write and some that read. A write is on disk when it returns."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar, cast

import psycopg

from feedback.database import wait_for_write
from feedback.database_rows import read_newest
from feedback.errors import DISK_FULL, StoreError
from feedback.postgresql.connection import (
    OLDEST_SERVER,
    STATEMENT_SECONDS,
    Address,
    Link,
    connect,
    explain_error,
    is_damage,
)
from feedback.postgresql.schema import LATEST, migrate
from feedback.postgresql.settled import SettledSequence
from feedback.postgresql.statements import StoreConnection
from feedback.postgresql.writer import Writer
from feedback.sql import Work
from feedback.write_queue import WriteQueue

T = TypeVar("T")

READERS: Final = 4
WRITERS: Final = 2
CONNECTIONS: Final = READERS + WRITERS
"""A process has so many connections at most, and one more while it opens the store."""

_PATIENCE_SECONDS: Final = {kind: seconds + 10 for kind, seconds in STATEMENT_SECONDS.items()}
"""How long a thread waits for the server before its connection counts as dead."""

_log = logging.getLogger(__name__)


class PostgresqlDatabase:
    """Runs functions that take a connection, in threads. Open one with `open_postgresql`.

    While the server is away, reads and writes fail at once, and the next ones connect again. If the connection was
    lost while a transaction was committed, the write fails and may have taken place all the same.

    Attributes:
        damage: the first sign of damage that a read or a write has met; None so far.
        full_at: when a write last found the disk full (`time.monotonic`); None if none did so far.
    """

    def __init__(self, address: Address) -> None:
        self.damage: StoreError | None = None
        self.full_at: float | None = None
        self._address = address
        self._is_closing = False
        self._is_finished = threading.Event()
        self._writes = WriteQueue()
        self._writers = [
            Writer(f"store-writer-{number}", Link(address, "write"), self._writes, self._explain)
            for number in range(WRITERS)
        ]
        self._read_links = [Link(address, "read") for _ in range(READERS)]
        self._idle_links: queue.SimpleQueue[Link] = queue.SimpleQueue()
        for link in self._read_links:
            self._idle_links.put(link)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._settled = SettledSequence(self.read)
        threading.Thread(target=self._watch, name="store-watchdog", daemon=True).start()

    async def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction, and return its result once the changes are on disk.

        If ``work`` raises an error, only its own changes are undone, and the error is raised here. ``work`` may be
        called again if other transactions have crossed this one. If the caller is cancelled, the write still takes
        place.

        Raises:
            StoreError: if the write failed, or too many writes are waiting.
        """
        if self._is_closing:
            raise StoreError("The store is closed.", "it is closed")
        return cast("T", await wait_for_write(self._writes.put(work)))

    async def read(self, work: Work[T]) -> T:
        """Run ``work``, which must not write, and return its result.

        Raises:
            StoreError: if reading failed.
        """
        if self._is_closing:
            raise StoreError("The store is closed.", "it is closed")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)
        except StoreError as error:  # what a row holds makes no sense
            self.damage = self.damage or error
            raise
        except psycopg.Error as error:
            raise self._explain(error) from error

    async def read_settled_sequence(self) -> int:
        """Return a sequence up to which all rounds can be read: none with a lower one can appear any more.

        Raises:
            StoreError: if reading failed.
        """
        return await self._settled.read()

    async def require_sound(self) -> None:
        """Return if the newest rounds and games can be read.

        Raises:
            StoreError: if they cannot.
        """
        (fsync,) = await self.read(lambda connection: connection.execute("SHOW fsync").fetchone())
        if fsync == "off":
            _log.warning("%s does not wait for its disk (fsync = off): a power cut loses data.", self._address)
        await self.read(read_newest)

    async def describe(self) -> str:
        """Return where the database is, how large it is, and the versions of its server and its tables."""
        query = "SELECT pg_database_size(current_database()) AS bytes, current_setting('server_version') AS server"
        row = await self.read(lambda connection: connection.execute(query).fetchone())
        return f"{self._address}: {row['bytes'] / 1e6:.1f} MB, server {row['server']}, tables of version {LATEST}"

    async def scrub(self) -> None:
        """Do nothing: the server's autovacuum frees the room of what was deleted."""

    async def close(self) -> None:
        """Finish the waiting writes, then close the connections. Closing again does nothing."""
        if not self._is_closing:
            self._is_closing = True
            await asyncio.to_thread(self._finish)

    def _finish(self) -> None:
        for _ in self._writers:
            self._writes.close()
        for writer in self._writers:
            writer.join()
        self._readers.shutdown()
        for link in self._read_links:
            link.close()
        self._is_finished.set()

    def _read(self, work: Work[T]) -> T:
        link = self._idle_links.get()
        link.note_statement()
        try:
            return _read_with(link, work)
        finally:
            link.busy_since = None
            self._idle_links.put(link)

    def _watch(self) -> None:
        """Cut connections to a server that does not answer, so that those who wait hear of it."""
        while not self._is_finished.wait(1):
            for link in self._read_links:
                link.abort_if_stuck(_PATIENCE_SECONDS["read"])
            for writer in self._writers:
                writer.link.abort_if_stuck(_PATIENCE_SECONDS["write"])

    def _explain(self, error: Exception) -> StoreError:
        explained = explain_error(error, self._address)
        if is_damage(error):
            self.damage = self.damage or explained
        if explained.reason == DISK_FULL:
            self.full_at = time.monotonic()
        return explained


def _read_with(link: Link, work: Work[T]) -> T:
    """Run a read, again on a new connection if the old one was lost meanwhile or has stale plans."""
    was_open = link.is_open
    try:
        return work(StoreConnection(link.open(), link.note_statement))
    except psycopg.errors.FeatureNotSupported:  # after a newer version of Inkrush has added a column
        link.close()
    except psycopg.OperationalError:
        if link.is_open or not was_open:
            raise
    return work(StoreConnection(link.open(), link.note_statement))


async def open_postgresql(url: str) -> PostgresqlDatabase:
    """Open the database at a ``postgresql://`` address and bring its tables up to date.

    Raises:
        StoreError: if that is not possible; the message says why.
    """
    address = Address(url)
    await asyncio.to_thread(_prepare, address)
    return PostgresqlDatabase(address)


def _prepare(address: Address) -> None:
    try:
        with connect(address, "write") as connection:
            if connection.info.server_version < OLDEST_SERVER * 10_000:
                raise StoreError(f"{address} is too old: Inkrush needs PostgreSQL {OLDEST_SERVER} or later.")
            migrate(connection)
    except psycopg.Error as error:
        raise explain_error(error, address) from error
