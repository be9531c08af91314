"""``python -m feedback check | salvage``: whether a store is sound, and what can be saved of one that is not."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from feedback.engines import get_store_path, is_postgresql, require_psycopg
from feedback.errors import StoreError
from feedback.repair.check import check_boards, check_integrity, check_rounds, count_rows
from feedback.repair.damaged_file import DamagedFile
from feedback.repair.salvage import salvage_store

_OUT: Final = Console()
_MESSAGES: Final = Console(stderr=True)


def add_commands(commands: Any) -> None:
    """Add the commands to the subparsers of ``python -m feedback``. They take the address, not an open store."""
    check = commands.add_parser(
        "check",
        help="find out whether the store is damaged",
        description="Read the whole store and say what is wrong with it. The exit status is 1 if anything is. "
        "Nothing is changed. The server may run meanwhile.",
    )
    check.set_defaults(run=_check, takes_url=True)
    salvage = commands.add_parser(
        "salvage",
        help="save what can be read of a damaged store",
        description="Copy everything that can be read of the store, row by row, into a new one. Stop the server "
        "first. The damaged file is only read. The exit status is 1 if anything could not be read.",
    )
    salvage.add_argument("--out", type=Path, required=True, metavar="NEW.db", help="file to make")
    salvage.set_defaults(run=_salvage, takes_url=True)


def _check(url: str, parsed: argparse.Namespace) -> int:
    del parsed
    if is_postgresql(url):
        return _check_postgresql(url)
    path = get_store_path(url)
    with DamagedFile(path) as file:
        with _show_progress("checking the file"):
            problems = check_integrity(file)
        counts = count_rows(file)
        with _show_progress("reading the rounds") as report:
            problems += check_rounds(file, report)
        problems += check_boards(file)
    for table, number in counts.items():
        _say(f"{table}: {'cannot be counted' if number is None else f'{number:,}'}")
    for problem in problems:
        _say(problem)
    if problems:
        _say("The store is damaged. `python -m feedback salvage --out NEW.db` saves what can be read.")
        return 1
    _say("Nothing is wrong.")
    return 0


def _check_postgresql(url: str) -> int:
    require_psycopg()
    from feedback.postgresql.check import check_database  # noqa: PLC0415 (needs psycopg)

    with _show_progress("reading the store") as show:
        report = check_database(url, show)
    for fact in report.facts:
        _say(fact)
    for table, number in report.rows.items():
        _say(f"{table}: {number:,}")
    for problem in report.problems:
        _say(problem)
    if not report.problems:
        _say("Nothing is wrong.")
    return 1 if report.problems else 0


def _salvage(url: str, parsed: argparse.Namespace) -> int:
    if is_postgresql(url):
        raise StoreError(
            "`salvage` is for SQLite files. A damaged PostgreSQL database is restored from a backup, or read with "
            "`pg_dump --table`, table by table."
        )
    with _show_progress("saving rounds") as report:
        salvaged = salvage_store(get_store_path(url), parsed.out, report)
    _say(f"{salvaged.rounds:,} rounds and {salvaged.games:,} games are saved in {parsed.out}.")
    if salvaged.is_complete:
        _say("That is everything.")
        return 0
    lost = f"At least {salvaged.lost_rounds:,} rounds and {salvaged.lost_games:,} games are lost."
    is_any_lost = salvaged.lost_rounds or salvaged.lost_games
    _say(f"Not everything could be read. {lost if is_any_lost else 'No round or game is known to be lost.'}")
    _say("If rounds are copied to a Google Sheet, run `python -m feedback reconcile` with the new store.")
    return 1


@contextmanager
def _show_progress(text: str) -> Iterator[Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_MESSAGES) as progress:
        task = progress.add_task(text, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _say(text: str) -> None:
    _OUT.print(text, markup=False, highlight=False, soft_wrap=True)
