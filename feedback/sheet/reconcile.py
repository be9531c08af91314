"""The store and the Sheet compared, row by row, and mended without touching what people corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from feedback.sheet.columns import COLUMNS, ID_COLUMN, PEOPLES_COLUMNS, Cell, Header, is_same_cell, make_cells
from feedback.sheet.deleted_rounds import remove_deleted_rounds
from feedback.sheet.duplicates import find_duplicates, plan_duplicates, remove_duplicates
from feedback.sheet.journal import Journal
from feedback.sheet.row_index import RowIndex, read_row_index
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import BATCH_BYTES, Timing
from feedback.sheet.workbook import Place, Row, Workbook, Worksheet

_PASSES: Final = 3  # people may sort while it mends


class ChangedCell(NamedTuple):
    """A cell of ours that somebody changed: where, which column, and what it was."""

    place: Place
    at: int
    column: str
    ours: Cell


@dataclass(slots=True)
class Differences:
    """What differs between the store and the Sheet.

    Attributes:
        rows: how many rows were compared.
        missing: rounds that were in the Sheet and are no more: somebody deleted them.
        unknown: rows whose round is not in the store, where they are.
        deleted: rows whose round its player has deleted.
        altered: cells outside the label column that are not as they were written.
        doubled: rows that are there twice and may go.
        headers: what is wrong with first rows.
        left: what a person has to judge, a sentence each.
    """

    rows: int = 0
    missing: list[str] = field(default_factory=list)
    unknown: list[Place] = field(default_factory=list)
    deleted: list[Place] = field(default_factory=list)
    altered: list[ChangedCell] = field(default_factory=list)
    doubled: int = 0
    headers: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


async def compare_with_sheet(workbook: Workbook, journal: Journal) -> Differences:
    """Return what differs; changes nothing. Raises SheetError if the Sheet cannot be read."""
    index = await run_in_thread(read_row_index, workbook)
    known = await journal.labels()
    places = find_duplicates(index)
    rows = await run_in_thread(workbook.rows, places) if places else []
    written = await journal.written({entry.id for entry in index.entries if entry.id in known})
    double = plan_duplicates(rows, index.headers, written)
    found = Differences(doubled=len(double.doomed), left=double.left)
    deleted = await journal.deleted()
    found.deleted = [entry.place for entry in index.entries if entry.id in deleted]
    found.headers = [
        _header_line(index, worksheet) for worksheet in index.worksheets if _is_damaged(index, worksheet)
    ]
    there = index.counts()
    found.missing = [
        one for one, state in (await journal.states()).items() if state in {"kept", "gone"} and one not in there
    ]
    for worksheet in index.worksheets:
        header = index.headers[worksheet.number]
        first = 1 if header is None else 2
        while page := await run_in_thread(workbook.page, worksheet, first):
            first += len(page)
            await _compare_page(page, header, journal, found)
    found.unknown = sorted(set(found.unknown) - set(found.deleted))
    return found


async def repair_sheet(workbook: Workbook, journal: Journal, timing: Timing) -> Differences:
    """Mend what can be mended and return what was found, and what is left for people.

    Rounds that are missing stay so. Raises SheetError and LeaseLost as the mirror does.
    """
    index = await run_in_thread(read_row_index, workbook)
    await journal.adopt(index.counts())
    await journal.settle(index.counts(), (), timing.late)
    first = found = await compare_with_sheet(workbook, journal)
    if first.deleted:
        await remove_deleted_rounds(workbook, journal, timing, await journal.deleted())
        found = await compare_with_sheet(workbook, journal)
    for _ in range(_PASSES):
        if not (found.headers or found.doubled or found.altered):
            break
        left = [await _mend_header(workbook, worksheet) for worksheet in index.worksheets]
        await remove_duplicates(workbook, journal, timing)
        now = await compare_with_sheet(workbook, journal)
        for some in _portions(now.altered):
            await run_in_thread(workbook.put, [(one.place, one.at, one.ours) for one in some])
        found = await compare_with_sheet(workbook, journal)
        if sentences := [sentence for sentence in left if sentence]:
            found.left += sentences
            break
    return Differences(
        rows=found.rows,
        missing=found.missing,
        unknown=found.unknown,
        deleted=first.deleted,
        altered=first.altered,
        doubled=first.doubled,
        headers=first.headers,
        left=found.left + [f"{one.place}, {one.column}: could not be mended." for one in found.altered],
    )


async def _compare_page(page: Sequence[Row], header: Header | None, journal: Journal, found: Differences) -> None:
    full = [row for row in page if any(cell != "" for cell in row.cells)]
    written = await journal.written({str(row.cells[0]) for row in full})
    for row in full:
        kept = written.get(str(row.cells[0]))
        if str(row.cells[0]) == ID_COLUMN:
            continue
        found.rows += 1
        if kept is None:
            found.unknown.append(row.place)
        elif header is not None:
            found.altered += [
                ChangedCell(row.place, place, column, ours)
                for column, place, is_now, ours in zip(
                    COLUMNS, header.places, header.gather(row.cells), make_cells(kept), strict=True
                )
                if column not in PEOPLES_COLUMNS and not is_same_cell(is_now, ours)
            ]


async def _mend_header(workbook: Workbook, worksheet: Worksheet) -> str | None:
    """Give a worksheet its header back; return what keeps us from it, if anything does."""
    (head,) = await run_in_thread(workbook.heads, [worksheet])
    if Header.read(head) is not None:
        return None
    if not any(name in head for name in COLUMNS):
        await run_in_thread(workbook.insert_header, worksheet)
        return None
    padded = [*head, *[""] * (len(COLUMNS) - len(head))]
    wrong = [place for place, name in enumerate(COLUMNS) if padded[place] != name]
    if any(COLUMNS[place] in padded for place in wrong) or any(padded.count(name) > 1 for name in COLUMNS):
        return f"The columns of {worksheet.title!r} are out of order: put them in this one: {', '.join(COLUMNS)}."
    await run_in_thread(workbook.put, [(Place(worksheet, 1), place, COLUMNS[place]) for place in wrong])
    return None


def _is_damaged(index: RowIndex, worksheet: Worksheet) -> bool:
    return index.headers[worksheet.number] is None


def _header_line(index: RowIndex, worksheet: Worksheet) -> str:
    return f"{worksheet.title}: {index.faults.get(worksheet.number, 'the first row is empty')}"


def _portions(altered: Iterable[ChangedCell]) -> Iterator[list[ChangedCell]]:
    """Yield what fits into one request each."""
    portion: list[ChangedCell] = []
    size = 0
    for one in altered:
        size += len(str(one.ours)) + 100
        if portion and size > BATCH_BYTES:
            yield portion
            portion, size = [], 0
        portion.append(one)
    if portion:
        yield portion
