"""A transaction of another process that has taken a low sequence and is committed late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from feedback.database_rows import insert_round
from feedback.postgresql.connection import Address, connect
from feedback.postgresql.statements import StoreConnection
from feedback.records import Round


@contextmanager
def open_transaction(url: str, *rounds: Round) -> Iterator[psycopg.Connection]:
    """Insert rounds, and commit them at the end."""
    with connect(Address(url), "write") as connection:
        connection.execute("BEGIN")
        for round_ in rounds:
            insert_round(StoreConnection(connection), round_)
        yield connection
        connection.execute("COMMIT")
