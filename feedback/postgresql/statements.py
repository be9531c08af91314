"""Turns the store's statements into those of psycopg, and psycopg's rows into those of `feedback.sql`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import psycopg
from psycopg.adapt import Buffer, Dumper, Loader

from feedback.sql import Cursor, Values

# Quoted text and casts are matched so that nothing within them is taken for a placeholder.
_TOKEN: Final = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|::|:([A-Za-z_]\w*)|\?|%")
_PORTION: Final = 1000  # rows that are sent before the answers are read
_INT8: Final = 20  # the number of PostgreSQL's type BIGINT


@lru_cache(maxsize=1024)
def translate_placeholders(statement: str) -> str:
    """Return a statement with psycopg's placeholders instead of ``?`` and ``:name``."""
    return _TOKEN.sub(_translate_token, statement)


def _translate_token(token: re.Match[str]) -> str:
    if name := token[1]:
        return f"%({name})s"
    return "%s" if token[0] == "?" else token[0].replace("%", "%%")


class StoreConnection:
    """A `feedback.sql.Connection` on a connection of psycopg."""

    def __init__(self, connection: psycopg.Connection[Any], begin: Callable[[], None] = lambda: None) -> None:
        """Use a connection; ``begin`` is called before each statement."""
        self._connection = connection
        self._begin = begin

    def execute(self, sql: str, values: Values = (), /) -> Cursor:
        """Run a statement and return its result."""
        self._begin()
        return self._connection.execute(translate_placeholders(sql), values)

    def executemany(self, sql: str, rows: Iterable[Values], /) -> None:
        """Run a statement once for each of ``rows``, without waiting for each answer."""
        statement = translate_placeholders(sql)
        waiting = iter(rows)
        while portion := list(islice(waiting, _PORTION)):
            self._begin()
            self._connection.cursor().executemany(statement, portion)


def make_row(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Any]:
    """Return what makes the rows of a result. This is a row factory of psycopg."""
    return _make_row_class(tuple(column.name for column in cursor.description or ()))


@lru_cache(maxsize=256)
def _make_row_class(names: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(name, place)  # of columns of the same name, the first counts, as in SQLite

    class Row(tuple[Any, ...]):
        """A `feedback.sql.Row`."""

        __slots__ = ()

        def __getitem__(self, key: Any, /) -> Any:
            return tuple.__getitem__(self, places[key] if isinstance(key, str) else key)

        def keys(self) -> list[str]:
            """Return the names of the columns."""
            return list(names)

    return Row


class _FlagDumper(Dumper):
    """Sends flags as the integers that their columns hold."""

    oid = _INT8

    def dump(self, obj: Any) -> Buffer:
        return b"1" if obj else b"0"


class _NumericLoader(Loader):
    """Reads sums of integers, which PostgreSQL returns as NUMERIC."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text else int(text)


def adapt_values(connection: psycopg.Connection[Any]) -> None:
    """Have a connection exchange the same Python values as SQLite does."""
    connection.row_factory = make_row
    connection.adapters.register_dumper(bool, _FlagDumper)
    connection.adapters.register_loader("numeric", _NumericLoader)
