"""Compares the store with the Sheet row by row, and repairs the Sheet without touching what people corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from feedback.sheet.columns import COLUMNS, ID_COLUMN, PEOPLES_COLUMNS, Cell, Header, is_same_cell, make_cells
from feedback.sheet.deleted_rounds import remove_deleted_rounds
from feedback.sheet.duplicates import find_duplicates, plan_duplicates, remove_duplicates
from feedback.sheet.journal import Journal
from feedback.sheet.row_index import RowIndex, read_row_index
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import BATCH_BYTES, Timing
from feedback.sheet.workbook import Place, Row, Workbook, Worksheet

_PASSES: Final = 3  # people may sort while it repairs
_CELL_BYTES: Final = 100  # of a request, for each cell besides its value


class ChangedCell(NamedTuple):
    """A cell of ours that somebody changed: its row, its column by index and name, and what we wrote there."""

    place: Place
    position: int
    column: str
    ours: Cell


@dataclass(slots=True)
class Differences:
    """How the Sheet differs from the store.

    Attributes:
        rows: how many rows were compared.
        missing: rounds that were in the Sheet and are gone: people deleted them.
        unknown: rows whose round is not in the store.
        deleted: rows whose round its player has deleted.
        changed: cells outside the label column that are not as we wrote them.
        duplicates: how many extra rows can be deleted.
        headers: what is wrong with first rows.
        left: what is left for a person to decide, a sentence each.
    """

    rows: int = 0
    missing: list[str] = field(default_factory=list)
    unknown: list[Place] = field(default_factory=list)
    deleted: list[Place] = field(default_factory=list)
    changed: list[ChangedCell] = field(default_factory=list)
    duplicates: int = 0
    headers: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


async def compare_with_sheet(workbook: Workbook, journal: Journal) -> Differences:
    """Return how the Sheet differs from the store. Changes nothing.

    Raises:
        SheetError: if the Sheet cannot be read.
    """
    index = await run_in_thread(read_row_index, workbook)
    known = await journal.read_labels()
    places = find_duplicates(index)
    rows = await run_in_thread(workbook.read_rows, places) if places else []
    written = await journal.read_written({row.id for row in index.rows if row.id in known})
    plan = plan_duplicates(rows, index.headers, written)
    deleted = await journal.deletions.list_deleted_rounds()
    present = index.count_rows()
    states = await journal.read_states()
    differences = Differences(
        missing=[
            round_id for round_id, state in states.items() if state in {"kept", "gone"} and round_id not in present
        ],
        deleted=[row.place for row in index.rows if row.id in deleted],
        duplicates=len(plan.doomed),
        headers=[_describe_header(index, each) for each in index.worksheets if index.headers[each.id] is None],
        left=plan.left,
    )
    for worksheet in index.worksheets:
        header = index.headers[worksheet.id]
        first = 1 if header is None else 2
        while page := await run_in_thread(workbook.read_page, worksheet, first):
            first += len(page)
            await _compare_page(page, header, journal, differences)
    differences.unknown = sorted(set(differences.unknown) - set(differences.deleted))
    return differences


async def repair_sheet(workbook: Workbook, journal: Journal, timing: Timing) -> Differences:
    """Repair what can be repaired. Return what differed before, and what is left for people.

    Missing rounds stay missing.

    Raises:
        SheetError: if the Sheet cannot be read or written.
        LeaseLost: if another process writes now.
    """
    index = await run_in_thread(read_row_index, workbook)
    await journal.adopt_rounds(index.count_rows())
    await journal.resolve_doubt(index.count_rows(), (), timing.late)
    before = now = await compare_with_sheet(workbook, journal)
    if before.deleted:
        deleted = await journal.deletions.list_deleted_rounds()
        await remove_deleted_rounds(workbook, journal, timing, deleted)
        now = await compare_with_sheet(workbook, journal)
    for _ in range(_PASSES):
        if not (now.headers or now.duplicates or now.changed):
            break
        obstacles = [await _repair_header(workbook, worksheet) for worksheet in index.worksheets]
        await remove_duplicates(workbook, journal, timing)
        changed = (await compare_with_sheet(workbook, journal)).changed
        for portion in _split_by_size(changed):
            await run_in_thread(workbook.write_cells, [(cell.place, cell.position, cell.ours) for cell in portion])
        now = await compare_with_sheet(workbook, journal)
        if sentences := [sentence for sentence in obstacles if sentence]:
            now.left += sentences
            break
    unrepaired = [f"{cell.place}, {cell.column}: could not be repaired." for cell in now.changed]
    return replace(
        now,
        deleted=before.deleted,
        changed=before.changed,
        duplicates=before.duplicates,
        headers=[damage for damage in before.headers if damage not in now.headers],
        left=now.left + unrepaired,
    )


async def _compare_page(
    page: Sequence[Row], header: Header | None, journal: Journal, differences: Differences
) -> None:
    rows = [row for row in page if any(cell != "" for cell in row.cells)]
    written = await journal.read_written({str(row.cells[0]) for row in rows})
    for row in rows:
        if str(row.cells[0]) == ID_COLUMN:
            continue
        differences.rows += 1
        round_ = written.get(str(row.cells[0]))
        if round_ is None:
            differences.unknown.append(row.place)
        elif header is not None:
            cells = zip(COLUMNS, header.places, header.gather(row.cells), make_cells(round_), strict=True)
            differences.changed += [
                ChangedCell(row.place, index, column, ours)
                for column, index, current, ours in cells
                if column not in PEOPLES_COLUMNS and not is_same_cell(current, ours)
            ]


async def _repair_header(workbook: Workbook, worksheet: Worksheet) -> str | None:
    """Write a worksheet's header again. Return a sentence on what prevents it, if anything does."""
    (first_row,) = await run_in_thread(workbook.read_first_rows, [worksheet])
    if Header.parse(first_row) is not None:
        return None
    if not any(name in first_row for name in COLUMNS):
        await run_in_thread(workbook.insert_header, worksheet)
        return None
    padded = [*first_row, *[""] * (len(COLUMNS) - len(first_row))]
    wrong = [index for index, name in enumerate(COLUMNS) if padded[index] != name]
    if any(COLUMNS[index] in padded for index in wrong) or any(padded.count(name) > 1 for name in COLUMNS):
        return (
            f"The header of the worksheet {worksheet.title!r} cannot be repaired because columns were moved. "
            f"Put the columns in this order: {', '.join(COLUMNS)}."
        )
    await run_in_thread(workbook.write_cells, [(Place(worksheet, 1), index, COLUMNS[index]) for index in wrong])
    return None


def _describe_header(index: RowIndex, worksheet: Worksheet) -> str:
    return f"{worksheet.title}: {index.damages.get(worksheet.id, 'the first row is empty')}"


def _split_by_size(cells: Iterable[ChangedCell]) -> Iterator[list[ChangedCell]]:
    """Yield portions that fit into one request each."""
    portion: list[ChangedCell] = []
    size = 0
    for cell in cells:
        size += len(str(cell.ours)) + _CELL_BYTES
        if portion and size > BATCH_BYTES:
            yield portion
            portion, size = [], 0
        portion.append(cell)
    if portion:
        yield portion
