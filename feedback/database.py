"""An SQLite file with one writing thread, whose writes are on disk when they return, and one reading thread."""

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

_QUEUED: Final = 1024  # writes that may wait; more means that the disk does not keep up
_BATCH: Final = 256  # writes that share one commit, and so one wait for the disk
_LOCK_SECONDS: Final = 5.0  # how long to wait for another process, such as an export


@dataclass(slots=True)
class _Write:
    work: Work[Any]
    done: Future[Any] = field(default_factory=Future)


class Database:
    """Runs functions of a connection in threads. Open it with `open_database`."""

    def __init__(self, path: Path, writer: sqlite3.Connection, reader: sqlite3.Connection) -> None:
        self.path = path
        self._writer, self._reader = writer, reader
        self._writes: queue.Queue[_Write | None] = queue.Queue(_QUEUED)
        self._closed = False
        self._thread = threading.Thread(target=self._write_all, name="store-writer", daemon=True)
        self._thread.start()
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="store-reader")

    async def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction and return what it does once that is durable.

        An error that ``work`` raises undoes its changes alone, and is raised here. A caller that is cancelled
        does not take its write back.

        Raises:
            StoreError: if it could not be written, or too many writes are waiting.
        """
        if self._closed:
            raise StoreError("The store is closed.")
        write = _Write(work)
        try:
            self._writes.put_nowait(write)
        except queue.Full:
            raise StoreError("Too much is waiting to be stored. Try again in a moment.") from None
        return cast("T", await asyncio.shield(asyncio.wrap_future(write.done)))

    async def read(self, work: Work[T]) -> T:
        """Run ``work``, which must not write, and return what it does.

        Raises:
            StoreError: if it could not be read.
        """
        if self._closed:
            raise StoreError("The store is closed.")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, work, self._reader)
        except sqlite3.Error as error:
            raise _explained(error, self.path) from error

    async def scrub(self) -> None:
        """Have nothing of what was deleted left in the log beside the file, which repeats what was last written.

        Where another process holds it all the while, the log stays until the next time, or until it is closed.
        """
        await asyncio.to_thread(_empty_log, self.path)

    async def close(self) -> None:
        """Finish what is queued, then close the file; more than once does no more."""
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
            last = False
            with contextlib.suppress(queue.Empty):
                while len(batch) < _BATCH and not last:
                    further = self._writes.get_nowait()
                    last = further is None
                    batch += [further] if further else []
            self._commit(batch)
            if last:
                return

    def _commit(self, batch: list[_Write]) -> None:
        """Run the writes in one transaction and tell each of their callers what came of it."""
        try:
            results = self._attempt(batch)
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):  # some failures have rolled back already
                self._writer.execute("ROLLBACK")
            # The file is to blame, not one of the writes: another try each would only wait for it as many times.
            results = [(None, _explained(error, self.path)) for _ in batch]
        for write, (value, failure) in zip(batch, results, strict=True):
            if failure is None:
                write.done.set_result(value)
            else:
                write.done.set_exception(failure)

    def _attempt(self, batch: list[_Write]) -> list[tuple[Any, Exception | None]]:
        """Run the writes in one transaction; what fails in one of them undoes that one alone."""
        results: list[tuple[Any, Exception | None]] = []
        self._writer.execute("BEGIN IMMEDIATE")
        for write in batch:
            self._writer.execute("SAVEPOINT one")
            try:
                results.append((write.work(self._writer), None))
            except Exception as failure:
                is_sqlite = isinstance(failure, sqlite3.Error)
                if is_sqlite and not self._writer.in_transaction:
                    raise  # SQLite has undone all of it, as it may on a full disk
                self._writer.execute("ROLLBACK TO one")
                results.append((None, _explained(failure, self.path) if is_sqlite else failure))
            self._writer.execute("RELEASE one")
        self._writer.execute("COMMIT")
        return results


async def open_database(path: Path) -> Database:
    """Open the file ``path``, made if it is not there, and bring its tables up to date.

    Raises:
        StoreError: if that is not possible; the text says why.
    """
    return await asyncio.to_thread(_opened, path)


def _opened(path: Path) -> Database:
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
        raise StoreError(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise _explained(error, path) from error
    return Database(path, writer, reader)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_LOCK_SECONDS)
    try:
        _log_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        # What is deleted is overwritten: drawings do not stay readable in the file's free space.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging, waiting for others that do so: SQLite's own timeout does not hold here."""
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
    # On a connection of its own: it must not be within a transaction, and the writer's thread always may be.
    with contextlib.suppress(sqlite3.Error), contextlib.closing(_connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _explained(error: Exception, path: Path) -> StoreError:
    reasons = {
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_BUSY: "another process holds it",
        sqlite3.SQLITE_READONLY: "it may only be read",
        sqlite3.SQLITE_CANTOPEN: "the file cannot be opened or made",
        sqlite3.SQLITE_NOTADB: "the file is no SQLite database",
        sqlite3.SQLITE_CORRUPT: "the file is damaged",
        sqlite3.SQLITE_IOERR: "the disk does not answer as it should",
    }
    # The low byte is the kind of error, what stands above it the detail.
    reason = reasons.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
    if reason is None:
        return StoreError(f"The store {path} refused this: {error}.")
    return StoreError(f"The store {path} cannot be used: {reason}.")
