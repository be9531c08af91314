"""Finds rounds that have several rows, and deletes the extra rows that nobody has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from feedback.records import Round
from feedback.sheet.columns import COLUMNS, ID_COLUMN, Cell, Header, is_same_cell, make_cells
from feedback.sheet.journal import Journal
from feedback.sheet.row_deletion import delete_rows, read_before_deleting
from feedback.sheet.row_index import RowIndex
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import Timing
from feedback.sheet.workbook import Place, Row, Workbook


class DuplicatePlan(NamedTuple):
    """What to do about rounds that have several rows.

    Attributes:
        doomed: rows to delete: exactly as we wrote them, and another row of the round remains.
        left: what is left for a person to decide, a sentence each.
    """

    doomed: list[Row]
    left: list[str]


def find_duplicates(index: RowIndex, wanted: AbstractSet[str] | None = None) -> list[Place]:
    """Return all rows of rounds that have several, and headers among the rows.

    Args:
        index: the Sheet.
        wanted: the rounds to look at; None for all.
    """
    return [
        place
        for round_id, places in index.find_places().items()
        if round_id == ID_COLUMN or (len(places) > 1 and round_id != "" and (wanted is None or round_id in wanted))
        for place in places
    ]


def plan_duplicates(
    rows: Iterable[Row], headers: Mapping[int, Header | None], written: Mapping[str, Round]
) -> DuplicatePlan:
    """Decide which of these rows to delete. A row that people changed always stays.

    Args:
        rows: the rows of rounds that have several.
        headers: where the columns are, by the worksheet's id.
        written: rounds as their rows were written, by id.
    """
    doomed: list[Row] = []
    left: list[str] = []
    unchanged: dict[str, list[Row]] = {}
    changed: dict[str, list[Row]] = {}
    for row in rows:
        header = headers[row.place.worksheet.id]
        round_id = str(row.cells[0]) if row.cells else ""
        if header and round_id == ID_COLUMN and _holds_only(row.cells, header, COLUMNS):
            doomed.append(row)
        elif header and round_id in written and _holds_only(row.cells, header, make_cells(written[round_id])):
            unchanged.setdefault(round_id, []).append(row)
        else:
            changed.setdefault(round_id, []).append(row)
    for round_id, ours in unchanged.items():
        doomed += ours if round_id in changed else ours[1:]
    for round_id, theirs in changed.items():
        if len(theirs) > 1:
            where = ", ".join(str(row.place) for row in theirs)
            left.append(
                f"Round {round_id} has {len(theirs)} rows that people changed: {where}. Delete all but one."
            )
    return DuplicatePlan(doomed, left)


async def remove_duplicates(
    workbook: Workbook, journal: Journal, timing: Timing, wanted: AbstractSet[str] | None = None
) -> tuple[int, list[str]]:
    """Delete extra rows of the rounds ``wanted``, or of all. Return how many, and what is left for a person.

    Raises:
        SheetError: if the Sheet cannot be read or written. A deletion may have taken place then.
        LeaseLost: if another process writes now.
    """
    before = await read_before_deleting(workbook, journal)
    places = find_duplicates(before, wanted)
    if not places:
        return 0, []
    rows = await run_in_thread(workbook.read_rows, places)
    ids = {str(row.cells[0]) for row in rows if row.cells}
    written = await journal.read_written({row.id for row in before.rows} & ids)
    plan = plan_duplicates(rows, before.headers, written)
    if not plan.doomed:
        return 0, plan.left
    await delete_rows(workbook, journal, timing, before, plan.doomed)
    return len(plan.doomed), plan.left


def _holds_only(row: Sequence[Cell], header: Header, ours: Sequence[Cell]) -> bool:
    """Return whether a row holds our cells as we wrote them, and nothing else."""
    return not header.find_others(row) and all(map(is_same_cell, header.gather(row), ours))
