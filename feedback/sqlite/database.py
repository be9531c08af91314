"""An SQLite file with one thread that writes and some that read. A write is on disk when it returns."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, cast

from feedback.database import wait_for_write
from feedback.errors import DISK_FULL, StoreError
from feedback.sql import Connection, Work
from feedback.sqlite.connection import connect, explain_error, get_primary_code
from feedback.sqlite.files import FileFault, Identity, StoreFiles, identify, make_private
from feedback.sqlite.readers import READERS, Readers
from feedback.sqlite.rescue import rescue_database
from feedback.sqlite.schema import LATEST, migrate
from feedback.sqlite.startup_check import require_sound_store
from feedback.write_queue import Write, WriteQueue

T = TypeVar("T")

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_GONE: Final = FileFault("the file is gone", is_in_log=False)

_log = logging.getLogger(__name__)


class SqliteDatabase:
    """Run functions that take a connection, in threads. Open one with `open_sqlite`.

    No write is confirmed whose file was removed or replaced. If the same file comes back, writes go on:

    - If only the write-ahead log is gone, what it held is still in our hands: it is written to the database, and
      a new log is begun. Nothing is lost.
    - If the database itself is gone, or another file is in its place, all of it is copied once to a new file
      beside it. Writes stay refused until the database, or that copy, is at the path. Another database is not
      opened in its place, even if it is valid: the running games and the mirror belong to the old one, and which
      of the two is right is for a person to say. A restart opens it, after the checks of every start.

    Attributes:
        path: the file.
        damage: the first sign of damage that a read or a write has met; None so far.
        full_at: when a write last found the disk full (`time.monotonic`); None if none did so far.
    """

    def __init__(self, path: Path, writer: sqlite3.Connection, readers: Sequence[sqlite3.Connection]) -> None:
        self.path = path
        self.damage: StoreError | None = None
        self.full_at: float | None = None
        self._writer = writer
        self._readers = Readers(readers)
        self._are_connected = True
        self._files = StoreFiles(path)
        self._files.remember()
        self._fault: FileFault | None = None
        self._rescued: tuple[Path, Identity | None] | None = None  # the copy, if the file is gone
        self._has_tried_rescue = False
        self._writes = WriteQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._write_all, name="store-writer", daemon=True)
        self._thread.start()

    async def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction, and return its result once the changes are on disk.

        If ``work`` raises an error, only its own changes are undone, and the error is raised here. If the caller
        is cancelled, the write still takes place.

        Raises:
            StoreError: if the write failed, or too many writes are waiting.
        """
        if self._closed:
            raise StoreError("The store is closed.", "it is closed")
        return cast("T", await wait_for_write(self._writes.put(work)))

    async def read(self, work: Work[T]) -> T:
        """Run ``work``, which must not write, and return its result.

        Raises:
            StoreError: if reading failed.
        """
        if self._closed:
            raise StoreError("The store is closed.", "it is closed")
        try:
            return await self._readers.run(work)
        except StoreError as error:  # what a row holds makes no sense
            self.damage = self.damage or error
            raise
        except sqlite3.Error as error:
            raise self._explain(error) from error

    async def read_settled_sequence(self) -> int:
        """Return the greatest sequence: with one writer, rounds appear in the order of their sequences."""
        return await self.read(_read_last_sequence)

    async def require_sound(self) -> None:
        """Return if a short check finds no damage.

        Raises:
            StoreError: if there is some; the message says what to do.
        """
        await asyncio.to_thread(require_sound_store, self.path)

    async def describe(self) -> str:
        """Return where the file is, how large it is, and the version of its tables."""
        return f"{self.path}: {self.path.stat().st_size / 1e6:.1f} MB, tables of version {LATEST}"

    async def scrub(self) -> None:
        """Empty the write-ahead log, a second file that still holds data deleted from the first.

        If another process keeps using it, the log stays until the next call, or until the database is closed.
        """
        await asyncio.to_thread(_empty_log, self.path)

    async def close(self) -> None:
        """Finish the waiting writes, then close the file. Closing again does nothing."""
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._finish)

    def _finish(self) -> None:
        self._writes.close()
        self._thread.join()
        if not self._rescued and self._files.is_gone():
            self._rescue()
        with self._files.keep_foreign_log():
            self._readers.close()
            self._writer.close()

    def _write_all(self) -> None:
        are_many = False
        while batch := self._writes.take(gather=are_many):
            self._commit(batch)
            are_many = len(batch) > 1

    def _commit(self, batch: list[Write]) -> None:
        """Run the writes in one transaction and hand each caller the result or the error."""
        results: list[tuple[Any, Exception | None]]
        try:
            self._require_files()
            results = self._run_transaction(batch)
            self._require_files()  # a commit to a file that is gone also succeeds
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):  # some failures have rolled back already
                self._writer.execute("ROLLBACK")
            # The file is at fault, not one of the writes: retrying them one by one would only repeat the wait.
            results = [(None, self._explain(error)) for _ in batch]
        except StoreError as error:
            results = [(None, error) for _ in batch]
        for write, (value, failure) in zip(batch, results, strict=True):
            if failure is None:
                write.done.set_result(value)
            else:
                write.done.set_exception(failure)
        if self._fault and not self._has_tried_rescue and self._files.is_gone():
            self._rescue()

    def _run_transaction(self, batch: list[Write]) -> list[tuple[Any, Exception | None]]:
        """Run the writes in one transaction and return each result or error. Only a failed write is undone."""
        results: list[tuple[Any, Exception | None]] = []
        self._writer.execute("BEGIN IMMEDIATE")
        for write in batch:
            self._writer.execute("SAVEPOINT write_")
            try:
                results.append((write.work(self._writer), None))
            except Exception as failure:
                is_sqlite = isinstance(failure, sqlite3.Error)
                if is_sqlite and not self._writer.in_transaction:
                    raise  # SQLite has undone the whole transaction, as it may on a full disk
                self._writer.execute("ROLLBACK TO write_")
                results.append((None, self._explain(failure) if is_sqlite else failure))
            self._writer.execute("RELEASE write_")
        self._writer.execute("COMMIT")
        return results

    def _require_files(self) -> None:
        """Return if the files are in their places, or could be brought back there.

        Raises:
            StoreError: if they are not.
        """
        fault = self._files.find_fault()
        if fault and self._recover(fault):
            fault = None
        if fault and fault != self._fault:
            _log.error("The store %s: %s. Nothing more is stored.", self.path, fault.reason)
        elif self._fault and not fault:
            _log.warning("The store %s is in its place again. Everything is stored again.", self.path)
            if self._rescued:  # not needed any more, and nobody would delete a player's data there
                self._rescued[0].unlink(missing_ok=True)
            self._rescued, self._has_tried_rescue = None, False
        self._fault = fault
        if fault:
            raise self._explain_fault(fault)

    def _recover(self, fault: FileFault) -> bool:
        """Return whether the database could be opened again, with everything that was confirmed."""
        try:
            if fault.is_in_log:
                if self._are_connected:
                    is_busy, *_ = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                    if is_busy:
                        return False
            elif self._rescued is None or identify(self.path) != self._rescued[1]:
                return False
            self._disconnect()
            self._connect()
        except (OSError, sqlite3.Error) as error:
            _log.error("The store %s cannot be opened again: %s.", self.path, error)
            return False
        return True

    def _rescue(self) -> None:
        """Copy everything to a new file beside the path. Writes that arrive meanwhile are refused."""
        self._has_tried_rescue = True
        try:
            self._rescued = rescue_database(self._writer, self.path, self._refuse_waiting)
            self._files.remove_own_log()
        except (OSError, sqlite3.Error) as error:
            _log.error("What the store %s held could not be copied: %s.", self.path, error)
        else:
            _log.error("All the store held is in %s. Rename it to %s to go on.", self._rescued[0], self.path.name)

    def _refuse_waiting(self) -> None:
        self._writes.refuse_waiting(self._explain_fault(self._fault or _GONE))

    def _disconnect(self) -> None:
        self._are_connected = False
        with self._files.keep_foreign_log():
            self._readers.disconnect()
            self._writer.close()

    def _connect(self) -> None:
        """Open the file again, after `_disconnect`."""
        self._writer, readers = _connect_all(self.path, "rw")
        self._readers.reconnect(readers)
        self._files.remember()
        self._are_connected = True

    def _explain_fault(self, fault: FileFault) -> StoreError:
        return StoreError(f"The store {self.path} cannot be used: {fault.reason}.", fault.reason)

    def _explain(self, error: Exception) -> StoreError:
        explained = explain_error(error, self.path)
        if get_primary_code(error) in _DAMAGED and self.damage is None:
            self.damage = explained
        if explained.reason == DISK_FULL:
            self.full_at = time.monotonic()
        return explained


