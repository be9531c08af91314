"""How a connection to PostgreSQL is made, and how its errors are told to a person."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import socket
import time
from collections.abc import Mapping
from typing import Any, Final, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict

from feedback.errors import DISK_FULL, StoreError
from feedback.postgresql.statements import adapt_values

OLDEST_SERVER: Final = 13
"""The oldest PostgreSQL that has what the store needs (``pg_current_xact_id``)."""

STATEMENT_SECONDS: Final = {"write": 10, "read": 30}
"""How long the server may work on one statement."""

_IDLE_SECONDS: Final = 20  # that a transaction may wait for its next statement before the server ends it

# The least number that no other connection has. A lock keeps it until the connection ends.
_TAKE_SHARD: Final = """
    SELECT set_config('inkrush.shard', (
        SELECT CAST(number AS TEXT) FROM generate_series(0, 9999) AS number
        WHERE pg_try_advisory_lock(1768843122, number) LIMIT 1
    ), false)
"""

# A server that hangs, or a cable that was cut, is noticed within some ten seconds.
_DEFAULTS: Final[Mapping[str, Any]] = {
    "application_name": "inkrush",
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_REASONS: Final = {
    "08": "the database server cannot be reached",
    "22": "the database refuses a value",
    "25006": "it is read-only",
    "28": "the database server refuses the user or the password",
    "3D": "there is no such database",
    "42501": "the user lacks a right in the database",
    "53100": DISK_FULL,
    "53300": "the database server has no free connection",
    "55P03": "its tables are in use",
    "57014": "it takes too long",
    "57P": "the database server is stopping or starting",
    "XX001": "the data is damaged",
    "XX002": "the data is damaged",
}
# psycopg has no code for an error that comes while it connects, only the server's words. If those are in another
# language, the server counts as one that cannot be reached.
_REFUSALS: Final = (
    (re.compile(r"too many (connections|clients)|remaining connection slots"), _REASONS["53300"]),
    (re.compile(r"authentication failed|no password|role .* does not exist|no pg_hba"), _REASONS["28"]),
    (re.compile(r"database .* does not exist"), _REASONS["3D"]),
    (re.compile(r"permission denied for database"), _REASONS["42501"]),
    (re.compile(r"the database system is"), _REASONS["57P"]),
)

Kind = Literal["read", "write"]

_log = logging.getLogger(__name__)


class Address:
    """Where a database is. Its text never contains the password."""

    def __init__(self, url: str) -> None:
        """Parse a ``postgresql://`` address.

        Raises:
            StoreError: if it cannot be parsed. The text does not repeat it, since it may hold a password.
        """
        try:
            self.parameters: Final = {**_DEFAULTS, **conninfo_to_dict(url)}
        except psycopg.Error:
            raise _make_address_error() from None
        # A password with an unescaped slash or @ ends up in the other parts.
        port, name = (str(self.parameters.get(key, "")) for key in ("port", "dbname"))
        if "@" in name or not re.fullmatch(r"[\d,]*", port):
            raise _make_address_error()

    def __str__(self) -> str:
        host = self.parameters.get("host") or os.environ.get("PGHOST", "localhost")
        port = self.parameters.get("port") or os.environ.get("PGPORT", "5432")
        name = self.parameters.get("dbname") or os.environ.get("PGDATABASE", "")
        return f"PostgreSQL {host}:{port}/{name}"


def _make_address_error() -> StoreError:
    return StoreError(
        "The store's address cannot be used: it must be postgresql://USER:PASSWORD@HOST:PORT/DATABASE, "
        "with special characters of the password written as %XX."
    )


def connect(address: Address, kind: Kind) -> psycopg.Connection[Any]:
    """Connect. The connection is in autocommit mode: who wants a transaction begins one.

    Raises:
        psycopg.Error: if that is not possible.
    """
    connection: psycopg.Connection[Any] = psycopg.connect(**address.parameters, autocommit=True)
    try:
        adapt_values(connection)
        connection.execute(
            f"SET statement_timeout = '{STATEMENT_SECONDS[kind]}s';"
            f"SET idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s';"
            "SET default_transaction_isolation = 'read committed';"
            f"SET default_transaction_read_only = {'on' if kind == 'read' else 'off'};"
            # A server may be set to confirm a commit before it is on disk.
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off';" + (_TAKE_SHARD if kind == "write" else "")
        )
    except BaseException:
        connection.close()
        raise
    return connection


class Link:
    """A connection of one thread, made anew after it was lost.

    Attributes:
        busy_since: when the thread last asked the server for something (`time.monotonic`); None if it is idle.
    """

    def __init__(self, address: Address, kind: Kind) -> None:
        self._address = address
        self._kind: Kind = kind
        self._connection: psycopg.Connection[Any] | None = None
        self.busy_since: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as is known."""
        return self._connection is not None and not self._connection.closed

    def open(self) -> psycopg.Connection[Any]:
        """Return the connection.

        Raises:
            psycopg.Error: if there is none and none can be made.
        """
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._address, self._kind)
        return self._connection

    def note_statement(self) -> None:
        """Note that a statement begins."""
        self.busy_since = time.monotonic()

    def close(self) -> None:
        """Close the connection. The next `open` makes another."""
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def abort_if_stuck(self, seconds: float) -> None:
        """Cut the connection if the thread has waited for the server for so long. Called from another thread."""
        since, connection = self.busy_since, self._connection
        if since is None or connection is None or time.monotonic() - since < seconds:
            return
        _log.error("%s has not answered for %.0f s. The connection is cut.", self._address, seconds)
        with (
            contextlib.suppress(psycopg.Error, OSError),
            socket.socket(fileno=os.dup(connection.fileno())) as copy,
        ):
            copy.shutdown(socket.SHUT_RDWR)


def is_lost(error: Exception, connection: psycopg.Connection[Any] | None) -> bool:
    """Return whether an error means that there is no connection any more."""
    return isinstance(error, psycopg.OperationalError) and (connection is None or connection.closed)


def is_damage(error: Exception) -> bool:
    """Return whether the server has met damaged data."""
    return isinstance(error, psycopg.errors.DataCorrupted | psycopg.errors.IndexCorrupted)


def explain_error(error: Exception, address: Address) -> StoreError:
    """Return an error of psycopg in words, without the password."""
    state = getattr(error, "sqlstate", None)
    reason = next((_REASONS[state[:length]] for length in (5, 3, 2) if state and state[:length] in _REASONS), None)
    if reason is None and isinstance(error, psycopg.OperationalError) and not state:
        refusals = (refusal for words, refusal in _REFUSALS if words.search(str(error)))
        reason = next(refusals, _REASONS["08"])
    diagnosis = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    details = _redact(diagnosis or " ".join(str(error).split()), address)
    if reason is None:
        return StoreError(f"The store in {address} reports an error: {details}", "it reports an error")
    return StoreError(f"The store in {address} cannot be used: {reason} ({details}).", reason)


def _redact(text: str, address: Address) -> str:
    password = address.parameters.get("password")
    return text.replace(str(password), "…") if password else text
