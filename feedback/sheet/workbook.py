"""The few things that are done to the Sheet. All block, for a thread of their own, and raise SheetError."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from feedback.sheet.columns import COLUMNS, ID_COLUMN, STANDARD_HEADER, WIDTH, Cell, Header
from feedback.sheet.errors import SheetError, SheetFull
from feedback.sheet.tuning import BATCH_ROWS, WORKBOOK_CELLS, WORKSHEET_ROWS

if TYPE_CHECKING:
    from feedback.sheet.connection import Connection

TITLE: Final = "Rounds"
"""The first worksheet; further ones are ``Rounds 2``, ``Rounds 3`` and so on."""

_OURS: Final = re.compile(rf"{TITLE}(?: ([2-9]|[1-9]\d+))?")
_UPDATED: Final = re.compile(r"!A(\d+)(?::[A-Z]+(\d+))?$")
_RAW: Final = {"valueInputOption": "RAW"}
_AS_IT_IS: Final = {"valueRenderOption": "UNFORMATTED_VALUE"}
_RANGES: Final = 100  # in one request, so that its address stays short
_BLOCK: Final = 400  # rows in one range
_PAGE: Final = 2_000  # rows in one answer


class Worksheet(NamedTuple):
    """One of our worksheets: its number from 1, its grid in rows and columns."""

    number: int
    id: int
    title: str
    rows: int
    columns: int


class Place(NamedTuple):
    """A row: its worksheet, and its number in it from 1."""

    worksheet: Worksheet
    row: int

    def __str__(self) -> str:
        return f"{self.worksheet.title} row {self.row}"


class Survey(NamedTuple):
    """The Sheet: what it is called, our worksheets in their order, and the cells of all worksheets."""

    title: str
    worksheets: list[Worksheet]
    cells: int


class Row(NamedTuple):
    """A row as it was found."""

    place: Place
    cells: list[Cell]


class Workbook:
    """A Sheet of people's, of which some worksheets are ours.

    Rows are only ever appended, by an insertion that writes over nothing. By its place a row is only changed in
    `put`, which leaves the columns of people alone, and `delete`, after which the caller looks what became of it.
    """

    def __init__(self, connection: Connection, spreadsheet: str) -> None:
        self._connection = connection
        self._id = spreadsheet
        self._last_row: dict[int, int] = {}

    def survey(self) -> Survey:
        """Return what there is."""
        fields = "properties.title,sheets.properties(sheetId,title,gridProperties)"
        found = self._connection.fetch_sheet_metadata(self._id, {"fields": fields})
        cells, ours = 0, []
        for properties in (sheet["properties"] for sheet in found.get("sheets", [])):
            grid = properties.get("gridProperties", {})
            rows, columns = grid.get("rowCount", 0), grid.get("columnCount", 0)
            cells += rows * columns
            if match := _OURS.fullmatch(properties["title"]):
                number = int(match[1] or 1)
                ours.append(Worksheet(number, properties.get("sheetId", 0), properties["title"], rows, columns))
        return Survey(str(found.get("properties", {}).get("title", "")), sorted(ours), cells)

    def heads(self, worksheets: Sequence[Worksheet]) -> list[list[Cell]]:
        """Return the first row of each worksheet."""
        answers = self._get(f"'{w.title}'!A1:{_letters(w.columns)}1" for w in worksheets)
        return [rows[0] if rows else [] for rows in answers]

    def ids(self) -> set[str]:
        """Return what column A of all our worksheets holds."""
        worksheets = self.survey().worksheets
        answers = self._get(f"'{w.title}'!A1:A" for w in worksheets)
        self._last_row |= {w.id: len(rows) for w, rows in zip(worksheets, answers, strict=True)}
        return {str(row[0]) for rows in answers for row in rows if row}

    def columns(self, worksheet: Worksheet, places: Sequence[int]) -> list[list[Cell]]:
        """Return whole columns by their index, from row 1, each as long as it holds anything."""
        names = [_letters(place + 1) for place in places]
        answers = self._get(f"'{worksheet.title}'!{name}1:{name}" for name in names)
        return [[row[0] if row else "" for row in rows] for rows in answers]

    def rows(self, places: Sequence[Place]) -> list[Row]:
        """Return rows with everything that is in them, from the top down."""
        blocks = _blocks(sorted(places))  # rows that arrived together mostly stand together
        found: list[Row] = []
        ranges = [f"'{w.title}'!A{first}:{_letters(w.columns)}{last}" for (w, first), last in blocks]
        for ((worksheet, first), last), rows in zip(blocks, self._get(ranges), strict=True):
            padded = rows + [[] for _ in range(last - first + 1 - len(rows))]
            found += [Row(Place(worksheet, first + index), cells) for index, cells in enumerate(padded)]
        return found

    def page(self, worksheet: Worksheet, first: int) -> list[Row]:
        """Return up to 2,000 rows from row ``first`` on; past the end none."""
        last = min(first + _PAGE - 1, worksheet.rows)
        if first > last:
            return []
        (found,) = self._get([f"'{worksheet.title}'!A{first}:{_letters(worksheet.columns)}{last}"])
        padded = found + [[] for _ in range(last - first + 1 - len(found))]
        return [Row(Place(worksheet, first + index), cells) for index, cells in enumerate(padded)]

    def open(self, rows: int) -> tuple[Worksheet, Header]:
        """Return the worksheet that ``rows`` more belong to, made if it is not there, and where its columns are.

        Raises:
            SheetFull: if the Sheet is full.
            SheetError: if the header is damaged.
        """
        survey = self.survey()
        if not survey.worksheets or survey.worksheets[-1].rows + rows > WORKSHEET_ROWS:
            return self.begin(survey), STANDARD_HEADER
        worksheet = survey.worksheets[-1]
        (head,) = self.heads([worksheet])
        if not head:
            worksheet = self._found_empty(worksheet)
            return worksheet, STANDARD_HEADER
        header = Header.read(head)
        if header is None:
            raise SheetError(
                f"The first row of {worksheet.title!r} is not our header any more ({header_fault(head)}). "
                "`python -m feedback reconcile` mends it."
            )
        self._grow(worksheet, rows)
        return worksheet, header

    def begin(self, survey: Survey) -> Worksheet:
        """Add the next worksheet, with its header.

        Raises:
            SheetFull: if the Sheet has too many cells already.
        """
        number = survey.worksheets[-1].number + 1 if survey.worksheets else 1
        rows = BATCH_ROWS + 1
        if survey.cells + rows * WIDTH > WORKBOOK_CELLS:
            raise SheetFull(
                "The Sheet is full: Google allows 10 million cells. Make a new one and set INKRUSH_SHEET_ID."
            )
        title = TITLE if number == 1 else f"{TITLE} {number}"
        grid = {"rowCount": rows, "columnCount": WIDTH, "frozenRowCount": 1}
        added = self._change([{"addSheet": {"properties": {"title": title, "gridProperties": grid}}}])
        worksheet = Worksheet(number, added[0]["addSheet"]["properties"]["sheetId"], title, rows, WIDTH)
        self.append(worksheet, [list(COLUMNS)])
        return worksheet

    def append(self, worksheet: Worksheet, rows: Sequence[Sequence[Cell]]) -> None:
        """Insert rows after the last one and return once Google has said that they are there.

        Raises:
            SheetError: if it has not; they may be there all the same, or arrive later.
        """
        answer = self._connection.values_append(
            self._id,
            f"'{worksheet.title}'!A1",
            {**_RAW, "insertDataOption": "INSERT_ROWS"},
            {"values": rows},
        )
        updated = _UPDATED.search(str(answer.get("updates", {}).get("updatedRange")))
        if updated is None or int(updated[2] or updated[1]) - int(updated[1]) + 1 != len(rows):
            raise SheetError("Google's answer does not say that all rows were written.", is_transient=True)
        self._last_row[worksheet.id] = int(updated[2] or updated[1])

    def put(self, changes: Iterable[tuple[Place, int, Cell]]) -> None:
        """Write single cells: place, index of the column, value."""
        data = [
            {"range": f"'{w.title}'!{_letters(column + 1)}{row}", "values": [[cell]]}
            for (w, row), column, cell in changes
        ]
        self._connection.values_batch_update(self._id, {**_RAW, "data": data})

    def insert_header(self, worksheet: Worksheet) -> None:
        """Put a header above everything, in one step so that nothing can come between."""
        sheet = {"sheetId": worksheet.id}
        top = {**sheet, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
        written = [{"userEnteredValue": {"stringValue": name}} for name in COLUMNS]
        self._change(
            [
                {"insertDimension": {"range": top, "inheritFromBefore": False}},
                {
                    "updateCells": {
                        "start": {**sheet, "rowIndex": 0, "columnIndex": 0},
                        "rows": [{"values": written}],
                        "fields": "userEnteredValue",
                    }
                },
            ]
        )

    def delete(self, places: Iterable[Place]) -> None:
        """Delete rows, all or none of them."""
        downwards = sorted(places, key=lambda place: (place.worksheet.id, place.row), reverse=True)
        self._change(
            [
                {
                    "deleteDimension": {
                        "range": {"sheetId": w.id, "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
                    }
                }
                for w, row in downwards
            ]
        )

    def _found_empty(self, worksheet: Worksheet) -> Worksheet:
        """Make a worksheet ours that somebody made: trim it to our columns, freeze and write the header."""
        grid = {"columnCount": WIDTH, "rowCount": max(worksheet.rows, 2), "frozenRowCount": 1}
        fields = "gridProperties(columnCount,rowCount,frozenRowCount)"
        (first,) = self._get([f"'{worksheet.title}'!A1:{_letters(worksheet.columns)}{worksheet.rows}"])
        if first:
            raise SheetError(
                f"The first row of {worksheet.title!r} is empty, but others are not. "
                "`python -m feedback reconcile` writes the header."
            )
        properties = {"sheetId": worksheet.id, "gridProperties": grid}
        self._change([{"updateSheetProperties": {"properties": properties, "fields": fields}}])
        self.append(worksheet, [list(COLUMNS)])
        return worksheet._replace(columns=WIDTH)

    def _grow(self, worksheet: Worksheet, rows: int) -> None:
        if worksheet.id not in self._last_row:
            self.ids()
        missing = self._last_row[worksheet.id] + rows - worksheet.rows
        if missing > 0:
            length = {"sheetId": worksheet.id, "dimension": "ROWS", "length": missing}
            self._change([{"appendDimension": length}])

    def _get(self, ranges: Iterable[str]) -> list[list[list[Cell]]]:
        """Return the rows of each range; a row ends with its last cell that is not empty."""
        found: list[list[list[Cell]]] = []
        rest = iter(ranges)
        while some := list(islice(rest, _RANGES)):
            answer = self._connection.values_batch_get(self._id, some, dict(_AS_IT_IS))
            answers = answer.get("valueRanges", [])
            if len(answers) != len(some):
                raise SheetError("Google's answer was not about what was asked.", is_transient=True)
            found += [one.get("values", []) for one in answers]
        return found

    def _change(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        answer: dict[str, Any] = self._connection.batch_update(self._id, {"requests": requests})
        replies: list[dict[str, Any]] = answer.get("replies", [])
        return replies


def header_fault(head: Sequence[Cell]) -> str:
    """Return what is wrong with a first row that is no header of ours."""
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        return f"{', '.join(missing)} missing"
    twice = [name for name in COLUMNS if list(head).count(name) > 1]
    return f"{', '.join(twice)} twice" if twice else f"{ID_COLUMN} is not in column A"


def _blocks(places: Iterable[Place]) -> list[tuple[Place, int]]:
    """Return the first and last rows of places, given from the top down, that stand together."""
    blocks: list[tuple[Place, int]] = []
    for place in places:
        if blocks:
            first, last = blocks[-1]
            if place == (first.worksheet, last + 1) and last - first.row < _BLOCK:
                blocks[-1] = first, place.row
                continue
        blocks.append((place, place.row))
    return blocks


def _letters(column: int) -> str:
    """Return the name of a column, from 1."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
