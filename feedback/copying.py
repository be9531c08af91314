"""``python -m feedback copy``: a store from an SQLite file into PostgreSQL."""

from __future__ import annotations

import argparse
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from feedback.engines import get_store_path, is_postgresql, require_psycopg
from feedback.errors import StoreError

_MESSAGES: Final = Console(stderr=True)


def add_command(commands: Any) -> None:
    """Add the command to the subparsers of ``python -m feedback``. It takes the address, not an open store."""
    copy = commands.add_parser(
        "copy",
        help="copy an SQLite store into an empty PostgreSQL database",
        description="Copy every table of an SQLite store into an empty PostgreSQL database, and compare both at "
        "the end. Stop the server first. If the command is interrupted, run it again: it goes on where it "
        "stopped. The SQLite file stays as it is.",
    )
    copy.add_argument(
        "--to",
        required=True,
        metavar="URL",
        help="the database, postgresql://USER@HOST/NAME. Other users of the machine can read a command line: "
        "leave the password to ~/.pgpass or the variable PGPASSWORD",
    )
    copy.set_defaults(run=_copy, takes_url=True)


def _copy(url: str, parsed: argparse.Namespace) -> int:
    if not is_postgresql(parsed.to):
        raise StoreError("The address after --to must be postgresql://USER@HOST/NAME.")
    require_psycopg()
    from feedback.postgresql.copying import copy_store  # noqa: PLC0415 (needs psycopg)

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_MESSAGES) as progress:
        task = progress.add_task("connecting", total=None)
        copied = copy_store(
            get_store_path(url),
            parsed.to,
            lambda text, done, total: progress.update(task, description=text, completed=done, total=total),
        )
    for table in copied:
        _say(f"{table.name}: {table.rows:,} rows, SHA-256 {table.digest[:16]}…")
    _say("Everything is copied and the same on both sides. Set INKRUSH_DATABASE_URL to the new address.")
    return 0


def _say(text: str) -> None:
    Console().print(text, markup=False, highlight=False, soft_wrap=True)
