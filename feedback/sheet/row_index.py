"""Where every round is in the Sheet, and what its label cell says: one look at two columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from feedback.sheet.columns import ID_COLUMN, Cell, Header
from feedback.sheet.workbook import Place, Workbook, Worksheet, header_fault


class IndexedRow(NamedTuple):
    """A row: where it is, the id in column A (which may be anything), and its label cell."""

    place: Place
    id: str
    label: Cell


class RowIndex(NamedTuple):
    """The Sheet as it was at one moment.

    Attributes:
        entries: every row that holds an id or a label, without the headers.
        headers: where the columns of each worksheet are, by its number; none where the header is damaged.
        faults: what is wrong with damaged headers, by the worksheet's number.
    """

    entries: list[IndexedRow]
    headers: dict[int, Header | None]
    faults: dict[int, str]
    worksheets: list[Worksheet]

    def places(self) -> dict[str, list[Place]]:
        """Return the places of each id, from the top down."""
        found: dict[str, list[Place]] = defaultdict(list)
        for entry in self.entries:
            found[entry.id].append(entry.place)
        return found

    def counts(self) -> Counter[str]:
        """Return how many rows each id has."""
        return Counter(entry.id for entry in self.entries)


def read_row_index(workbook: Workbook) -> RowIndex:
    """Read the ids and the labels of all our worksheets; blocks.

    Raises:
        SheetError: if that fails.
    """
    worksheets = workbook.survey().worksheets
    entries: list[IndexedRow] = []
    headers: dict[int, Header | None] = {}
    faults: dict[int, str] = {}
    for worksheet, head in zip(worksheets, workbook.heads(worksheets), strict=True):
        header = headers[worksheet.number] = Header.read(head)
        if header is None and head:
            faults[worksheet.number] = header_fault(head)
        ids, labels = _columns(workbook, worksheet, header)
        first = 2 if head[:1] == [ID_COLUMN] else 1
        entries += [
            IndexedRow(Place(worksheet, row), str(ids[row - 1]), labels[row - 1])
            for row in range(first, len(ids) + 1)
            if ids[row - 1] != "" or labels[row - 1] != ""
        ]
    return RowIndex(entries, headers, faults, worksheets)


def _columns(workbook: Workbook, worksheet: Worksheet, header: Header | None) -> tuple[list[Cell], list[Cell]]:
    """Return the columns of ids and of labels, equally long; without a header there are no labels."""
    if header is None:
        (ids,) = workbook.columns(worksheet, [0])
        return ids, [""] * len(ids)
    ids, labels = workbook.columns(worksheet, [0, header.label])
    longest = max(len(ids), len(labels))
    return ids + [""] * (longest - len(ids)), labels + [""] * (longest - len(labels))
