"""An SQLite file with one thread that writes and one that reads. A write is on disk when it returns."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from feedback.errors import StoreError
from feedback.schema import migrate

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_MAX_WAITING: Final = 1024  # writes; more would mean that the disk cannot keep up
_BATCH: Final = 256  # writes that share one commit, and so one wait for the disk
_LOCK_SECONDS: Final = 5.0  # how long to wait for another process, such as an export


@dataclass(slots=True)
class _Write:
    work: Work[Any]
    done: Future[Any] = field(default_factory=Future)


class Database:
    """Run functions that take a connection, in threads. Open one with `open_database`."""

    def __init__(self, path: Path, writer: sqlite3.Connection, reader: sqlite3.Connection) -> None:
        self.path = path
        self._writer, self._reader = writer, reader
        self._writes: queue.Queue[_Write | None] = queue.Queue(_MAX_WAITING)
        self._closed = False
        self._thread = threading.Thread(target=self._write_all, name="store-writer", daemon=True)
        self._thread.start()
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="store-reader")

    async def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction, and return its result once the changes are on disk.

        If ``work`` raises an error, only its own changes are undone, and the error is raised here. If the caller
        is cancelled, the write still takes place.

        Raises:
            StoreError: if the write failed, or too many writes are waiting.
        """
        if self._closed:
            raise StoreError("The store is closed.")
        write = _Write(work)
        try:
            self._writes.put_nowait(write)
        except queue.Full:
            raise StoreError("Too many writes are waiting. Try again in a moment.") from None
        return cast("T", await asyncio.shield(asyncio.wrap_future(write.done)))

    async def read(self, work: Work[T]) -> T:
        """Run ``work``, which must not write, and return its result.

        Raises:
            StoreError: if reading failed.
        """
        if self._closed:
            raise StoreError("The store is closed.")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, work, self._reader)
        except sqlite3.Error as error:
            raise _explain(error, self.path) from error

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
        self._writes.put(None)
        self._thread.join()
        self._reading.shutdown()
        self._reader.close()
        self._writer.close()

    def _write_all(self) -> None:
        while (write := self._writes.get()) is not None:
            batch = [write]
            is_last = False
            with contextlib.suppress(queue.Empty):
                while len(batch) < _BATCH and not is_last:
                    next_write = self._writes.get_nowait()
                    is_last = next_write is None
                    batch += [next_write] if next_write else []
            self._commit(batch)
            if is_last:
                return

    def _commit(self, batch: list[_Write]) -> None:
        """Run the writes in one transaction and hand each caller the result or the error."""
        try:
            results = self._run_transaction(batch)
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):  # some failures have rolled back already
                self._writer.execute("ROLLBACK")
            # The file is at fault, not one of the writes: retrying them one by one would only repeat the wait.
            results = [(None, _explain(error, self.path)) for _ in batch]
        for write, (value, failure) in zip(batch, results, strict=True):
            if failure is None:
                write.done.set_result(value)
            else:
                write.done.set_exception(failure)

    def _run_transaction(self, batch: list[_Write]) -> list[tuple[Any, Exception | None]]:
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
                results.append((None, _explain(failure, self.path) if is_sqlite else failure))
            self._writer.execute("RELEASE write_")
        self._writer.execute("COMMIT")
        return results


async def open_database(path: Path) -> Database:
    """Open the file ``path``, or create it, and bring its tables up to date.

    Raises:
        StoreError: if that is not possible; the message says why.
    """
    return await asyncio.to_thread(_open, path)


def _open(path: Path) -> Database:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer = _connect(path)
        try:
            migrate(writer)
            reader = _connect(path)
            reader.execute("PRAGMA query_only = ON")
        except BaseException:
            writer.close()
            raise
    except OSError as error:
        raise StoreError(f"The folder {path.parent} cannot be created: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise _explain(error, path) from error
    return Database(path, writer, reader)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_LOCK_SECONDS)
    try:
        _enable_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous = FULL")
        # Deleted data is overwritten, so that drawings do not stay readable in the free space of the file.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def _enable_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; wait for other processes that do so. SQLite's own timeout does not apply."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _empty_log(path: Path) -> None:
    # On a connection of its own, since this is not possible within a transaction of the writer.
    with contextlib.suppress(sqlite3.Error), contextlib.closing(_connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _explain(error: Exception, path: Path) -> StoreError:
    reasons = {
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_BUSY: "another process is using it",
        sqlite3.SQLITE_READONLY: "it is read-only",
        sqlite3.SQLITE_CANTOPEN: "the file cannot be opened or created",
        sqlite3.SQLITE_NOTADB: "the file is not an SQLite database",
        sqlite3.SQLITE_CORRUPT: "the file is damaged",
        sqlite3.SQLITE_IOERR: "the disk reports an error",
    }
    # The low byte is the kind of error; the bytes above it are details.
    reason = reasons.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
    if reason is None:
        return StoreError(f"The store {path} reports an error: {error}.")
    return StoreError(f"The store {path} cannot be used: {reason}.")
