"""What the store's SQL may rely on: the part of a connection that SQLite and PostgreSQL have in common.

There is one copy of each statement, for both engines. It keeps to this subset:

- Placeholders are ``?`` or ``:name``.
- ``ON CONFLICT (columns) DO …`` names its columns, and in its ``SET`` the table's own columns are written with the
  table's name. ``INSERT`` names its columns too: a later version may have added some.
- Flags are integers, 0 or 1, and are compared as such. Times are texts as `feedback.database_rows.format_time`
  makes them.
- ``utc_now()`` is the time of the database, the same for all who use it.
- Values that may be null are compared with ``IS NOT DISTINCT FROM``.
- ``LIKE`` ignores case in SQLite only.
- There is no ``iif``, ``json_each``, ``rowid``, ``PRAGMA``, ``GLOB``, ``INSERT OR …``, nor ``max`` of two values.

Other processes write at the same time. Whatever is checked and then written is one statement
(``UPDATE … WHERE … RETURNING``) or relies on a unique key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Values = Sequence[Any] | Mapping[str, Any]
"""The values of a statement's placeholders, by position or by name."""


class Row(Protocol):
    """A row of a result: its values by name or index, in order when iterated."""

    def __getitem__(self, key: int | str, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...

    def keys(self) -> list[str]:
        """Return the names of the columns."""


class Cursor(Protocol):
    """The result of a statement. It yields rows; see `Row`."""

    @property
    def rowcount(self) -> int:
        """How many rows the statement inserted, changed or deleted."""

    def fetchone(self) -> Any:
        """Return the next row; None if there are no more."""

    def fetchall(self) -> list[Any]:
        """Return the remaining rows."""

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection within a transaction, or one that only reads."""

    def execute(self, sql: str, values: Values = ..., /) -> Cursor:
        """Run a statement and return its result."""

    def executemany(self, sql: str, rows: Iterable[Values], /) -> object:
        """Run a statement, which returns nothing, once for each of ``rows``."""


Work = Callable[[Connection], T]
"""A function that reads or writes. It may be called again if its transaction has to be repeated."""
