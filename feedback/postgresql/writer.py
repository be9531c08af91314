"""Threads that write to PostgreSQL. Writes that wait together share a transaction and its wait for the disk."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import psycopg
from psycopg import errors

from feedback.errors import StoreError
from feedback.postgresql.connection import Link, is_lost
from feedback.postgresql.statements import StoreConnection
from feedback.write_queue import Write, WriteQueue

_TRIES: Final = 6  # of a transaction that others have crossed
_PAUSE_SECONDS: Final = 0.1  # before the second; each is twice as long as the one before

# Two transactions waited for each other, or one saw what the other has changed meanwhile. The last means that
# a plan of ours is stale, after a newer version of Inkrush has added a column.
_CROSSED: Final = (
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.FeatureNotSupported,
)

_log = logging.getLogger(__name__)


class _OutcomeUnknown(Exception):
    """The connection was lost while the transaction was committed."""


class Writer:
    """One thread with one connection, which takes writes from a queue that it shares with others."""

    def __init__(
        self, name: str, link: Link, writes: WriteQueue, explain: Callable[[Exception], StoreError]
    ) -> None:
        self.link: Final = link
        self._writes = writes
        self._explain = explain
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait for the thread to end: it does so once the queue is closed."""
        self._thread.join()

    def _run(self) -> None:
        are_many = False
        while batch := self._writes.take(gather=are_many):
            self.link.note_statement()
            self._commit(batch)
            self.link.busy_since = None
            are_many = len(batch) > 1
        self.link.close()

    def _commit(self, batch: list[Write]) -> None:
        """Run the writes and hand each caller the result or the error."""
        try:
            results = self._run_until_done(batch)
        except (psycopg.Error, _OutcomeUnknown) as error:
            results = [(None, error) for _ in batch]
        for write, (value, failed) in zip(batch, results, strict=True):
            if failed is None:
                write.done.set_result(value)
            else:
                write.done.set_exception(self._translate(failed))

    def _translate(self, error: Exception) -> Exception:
        cause = error.__cause__ if isinstance(error, _OutcomeUnknown) else error
        return self._explain(cause) if isinstance(cause, psycopg.Error) else error

    def _run_until_done(self, batch: list[Write]) -> list[tuple[Any, Exception | None]]:
        """Run the writes in one transaction; if others have crossed it, again, each in its own.

        A lost connection is made anew once: a server that was restarted meanwhile is not worth an error.
        """
        for attempt in range(1, _TRIES + 1):
            was_open = self.link.is_open
            try:
                return self._run_transaction(self.link.open(), batch)
            except psycopg.Error as error:
                if self.link.is_open:
                    self._roll_back()
                    if attempt == _TRIES or not isinstance(error, _CROSSED):
                        raise
                elif attempt > 1 or not was_open:
                    raise
                else:
                    continue
                if isinstance(error, errors.FeatureNotSupported):
                    self.link.close()  # and with it all its plans
            if len(batch) > 1:
                return [self._run_alone(write) for write in batch]
            # Long enough for the other transaction to end, and of random length, so that two do not meet again.
            time.sleep(_PAUSE_SECONDS * 2 ** (attempt - 1) * random.uniform(0.5, 1))  # noqa: S311 (not a secret)
        raise AssertionError

    def _run_alone(self, write: Write) -> tuple[Any, Exception | None]:
        try:
            return self._run_until_done([write])[0]
        except (psycopg.Error, _OutcomeUnknown) as error:
            return None, error

    def _run_transaction(
        self, connection: psycopg.Connection[Any], batch: list[Write]
    ) -> list[tuple[Any, Exception | None]]:
        """Run the writes in one transaction and return each result or error. Only a failed write is undone.

        Raises:
            psycopg.Error: if all of them are undone.
            _OutcomeUnknown: if the connection was lost at the end. Then the callers have to ask, or write again.
        """
        results: list[tuple[Any, Exception | None]] = []
        connection.execute("BEGIN; SAVEPOINT write_")
        for number, write in enumerate(batch, 1):
            results.append(self._run_write(connection, write))
            if number < len(batch):
                connection.execute("RELEASE write_; SAVEPOINT write_")
        try:
            connection.execute("COMMIT")
        except psycopg.OperationalError as error:
            if is_lost(error, connection):
                raise _OutcomeUnknown from error
            raise
        return results

    def _run_write(self, connection: psycopg.Connection[Any], write: Write) -> tuple[Any, Exception | None]:
        for attempt in range(1, _TRIES + 1):
            try:
                return write.work(StoreConnection(connection, self.link.note_statement)), None
            except Exception as failure:
                if connection.closed or isinstance(failure, _CROSSED):
                    raise
                connection.execute("ROLLBACK TO write_")
                # Another transaction may have added a row that refers to one that this write deletes.
                if attempt == _TRIES or not isinstance(failure, errors.ForeignKeyViolation):
                    return None, failure
        raise AssertionError

    def _roll_back(self) -> None:
        try:
            self.link.open().execute("ROLLBACK")
        except psycopg.Error:
            self.link.close()
