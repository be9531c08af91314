"""Removes rows of rounds that their players have deleted, whatever people wrote into them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from feedback.sheet.journal import Journal
from feedback.sheet.row_deletion import delete_rows, read_before_deleting
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import Timing
from feedback.sheet.workbook import Workbook

_ROWS: Final = 400  # deleted by one request


async def remove_deleted_rounds(
    workbook: Workbook, journal: Journal, timing: Timing, deleted: AbstractSet[str]
) -> int:
    """Delete the rows whose column A is one of the ids ``deleted``. Return how many there were.

    Raises:
        SheetError: if the Sheet cannot be read or written. Some rows may be gone then.
        LeaseLost: if another process writes now.
    """
    removed = 0
    while True:
        before = await read_before_deleting(workbook, journal)
        places = [row.place for row in before.rows if row.id in deleted][:_ROWS]
        if not places:
            return removed
        # Read again: people may have sorted in between.
        rows = await run_in_thread(workbook.read_rows, places)
        doomed = [row for row in rows if row.cells and str(row.cells[0]) in deleted]
        if doomed:
            await delete_rows(workbook, journal, timing, before, doomed)
            removed += len(doomed)
