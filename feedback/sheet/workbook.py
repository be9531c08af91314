"""Everything that is asked of the Sheet. All of it blocks, so call it in a thread; all of it raises SheetError."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from feedback.sheet.columns import COLUMNS, ID_COLUMN, STANDARD_HEADER, WIDTH, Cell, Header
from feedback.sheet.errors import SheetError, SheetFull
from feedback.sheet.tuning import BATCH_ROWS, WORKBOOK_CELLS

if TYPE_CHECKING:
    from feedback.sheet.connection import Connection

_UPDATED_RANGE: Final = re.compile(r"!A(\d+)(?::[A-Z]+(\d+))?$")
_RAW: Final = {"valueInputOption": "RAW"}
_UNFORMATTED: Final = {"valueRenderOption": "UNFORMATTED_VALUE"}
_RANGES: Final = 100  # in one request, so that its address stays short
_BLOCK: Final = 400  # rows in one range
_PAGE: Final = 2_000  # rows in one answer


class _ValueRange(msgspec.Struct):
    values: list[list[str | int | float | bool]] = []


class Worksheet(NamedTuple):
    """A worksheet: Google's id and title, and the rows and columns of its grid.

    ``number`` is the place of one of ours in the order in which they were begun, from 1; 0 for somebody else's.
    """

    number: int
    id: int
    title: str
    rows: int
    columns: int


class Place(NamedTuple):
    """A row: its worksheet, and its number there, from 1."""

    worksheet: Worksheet
    row: int

    def __str__(self) -> str:
        return f"{self.worksheet.title} row {self.row}"


class Survey(NamedTuple):
    """What is in the Sheet.

    Attributes:
        title: the Sheet's title.
        worksheets: ours, in the order in which they were begun.
        others: those of other people.
        cells: cells of all worksheets together.
    """

    title: str
    worksheets: list[Worksheet]
    others: list[Worksheet]
    cells: int


class Row(NamedTuple):
    """A row as it was read."""

    place: Place
    cells: list[Cell]


class Workbook:
    """A Sheet that belongs to people, in which some worksheets are ours.

    Rows are only appended, by an insertion that overwrites nothing. Only `write_cells` and `delete_rows` address a
    row by its position. The first leaves people's columns alone; after the second the caller checks what happened.

    Attributes:
        numbers: the numbers of our worksheets, by Google's id. Whoever knows the store sets them.
    """

    def __init__(self, connection: Connection, spreadsheet: str) -> None:
        self.numbers: Mapping[int, int] = {}
        self._connection = connection
        self._id = spreadsheet
        self._last_row: dict[int, int] = {}

    def survey(self) -> Survey:
        """Return what is in the Sheet.

        Raises:
            SheetError: if it cannot be read, or the answer is not about a Sheet, as from a captive portal.
        """
        fields = "properties.title,sheets.properties(sheetId,title,gridProperties)"
        answer = self._connection.fetch_sheet_metadata(self._id, {"fields": fields})
        try:
            worksheets = [self._parse_worksheet(sheet["properties"]) for sheet in answer["sheets"]]
        except (KeyError, TypeError, AttributeError):
            raise SheetError("Google's answer is not about a Sheet.", is_transient=True) from None
        return Survey(
            str(answer.get("properties", {}).get("title", "")),
            sorted(worksheet for worksheet in worksheets if worksheet.number),
            [worksheet for worksheet in worksheets if not worksheet.number],
            sum(worksheet.rows * worksheet.columns for worksheet in worksheets),
        )

    def read_first_rows(self, worksheets: Sequence[Worksheet]) -> list[list[Cell]]:
        """Return the first row of each worksheet."""
        answers = self._read(f"{_quote(w)}!A1:{_name_column(w.columns)}1" for w in worksheets)
        return [rows[0] if rows else [] for rows in answers]

    def read_ids(self) -> set[str]:
        """Return everything in column A of all our worksheets."""
        worksheets = self.survey().worksheets
        answers = self._read(f"{_quote(w)}!A1:A" for w in worksheets)
        self._last_row |= {w.id: len(rows) for w, rows in zip(worksheets, answers, strict=True)}
        return {str(row[0]) for rows in answers for row in rows if row}

    def read_columns(self, worksheet: Worksheet, places: Sequence[int]) -> list[list[Cell]]:
        """Return whole columns by their index, from row 1 to their last cell that is not empty."""
        names = [_name_column(place + 1) for place in places]
        answers = self._read(f"{_quote(worksheet)}!{name}1:{name}" for name in names)
        return [[row[0] if row else "" for row in rows] for rows in answers]

    def read_rows(self, places: Sequence[Place]) -> list[Row]:
        """Return rows with all their cells, from the top down."""
        blocks = _find_blocks(sorted(places))  # rows that arrived together are mostly next to each other
        rows: list[Row] = []
        ranges = [f"{_quote(w)}!A{first}:{_name_column(w.columns)}{last}" for (w, first), last in blocks]
        for (first, last), block in zip(blocks, self._read(ranges), strict=True):
            rows += _number_rows(first.worksheet, first.row, last, block)
        return rows

    def read_page(self, worksheet: Worksheet, first: int) -> list[Row]:
        """Return up to 2,000 rows from row ``first`` on, or none past the end."""
        last = min(first + _PAGE - 1, worksheet.rows)
        if first > last:
            return []
        (page,) = self._read([f"{_quote(worksheet)}!A{first}:{_name_column(worksheet.columns)}{last}"])
        return _number_rows(worksheet, first, last, page)

    def prepare(self, worksheet: Worksheet, rows: int) -> tuple[Worksheet, Header]:
        """Make room in a worksheet for ``rows`` more, and return it with the places of its columns.

        Raises:
            SheetFull: if there is no room.
            SheetError: if the header is damaged.
        """
        (first_row,) = self.read_first_rows([worksheet])
        if not first_row:
            return self._take_empty(worksheet), STANDARD_HEADER
        header = Header.parse(first_row)
        if header is None:
            raise SheetError(
                f"The header of the worksheet {worksheet.title!r} is damaged ({describe_damage(first_row)}). "
                "`python -m feedback reconcile` repairs it."
            )
        self._grow(worksheet, rows)
        return worksheet, header

    def add_worksheet(self, survey: Survey, worksheet_id: int, number: int, title: str) -> Worksheet:
        """Add a worksheet with its header, in one step.

        Raises:
            SheetFull: if the Sheet has too many cells already.
        """
        rows = BATCH_ROWS + 1
        if survey.cells + rows * WIDTH > WORKBOOK_CELLS:
            raise SheetFull(
                "The Sheet is full: Google allows 10 million cells. Create a new one and set INKRUSH_SHEET_ID."
            )
        grid = {"rowCount": rows, "columnCount": WIDTH, "frozenRowCount": 1}
        properties = {"sheetId": worksheet_id, "title": title, "gridProperties": grid}
        self._change([{"addSheet": {"properties": properties}}, _make_header_request(worksheet_id)])
        self._last_row[worksheet_id] = 1
        return Worksheet(number, worksheet_id, title, rows, WIDTH)

    def append_rows(self, worksheet: Worksheet, rows: Sequence[Sequence[Cell]]) -> None:
        """Insert rows after the last one. Returns once Google has said that they are there.

        Raises:
            SheetError: if Google has not said so. They may be there all the same, or arrive later.
        """
        answer = self._connection.values_append(
            self._id,
            f"{_quote(worksheet)}!A1",
            {**_RAW, "insertDataOption": "INSERT_ROWS"},
            {"values": rows},
        )
        updated = _UPDATED_RANGE.search(str(answer.get("updates", {}).get("updatedRange")))
        if updated is None or int(updated[2] or updated[1]) - int(updated[1]) + 1 != len(rows):
            raise SheetError("Google's answer does not say that all rows were written.", is_transient=True)
        self._last_row[worksheet.id] = int(updated[2] or updated[1])

    def write_cells(self, changes: Iterable[tuple[Place, int, Cell]]) -> None:
        """Write single cells, given as a row, the index of a column, and a value."""
        data = [
            {"range": f"{_quote(w)}!{_name_column(column + 1)}{row}", "values": [[cell]]}
            for (w, row), column, cell in changes
        ]
        self._connection.values_batch_update(self._id, {**_RAW, "data": data})

    def insert_header(self, worksheet: Worksheet) -> None:
        """Insert a header above all rows, in one step so that no other change can come between."""
        top = {"sheetId": worksheet.id, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
        insertion = {"insertDimension": {"range": top, "inheritFromBefore": False}}
        self._change([insertion, _make_header_request(worksheet.id)])

    def delete_rows(self, places: Iterable[Place]) -> None:
        """Delete rows, all or none of them."""
        from_the_bottom = sorted(places, key=lambda place: (place.worksheet.id, place.row), reverse=True)
        self._change(
            [
                {
                    "deleteDimension": {
                        "range": {"sheetId": w.id, "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
                    }
                }
                for w, row in from_the_bottom
            ]
        )

    def _parse_worksheet(self, properties: Mapping[str, Any]) -> Worksheet:
        grid = properties.get("gridProperties", {})  # a chart's worksheet has no grid
        worksheet_id = properties.get("sheetId", 0)
        size = grid.get("rowCount", 0), grid.get("columnCount", 0)
        return Worksheet(self.numbers.get(worksheet_id, 0), worksheet_id, properties["title"], *size)

    def _take_empty(self, worksheet: Worksheet) -> Worksheet:
        """Trim an empty worksheet to our columns and write the header."""
        (rows,) = self._read([f"{_quote(worksheet)}!A1:{_name_column(worksheet.columns)}{worksheet.rows}"])
        if rows:
            raise SheetError(
                f"The first row of the worksheet {worksheet.title!r} is empty, but others are not. "
                "`python -m feedback reconcile` writes the header."
            )
        grid = {"columnCount": WIDTH, "rowCount": max(worksheet.rows, 2), "frozenRowCount": 1}
        fields = "gridProperties(columnCount,rowCount,frozenRowCount)"
        properties = {"sheetId": worksheet.id, "gridProperties": grid}
        self._change([{"updateSheetProperties": {"properties": properties, "fields": fields}}])
        self.append_rows(worksheet, [list(COLUMNS)])
        return worksheet._replace(columns=WIDTH)

    def _grow(self, worksheet: Worksheet, rows: int) -> None:
        if worksheet.id not in self._last_row:
            self.read_ids()
        missing = self._last_row.get(worksheet.id, 0) + rows - worksheet.rows
        if missing > 0:
            length = {"sheetId": worksheet.id, "dimension": "ROWS", "length": missing}
            self._change([{"appendDimension": length}])

    def _read(self, ranges: Iterable[str]) -> list[list[list[Cell]]]:
        """Return the rows of each range. A row ends with its last cell that is not empty."""
        values: list[list[list[Cell]]] = []
        remaining = iter(ranges)
        while batch := list(islice(remaining, _RANGES)):
            answer = self._connection.values_batch_get(self._id, batch, dict(_UNFORMATTED))
            try:
                value_ranges = msgspec.convert(answer.get("valueRanges", []), list[_ValueRange])
            except msgspec.ValidationError:
                value_ranges = []
            if len(value_ranges) != len(batch):
                raise SheetError("Google's answer does not match what was asked.", is_transient=True)
            values += [value_range.values for value_range in value_ranges]
        return values

    def _change(self, requests: list[dict[str, Any]]) -> None:
        self._connection.batch_update(self._id, {"requests": requests})


def describe_damage(first_row: Sequence[Cell]) -> str:
    """Return what is wrong with a first row that is not our header."""
    missing = [name for name in COLUMNS if name not in first_row]
    if missing:
        return f"{', '.join(missing)} missing"
    repeated = [name for name in COLUMNS if list(first_row).count(name) > 1]
    return f"{', '.join(repeated)} twice" if repeated else f"{ID_COLUMN} is not in column A"


def _make_header_request(worksheet_id: int) -> dict[str, Any]:
    """Return the request that writes the header into the first row."""
    cells = [{"userEnteredValue": {"stringValue": name}} for name in COLUMNS]
    return {
        "updateCells": {
            "start": {"sheetId": worksheet_id, "rowIndex": 0, "columnIndex": 0},
            "rows": [{"values": cells}],
            "fields": "userEnteredValue",
        }
    }


def _number_rows(worksheet: Worksheet, first: int, last: int, cells: list[list[Cell]]) -> list[Row]:
    """Return rows ``first`` to ``last`` with their places. An answer leaves out empty rows at its end."""
    padded = cells + [[] for _ in range(last - first + 1 - len(cells))]
    return [Row(Place(worksheet, first + index), row) for index, row in enumerate(padded)]


def _find_blocks(places: Iterable[Place]) -> list[tuple[Place, int]]:
    """Return the first and last rows of places, sorted from the top down, that are next to each other."""
    blocks: list[tuple[Place, int]] = []
    for place in places:
        if blocks:
            first, last = blocks[-1]
            if place == (first.worksheet, last + 1) and last - first.row < _BLOCK:
                blocks[-1] = first, place.row
                continue
        blocks.append((place, place.row))
    return blocks


def _quote(worksheet: Worksheet) -> str:
    """Return a worksheet's title as A1 notation wants it."""
    return "'" + worksheet.title.replace("'", "''") + "'"


def _name_column(column: int) -> str:
    """Return the letters of a column, counted from 1."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
