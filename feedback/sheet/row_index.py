"""The row and the label cell of every round in the Sheet, read from two columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final, NamedTuple

from feedback.sheet.columns import ID_COLUMN, Cell, Header
from feedback.sheet.errors import SheetChanged
from feedback.sheet.workbook import Place, Workbook, Worksheet, describe_damage

_TRIES: Final = 3  # somebody may rename a worksheet while it is read


class IndexedRow(NamedTuple):
    """A row: where it is, the id in column A (which may be anything), and its label cell."""

    place: Place
    id: str
    label: Cell


class RowIndex(NamedTuple):
    """The Sheet as it was at one moment.

    Attributes:
        rows: every row that has an id or a label, without the headers.
        headers: where the columns of each worksheet are, by the worksheet's id; None if the header is damaged.
        damages: what is wrong with damaged headers, by the worksheet's id. An empty first row is not in here.
        worksheets: our worksheets.
    """

    rows: list[IndexedRow]
    headers: dict[int, Header | None]
    damages: dict[int, str]
    worksheets: list[Worksheet]

    def find_places(self) -> dict[str, list[Place]]:
        """Return the rows of each id, from the top down."""
        places: dict[str, list[Place]] = defaultdict(list)
        for row in self.rows:
            places[row.id].append(row.place)
        return places

    def count_rows(self) -> Counter[str]:
        """Return how many rows each id has."""
        return Counter(row.id for row in self.rows)


def read_row_index(workbook: Workbook) -> RowIndex:
    """Read the ids and the labels of all our worksheets. Blocks.

    Raises:
        SheetError: if the Sheet cannot be read.
    """
    for _ in range(_TRIES - 1):
        try:
            return _read_once(workbook)
        except SheetChanged:
            continue
    return _read_once(workbook)


def _read_once(workbook: Workbook) -> RowIndex:
    worksheets = workbook.survey().worksheets
    rows: list[IndexedRow] = []
    headers: dict[int, Header | None] = {}
    damages: dict[int, str] = {}
    for worksheet, first_row in zip(worksheets, workbook.read_first_rows(worksheets), strict=True):
        header = headers[worksheet.id] = Header.parse(first_row)
        if header is None and first_row:
            damages[worksheet.id] = describe_damage(first_row)
        ids, labels = _read_ids_and_labels(workbook, worksheet, header)
        first = 2 if first_row[:1] == [ID_COLUMN] else 1
        rows += [
            IndexedRow(Place(worksheet, row), str(ids[row - 1]), labels[row - 1])
            for row in range(first, len(ids) + 1)
            if ids[row - 1] != "" or labels[row - 1] != ""
        ]
    return RowIndex(rows, headers, damages, worksheets)


def _read_ids_and_labels(
    workbook: Workbook, worksheet: Worksheet, header: Header | None
) -> tuple[list[Cell], list[Cell]]:
    """Return the columns of ids and labels, equally long. Without a header all labels are empty."""
    if header is None:
        (ids,) = workbook.read_columns(worksheet, [0])
        return ids, [""] * len(ids)
    ids, labels = workbook.read_columns(worksheet, [0, header.label])
    longest = max(len(ids), len(labels))
    return ids + [""] * (longest - len(ids)), labels + [""] * (longest - len(labels))
