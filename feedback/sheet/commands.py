"""``python -m feedback sync | pull | reconcile``, and the part of ``status`` about the Sheet."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from feedback.sheet.errors import SheetError
from feedback.sheet.mirror import Mirror
from feedback.sheet.pull import compare_labels
from feedback.sheet.reconcile import Differences, compare_with_sheet, repair_sheet
from feedback.sheet.row_index import read_row_index
from feedback.sheet.settings import SHEET_ID, read_sheet_settings
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import STATUS_SECONDS, STATUS_TIMING, TIMING
from feedback.sheet.workbook import Workbook
from feedback.sheet.worksheets import describe_damages, describe_oddities, find_known
from feedback.store import Store

if TYPE_CHECKING:
    from feedback.sheet.connection import Notify

_OUT: Final = Console()
_MESSAGES: Final = Console(stderr=True)
_NOT_CONFIGURED: Final = f"No Sheet is configured: set {SHEET_ID}. docs/google-sheet.md explains how to get one."
_MOST_NAMED: Final = 20  # things in one line of a report


class PullReport(NamedTuple):
    """What a pull of corrected labels did.

    Attributes:
        rows: how many rows of the Sheet were read.
        corrected: how many labels the store took over.
        agreed: how many labels of curators the store already had.
        refused: how many labels could not be used.
        problems: a sentence for each worksheet that was not read and each label that could not be used.
    """

    rows: int
    corrected: int
    agreed: int
    refused: int
    problems: tuple[str, ...]


def add_commands(commands: Any) -> None:
    """Add the commands to the subparsers of ``python -m feedback``."""
    sync = commands.add_parser("sync", help="write every round that is not there yet to the Google Sheet")
    sync.set_defaults(run=_sync)
    pull = commands.add_parser("pull", help="bring labels that people corrected in the Sheet into the store")
    pull.add_argument("--dry-run", action="store_true", help="only say what would change")
    pull.set_defaults(run=_pull)
    reconcile = commands.add_parser("reconcile", help="compare store and Sheet row by row, and repair the Sheet")
    reconcile.add_argument("--dry-run", action="store_true", help="only say what differs")
    reconcile.add_argument("--restore", action="store_true", help="write rows again that people deleted")
    reconcile.set_defaults(run=_reconcile)


async def print_status(store: Store) -> bool:
    """Print how far the Sheet is and whether it can be used. Return False if something is wrong.

    Raises:
        SheetSettingsError: if a setting of the Sheet cannot be used.
    """
    settings = read_sheet_settings(os.environ)
    if settings.spreadsheet is None:
        _say(_NOT_CONFIGURED)
        return True
    mirror = Mirror(store, settings, STATUS_TIMING)
    tally = await mirror.tally()
    _say(f"{tally.rounds:,} rounds in the store, {tally.mirrored:,} in the Sheet")
    _notify(f"Asking Google about the Sheet, for at most {STATUS_SECONDS:.0f} s …")
    try:
        async with asyncio.timeout(STATUS_SECONDS):
            sentences = await _describe_sheet(mirror)
    except TimeoutError:
        _say(f"The Sheet cannot be used: Google did not answer within {STATUS_SECONDS:.0f} s. Is the network up?")
        return False
    except SheetError as error:
        _say(f"The Sheet cannot be used: {error}")
        return False
    for sentence in sentences:
        _say(sentence)
    if tally.last_error:
        _say(f"The last attempt to write to it failed: {tally.last_error}")
    return tally.last_error is None


async def pull_labels(store: Store, *, dry_run: bool = False, notify: Notify | None = None) -> PullReport:
    """Bring the labels that people corrected in the Sheet into the store, and return what was found.

    Args:
        store: where the labels go.
        dry_run: only look, and change nothing.
        notify: told what is being waited for.

    Raises:
        SheetSettingsError: if a setting of the Sheet cannot be used.
        SheetError: if no Sheet is configured, or it cannot be read.
    """
    mirror = _make_mirror(store, notify)
    workbook = await mirror.workbook()
    index = await run_in_thread(read_row_index, workbook)
    titles = {worksheet.id: worksheet.title for worksheet in index.worksheets}
    problems = [
        f"The header of the worksheet {titles[worksheet_id]!r} is damaged ({damage}), so its labels were not "
        "read. `python -m feedback reconcile` repairs it."
        for worksheet_id, damage in index.damages.items()
    ]
    problems += await _find_oddities(mirror, workbook)
    comparison = compare_labels(index.rows, await mirror.journal.read_labels())
    if not dry_run:
        await mirror.journal.correct_labels(comparison.corrections)
    return PullReport(
        rows=len(index.rows),
        corrected=len(comparison.corrections),
        agreed=comparison.agreed,
        refused=len(comparison.refused),
        problems=(*problems, *comparison.refused),
    )


async def _sync(store: Store, options: argparse.Namespace) -> None:
    del options
    mirror = _make_mirror(store, _notify)
    tally = await mirror.tally()
    columns = (TextColumn("mirroring rounds"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_MESSAGES) as progress:
        task = progress.add_task("", total=tally.rounds, completed=tally.mirrored)
        is_doubtful = await mirror.sync(
            lambda now: progress.update(task, total=now.rounds, completed=now.mirrored)
        )
    tally = await mirror.tally()
    _say(f"{tally.rounds:,} rounds in the store, {tally.mirrored:,} in the Sheet")
    if is_doubtful:
        _say(
            "A request that failed may still arrive late and write some rows twice. The server deletes such rows; "
            f"without one, run `sync` again after {TIMING.late / 60:.0f} minutes."
        )


async def _pull(store: Store, options: argparse.Namespace) -> None:
    _notify("Reading the Sheet …")
    report = await pull_labels(store, dry_run=options.dry_run, notify=_notify)
    for sentence in report.problems:
        _say(sentence)
    verb = "would be taken over" if options.dry_run else "taken over"
    _say(
        f"{report.rows:,} rows read: {report.corrected:,} corrected labels {verb}, "
        f"{report.agreed:,} already known, {report.refused:,} not usable"
    )


async def _reconcile(store: Store, options: argparse.Namespace) -> None:
    mirror = _make_mirror(store, _notify)
    _notify("Comparing the store with the Sheet …")
    if options.dry_run:
        workbook = await mirror.workbook()
        _print_differences(await compare_with_sheet(workbook, mirror.journal), "found")
    else:
        async with mirror.leased():
            workbook = await mirror.workbook()
            differences = await repair_sheet(workbook, mirror.journal, TIMING)
            if options.restore:
                labels = await mirror.journal.read_labels()
                await mirror.journal.resend((each, labels[each].label) for each in differences.missing)
        _print_differences(differences, "repaired")
        if differences.missing and options.restore:
            await mirror.sync()
            _say(f"{len(differences.missing):,} rows written again")
        elif differences.missing:
            _say("`python -m feedback reconcile --restore` writes missing rows again.")
    for sentence in await _find_oddities(mirror, workbook):
        _say(sentence)


def _print_differences(differences: Differences, done: str) -> None:
    """Print a report; ``done`` says what was done about the differences."""
    _say(f"{differences.rows:,} rows compared")
    for damage in differences.headers:
        _say(f"header {done}: {damage}")
    if differences.duplicates:
        _say(f"{differences.duplicates:,} duplicate rows {done}")
    if differences.changed:
        places = _list_some(f"{cell.place} {cell.column}" for cell in differences.changed)
        _say(f"{len(differences.changed):,} changed cells {done}: {places}")
    if differences.deleted:
        places = _list_some(differences.deleted)
        _say(f"{len(differences.deleted):,} rows of rounds that their players deleted {done}: {places}")
    if differences.missing:
        _say(f"{len(differences.missing):,} rounds missing, deleted by people: {_list_some(differences.missing)}")
    if differences.unknown:
        _say(f"{len(differences.unknown):,} rows of unknown rounds, left alone: {_list_some(differences.unknown)}")
    for sentence in differences.left:
        _say(sentence)


async def _describe_sheet(mirror: Mirror) -> list[str]:
    workbook = await mirror.workbook()
    survey = await run_in_thread(workbook.survey)
    titles = ", ".join(worksheet.title for worksheet in survey.worksheets) or "none yet"
    sentences = [f"The Sheet {survey.title!r} answers. Our worksheets: {titles}"]
    sentences += await run_in_thread(describe_damages, workbook, survey)
    known = await find_known(workbook, mirror.journal)
    return sentences + await run_in_thread(describe_oddities, workbook, survey, known)


async def _find_oddities(mirror: Mirror, workbook: Workbook) -> list[str]:
    known = await mirror.journal.worksheets.read_all()
    return await run_in_thread(lambda: describe_oddities(workbook, workbook.survey(), known))


def _make_mirror(store: Store, notify: Notify | None) -> Mirror:
    settings = read_sheet_settings(os.environ)
    if settings.spreadsheet is None:
        raise SheetError(_NOT_CONFIGURED)
    return Mirror(store, settings, TIMING, notify)


def _list_some(things: Iterable[object]) -> str:
    names = [str(thing) for thing in things]
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")


def _say(text: str) -> None:
    _OUT.print(text, markup=False, highlight=False, soft_wrap=True)


def _notify(text: str) -> None:
    _MESSAGES.print(text, markup=False, highlight=False, soft_wrap=True)
