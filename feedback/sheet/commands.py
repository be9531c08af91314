"""``python -m feedback sync | pull | reconcile``, and what ``status`` says of the Sheet."""

from __future__ import annotations

import argparse
import os
from typing import Any, Final, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from feedback.sheet.errors import SheetError
from feedback.sheet.mirror import Mirror
from feedback.sheet.pull import compare_labels
from feedback.sheet.reconcile import Differences, compare_with_sheet, repair_sheet
from feedback.sheet.row_index import read_row_index
from feedback.sheet.settings import SHEET_ID, read_sheet_settings
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import TIMING
from feedback.store import Store

_OUT: Final = Console()
_MESSAGES: Final = Console(stderr=True)
_NOT_CONFIGURED: Final = f"No Sheet is configured: set {SHEET_ID}. README.md says how to get one."
_SHOWN: Final = 20  # places named in a line of a report


class PullReport(NamedTuple):
    """What a pull of corrected labels did.

    Attributes:
        rows: how many rows of the Sheet were read.
        corrected: how many labels the store took over.
        agreed: how many labels of curators the store had already.
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
    sync = commands.add_parser("sync", help="bring every round that is not there yet to the Google Sheet")
    sync.set_defaults(run=_sync)
    pull = commands.add_parser("pull", help="bring labels home that people corrected in the Sheet")
    pull.add_argument("--dry-run", action="store_true", help="only say what would be changed")
    pull.set_defaults(run=_pull)
    reconcile = commands.add_parser("reconcile", help="compare store and Sheet row by row, and mend the Sheet")
    reconcile.add_argument("--dry-run", action="store_true", help="only say what differs")
    reconcile.add_argument("--restore", action="store_true", help="write rows again that people deleted")
    reconcile.set_defaults(run=_reconcile)


async def status_lines(store: Store) -> tuple[list[str], bool]:
    """Return what is to be said of the Sheet, and whether it can be used or is not wanted."""
    settings = read_sheet_settings(os.environ)
    if settings.spreadsheet is None:
        return [_NOT_CONFIGURED], True
    mirror = Mirror(store, settings, TIMING)
    tally = await mirror.tally()
    lines = [f"{tally.rounds:,} rounds kept, {tally.mirrored:,} in the Sheet"]
    try:
        survey = await run_in_thread((await mirror.workbook()).survey)
    except SheetError as trouble:
        return [*lines, f"The Sheet cannot be used: {trouble}"], False
    named = ", ".join(worksheet.title for worksheet in survey.worksheets) or "none yet"
    lines.append(f"The Sheet {survey.title!r} answers; worksheets of ours: {named}")
    if tally.trouble:
        lines.append(f"The last try to write to it failed: {tally.trouble}")
    return lines, tally.trouble is None


async def _sync(store: Store, chosen: argparse.Namespace) -> None:
    del chosen
    mirror = _mirror(store)
    tally = await mirror.tally()
    columns = (TextColumn("mirroring rounds"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_MESSAGES) as progress:
        task = progress.add_task("", total=tally.rounds, completed=tally.mirrored)
        is_doubtful = await mirror.sync(
            lambda now: progress.update(task, total=now.rounds, completed=now.mirrored)
        )
    tally = await mirror.tally()
    _say(f"{tally.rounds:,} rounds kept, {tally.mirrored:,} in the Sheet")
    if is_doubtful:
        _say(
            "Something that was sent again may still arrive a second time. The server, or the next sync after "
            f"{TIMING.late / 60:.0f} minutes, looks for that."
        )


async def _pull(store: Store, chosen: argparse.Namespace) -> None:
    report = await pull_labels(store, dry_run=chosen.dry_run)
    for sentence in report.problems:
        _say(sentence)
    done = "would be taken" if chosen.dry_run else "taken"
    _say(
        f"{report.rows:,} rows read: {report.corrected:,} corrected labels {done}, "
        f"{report.agreed:,} known already, {report.refused:,} that could not be used"
    )


async def pull_labels(store: Store, *, dry_run: bool = False) -> PullReport:
    """Bring the labels that people corrected in the Sheet into the store, and return what there was.

    Args:
        store: where the labels go.
        dry_run: only look, and change nothing.

    Raises:
        SheetSettingsError: if a setting of the Sheet cannot be used.
        SheetError: if no Sheet is configured, or it cannot be read.
    """
    mirror = _mirror(store)
    index = await run_in_thread(read_row_index, await mirror.workbook())
    damaged = [
        f"Worksheet {number}: the header is damaged ({fault}); its labels were not read. Use reconcile."
        for number, fault in index.faults.items()
    ]
    pulled = compare_labels(index.entries, await mirror.journal.labels())
    if not dry_run:
        await mirror.journal.correct(pulled.corrections)
    return PullReport(
        rows=len(index.entries),
        corrected=len(pulled.corrections),
        agreed=pulled.agreed,
        refused=len(pulled.refused),
        problems=(*damaged, *pulled.refused),
    )


async def _reconcile(store: Store, chosen: argparse.Namespace) -> None:
    mirror = _mirror(store)
    workbook = await mirror.workbook()
    if chosen.dry_run:
        _report(await compare_with_sheet(workbook, mirror.journal), "found")
        return
    async with mirror.leased():
        found = await repair_sheet(workbook, mirror.journal, TIMING)
        if chosen.restore:
            labels = await mirror.journal.labels()
            await mirror.journal.send_again((one, labels[one].label) for one in found.missing)
    _report(found, "mended")
    if found.missing and chosen.restore:
        await mirror.sync()
        _say(f"{len(found.missing):,} rows written again")
    elif found.missing:
        _say("`reconcile --restore` writes missing rows again.")


def _report(found: Differences, done: str) -> None:
    _say(f"{found.rows:,} rows compared")
    for fault in found.headers:
        _say(f"header {done}: {fault}")
    if found.doubled:
        _say(f"{found.doubled:,} rows that were there twice {done}")
    if found.altered:
        _say(
            f"{len(found.altered):,} changed cells {done}: "
            + _some(f"{a.place} {a.column}" for a in found.altered)
        )
    if found.deleted:
        _say(f"{len(found.deleted):,} rows of rounds that their players deleted {done}: " + _some(found.deleted))
    if found.missing:
        _say(f"{len(found.missing):,} rounds missing, deleted by people: " + _some(found.missing))
    if found.unknown:
        _say(f"{len(found.unknown):,} rows of no round that is kept here, left alone: " + _some(found.unknown))
    for sentence in found.left:
        _say(sentence)


def _mirror(store: Store) -> Mirror:
    settings = read_sheet_settings(os.environ)
    if settings.spreadsheet is None:
        raise SheetError(_NOT_CONFIGURED)
    return Mirror(store, settings, TIMING)


def _some(things: Any) -> str:
    named = [str(thing) for thing in things]
    return ", ".join(named[:_SHOWN]) + (", …" if len(named) > _SHOWN else "")


def _say(text: str) -> None:
    _OUT.print(text, markup=False, highlight=False, soft_wrap=True)
