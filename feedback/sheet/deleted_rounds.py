"""Rows of rounds that their players have deleted leave the Sheet as well, whatever people wrote there."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from feedback.sheet.duplicates import delete_rows, read_before_deleting
from feedback.sheet.journal import Journal
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import Timing
from feedback.sheet.workbook import Workbook

_ROWS: Final = 400  # deleted by one request


async def remove_deleted_rounds(
    workbook: Workbook, journal: Journal, timing: Timing, deleted: AbstractSet[str]
) -> int:
    """Delete the rows whose column A is one of the ids ``deleted``, and return how many there were.

    Raises:
        SheetError: if the Sheet cannot be read or written. Some may be gone then.
        LeaseLost: if another process writes now.
    """
    removed = 0
    while True:
        before = await read_before_deleting(workbook, journal)
        places = [entry.place for entry in before.entries if entry.id in deleted][:_ROWS]
        if not places:
            return removed
        # Read again, since people may have sorted in between.
        rows = await run_in_thread(workbook.rows, places)
        doomed = [row for row in rows if row.cells and str(row.cells[0]) in deleted]
        if doomed:
            await delete_rows(workbook, journal, timing, before, doomed)
            removed += len(doomed)
