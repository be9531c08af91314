"""Rows that are there twice: found, and deleted where nobody has touched them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import NamedTuple

from feedback.records import Round
from feedback.sheet.columns import COLUMNS, ID_COLUMN, Cell, Header, is_same_cell, make_cells
from feedback.sheet.errors import SheetError
from feedback.sheet.journal import Journal
from feedback.sheet.pull import compare_labels
from feedback.sheet.row_index import RowIndex, read_row_index
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import Timing
from feedback.sheet.workbook import Place, Row, Workbook


class DuplicatePlan(NamedTuple):
    """What to do about rounds that are in the Sheet more than once.

    Attributes:
        doomed: rows that may go: byte for byte our own, with another row of the round left.
        left: what is left for a person, a sentence each.
    """

    doomed: list[Row]
    left: list[str]


def find_duplicates(index: RowIndex, wanted: AbstractSet[str] | None = None) -> list[Place]:
    """Return the places of all rows whose round has several, and of headers that are among the rows."""
    return [
        place
        for found, places in index.places().items()
        if found == ID_COLUMN or (len(places) > 1 and found != "" and (wanted is None or found in wanted))
        for place in places
    ]


def plan_duplicates(
    rows: Iterable[Row], headers: Mapping[int, Header | None], written: Mapping[str, Round]
) -> DuplicatePlan:
    """Return which of these rows may go. Where people changed one of two, theirs stays; if both, both do."""
    doomed: list[Row] = []
    left: list[str] = []
    own: dict[str, list[Row]] = {}
    touched: dict[str, list[Row]] = {}
    for row in rows:
        header = headers[row.place.worksheet.number]
        found = str(row.cells[0]) if row.cells else ""
        if header and found == ID_COLUMN and _is(row.cells, header, COLUMNS):
            doomed.append(row)
        elif header and found in written and _is(row.cells, header, make_cells(written[found])):
            own.setdefault(found, []).append(row)
        else:
            touched.setdefault(found, []).append(row)
    for found, mine in own.items():
        doomed += mine if found in touched else mine[1:]
    for found, theirs in touched.items():
        if len(theirs) > 1:
            where = ", ".join(str(row.place) for row in theirs)
            left.append(f"Round {found} is there {len(theirs)} times, changed by people: {where}.")
    return DuplicatePlan(doomed, left)


async def remove_duplicates(
    workbook: Workbook, journal: Journal, timing: Timing, wanted: AbstractSet[str] | None = None
) -> tuple[int, list[str]]:
    """Delete rows that are there twice, of the rounds ``wanted`` or of all; return how many, and what is left.

    Raises:
        SheetError: if the Sheet cannot be read or written. A deletion may have taken place then.
        LeaseLost: if another process writes now.
    """
    before = await read_before_deleting(workbook, journal)
    places = find_duplicates(before, wanted)
    if not places:
        return 0, []
    rows = await run_in_thread(workbook.rows, places)
    plan = plan_duplicates(
        rows, before.headers, await journal.written({entry.id for entry in before.entries} & _ids(rows))
    )
    if not plan.doomed:
        return 0, plan.left
    await delete_rows(workbook, journal, timing, before, plan.doomed)
    return len(plan.doomed), plan.left


async def read_before_deleting(workbook: Workbook, journal: Journal) -> RowIndex:
    """Return the Sheet as it is, having what earlier deletions met by mistake sent again.

    Where it is not known what a deletion did, or when, every look does so until nothing of it can happen.
    """
    began = datetime.now(UTC)
    index = await run_in_thread(read_row_index, workbook)
    until = await journal.deleting_until()
    if until is not None:
        await _restore(index, journal)
        if until <= began:
            await journal.end_deleting()
    return index


async def delete_rows(
    workbook: Workbook, journal: Journal, timing: Timing, before: RowIndex, doomed: Sequence[Row]
) -> None:
    """Delete rows that were found by `read_before_deleting`.

    People may sort or delete rows between our look and the deletion, so that it meets others. Therefore labels are
    brought home first, the journal keeps what was there, and afterwards every round that has gone missing is sent
    again.

    Raises:
        SheetError: if the Sheet cannot be read or written. The deletion may have taken place then.
        LeaseLost: if another process writes now.
    """
    until = await journal.deleting_until()
    await journal.correct(compare_labels(before.entries, await journal.labels()).corrections)
    await journal.begin_deleting(before.counts(), timing.late)
    try:
        await run_in_thread(workbook.delete, [row.place for row in doomed])
    except SheetError:
        await asyncio.sleep(timing.linger)
        raise
    after = await run_in_thread(read_row_index, workbook)
    if not _went_as_planned(before, after, doomed):
        await _restore(after, journal)
    if until is None:
        await journal.end_deleting()


def _went_as_planned(before: RowIndex, after: RowIndex, doomed: Sequence[Row]) -> bool:
    """Whether what we meant to delete is gone, and nothing else of these rounds; what else is, people deleted."""
    had, has = before.counts(), after.counts()
    planned = Counter(str(row.cells[0]) for row in doomed)
    return all(
        has[found] <= had[found] - number and (has[found] or number == had[found] or found == ID_COLUMN)
        for found, number in planned.items()
    )


async def _restore(index: RowIndex, journal: Journal) -> None:
    """Have those rounds sent again that a deletion met by mistake, with the labels that their rows had."""
    there = index.counts()
    lost = [found for found, state in (await journal.states()).items() if state == "kept" and found not in there]
    labels = await journal.labels() if lost else {}
    await journal.send_again(
        (found, known.label if known.label_by == "curator" else known.written)
        for found in lost
        if (known := labels.get(found))
    )


def _ids(rows: Iterable[Row]) -> set[str]:
    return {str(row.cells[0]) for row in rows if row.cells}


def _is(row: Sequence[Cell], header: Header, ours: Sequence[Cell]) -> bool:
    return not header.others(row) and all(map(is_same_cell, header.gather(row), ours))