async def open_sqlite(path: Path) -> SqliteDatabase:
    """Open the file ``path``, or create it, and bring its tables up to date.

    Raises:
        StoreError: if that is not possible; the message says why.
    """
    return await asyncio.to_thread(_open, path)


def _open(path: Path) -> SqliteDatabase:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {path.parent} cannot be created: {error.strerror}.") from error
    try:
        make_private(path)
        return SqliteDatabase(path, *_connect_all(path, "rwc"))
    except OSError as error:
        raise StoreError(f"The store {path} cannot be created: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise explain_error(error, path) from error


def _connect_all(path: Path, mode: Literal["rw", "rwc"]) -> tuple[sqlite3.Connection, list[sqlite3.Connection]]:
    """Return a connection that writes and those that read, with the tables up to date."""
    connections = [connect(path, mode)]
    try:
        migrate(connections[0])
        for _ in range(READERS):
            connections.append(connect(path))
            connections[-1].execute("PRAGMA query_only = ON")
    except BaseException:
        for connection in connections:
            connection.close()
        raise
    return connections[0], connections[1:]


def _read_last_sequence(connection: Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(sequence), 0) FROM rounds").fetchone()[0])


def _empty_log(path: Path) -> None:
    # On a connection of its own, since this is not possible within a transaction of the writer.
    with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(path)) as connection:
        # This one copies the log while others write; the other one holds them up, but has little left to copy.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
