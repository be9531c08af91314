"""Deletes rows of the Sheet by their position, and repairs what that hits by mistake.

People may sort or delete rows between our reading and the deletion, so that it hits other rows than ours. So the
labels are pulled first, and the journal notes which rounds are there. If a round then goes missing, it is resent.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from feedback.sheet.columns import ID_COLUMN
from feedback.sheet.errors import SheetError
from feedback.sheet.journal import Journal
from feedback.sheet.pull import compare_labels
from feedback.sheet.row_index import RowIndex, read_row_index
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import Timing
from feedback.sheet.workbook import Row, Workbook


async def read_before_deleting(workbook: Workbook, journal: Journal) -> RowIndex:
    """Return the Sheet as it is now, after marking what an earlier deletion hit by mistake to be sent again.

    If the outcome of that deletion is not known, every reading does so until it can no longer take place.

    Raises:
        SheetError: if the Sheet cannot be read.
        LeaseLost: if another process writes now.
    """
    began = datetime.now(UTC)
    index = await run_in_thread(read_row_index, workbook)
    until = await journal.deletions.get_row_deletion_end()
    if until is not None:
        await _resend_missing(index, journal)
        if until <= began:
            await journal.deletions.end_row_deletion()
    return index


async def delete_rows(
    workbook: Workbook, journal: Journal, timing: Timing, before: RowIndex, doomed: Sequence[Row]
) -> None:
    """Delete the rows ``doomed``, which were in the Sheet when `read_before_deleting` returned ``before``.

    Raises:
        SheetError: if the Sheet cannot be read or written. The deletion may have taken place then.
        LeaseLost: if another process writes now.
    """
    until = await journal.deletions.get_row_deletion_end()
    await journal.correct_labels(compare_labels(before.rows, await journal.read_labels()).corrections)
    await journal.deletions.begin_row_deletion(before.count_rows(), timing.late)
    try:
        await run_in_thread(workbook.delete_rows, [row.place for row in doomed])
    except SheetError:
        await asyncio.sleep(timing.linger)
        raise
    after = await run_in_thread(read_row_index, workbook)
    if not _has_gone_as_planned(before, after, doomed):
        await _resend_missing(after, journal)
    if until is None:
        await journal.deletions.end_row_deletion()


def _has_gone_as_planned(before: RowIndex, after: RowIndex, doomed: Sequence[Row]) -> bool:
    """Return whether the doomed rows are gone and their rounds lost no others. Other losses are people's doing."""
    rows_before, rows_after = before.count_rows(), after.count_rows()
    planned = Counter(str(row.cells[0]) for row in doomed)
    return all(
        rows_after[round_id] <= rows_before[round_id] - number
        and (rows_after[round_id] or number == rows_before[round_id] or round_id == ID_COLUMN)
        for round_id, number in planned.items()
    )


async def _resend_missing(index: RowIndex, journal: Journal) -> None:
    """Have rows sent again that a deletion hit by mistake, with the labels that they had."""
    present = index.count_rows()
    states = await journal.read_states()
    lost = [round_id for round_id, state in states.items() if state == "kept" and round_id not in present]
    labels = await journal.read_labels() if lost else {}
    await journal.resend(
        (round_id, known.label if known.label_by == "curator" else known.written)
        for round_id in lost
        if (known := labels.get(round_id))
    )
