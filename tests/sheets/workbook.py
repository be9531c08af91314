"""A spreadsheet: its worksheets, reading and writing their values, and Google's limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.sheets import a1
from tests.sheets.cells import EMPTY, enter, render
from tests.sheets.errors import make_bad_request
from tests.sheets.grid import Grid, Rectangle

MOST_CELLS: Final = 10_000_000
"""Cells in all worksheets together, empty ones included (https://support.google.com/drive/answer/37603)."""

_INPUT_OPTIONS: Final = ("RAW", "USER_ENTERED")
_INSERT_OPTIONS: Final = ("OVERWRITE", "INSERT_ROWS")
_RENDER_OPTIONS: Final = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
_DIMENSIONS: Final = ("ROWS", "COLUMNS")

Json = dict[str, Any]


@dataclass(slots=True)
class Workbook:
    """A spreadsheet at one moment. Change a copy of it, so that a failed request changes nothing.

    Attributes:
        most_cells: Google's limit for all worksheets together.
        most_rows: a limit for each worksheet, for tests; None for no limit.
    """

    id: str
    title: str = "Untitled spreadsheet"
    grids: list[Grid] = field(default_factory=lambda: [Grid(0, "Sheet1")])
    most_cells: int = MOST_CELLS
    most_rows: int | None = None

    def copy(self) -> Workbook:
        """Return a copy that can be changed independently."""
        copied = Workbook(self.id, self.title, [grid.copy() for grid in self.grids])
        copied.most_cells, copied.most_rows = self.most_cells, self.most_rows
        return copied

    def find(self, title: str) -> Grid | None:
        """Return the worksheet with a title, or None."""
        return next((grid for grid in self.grids if grid.title == title), None)

    def get(self, title: str) -> Grid:
        """Return the worksheet with a title, which must be there."""
        grid = self.find(title)
        assert grid is not None, title
        return grid

    def check_size(self) -> None:
        """Check the workbook against the limits.

        Raises:
            ApiError: 400 if it is too large.
        """
        if sum(grid.rows * grid.columns for grid in self.grids) > self.most_cells:
            raise make_bad_request(
                "This action would increase the number of cells in the workbook above the limit of "
                f"{self.most_cells} cells."
            )
        if self.most_rows is not None and any(grid.rows > self.most_rows for grid in self.grids):
            raise make_bad_request(
                "This action would increase the number of rows in the sheet above the limit of "
                f"{self.most_rows} rows."
            )

    def read(self, text: str, params: Json) -> Json:
        """Return the values of a range as a ValueRange."""
        option = _parse_choice(params, "valueRenderOption", _RENDER_OPTIONS)
        dimension = _parse_choice(params, "majorDimension", _DIMENSIONS)
        grid, area = self._locate(text)
        rectangle = _clip_area(grid, area, text)
        values = [[render(cell, option) for cell in row] for row in grid.read_block(rectangle)]
        if dimension == "COLUMNS":
            values = _transpose(values)
        answer = {"range": a1.name_range(grid.title, *rectangle), "majorDimension": dimension}
        return {**answer, "values": values} if values else answer

    def update(self, text: str, body: Json, params: Json) -> Json:
        """Write values to a range and return an UpdateValuesResponse."""
        option = _parse_input_option(params)
        grid, area = self._locate(text)
        rows = _parse_rows(body)
        top, left, bottom, right = _clip_area(grid, area, text, is_write=True)
        height, width = len(rows), max((len(row) for row in rows), default=0)
        if area.is_cell:
            bottom, right = top + height, left + width
            if bottom > grid.rows or right > grid.columns:
                raise _make_off_grid_error(grid, text)
        if height > bottom - top:
            raise _make_outside_error(grid, text, f"row [{bottom + 1}]")
        if width > right - left:
            raise _make_outside_error(grid, text, f"column [{a1.name_column(right)}]")
        return self._write(grid, top, left, rows, option, params)

    def append(self, text: str, body: Json, params: Json) -> Json:
        """Write values after the last row of the table in a range, and return an AppendValuesResponse."""
        option = _parse_input_option(params)
        insert = _parse_choice(params, "insertDataOption", _INSERT_OPTIONS)
        grid, area = self._locate(text)
        rows = _parse_rows(body)
        rectangle = _clip_area(grid, area, text)
        table = grid.find_table(rectangle)
        row, column = (table[2], table[1]) if table else rectangle[:2]
        if rows and insert == "INSERT_ROWS":
            grid.insert_rows(row, [[] for _ in rows])
        grid.rows = max(grid.rows, row + len(rows))
        grid.columns = max(grid.columns, column + max((len(cells) for cells in rows), default=0))
        self.check_size()
        answer = {"spreadsheetId": self.id, "updates": self._write(grid, row, column, rows, option, params)}
        return {**answer, "tableRange": a1.name_range(grid.title, *table)} if table else answer

    def clear(self, text: str) -> str:
        """Empty the cells of a range and return it."""
        grid, area = self._locate(text)
        top, left, bottom, right = rectangle = _clip_area(grid, area, text)
        for row in range(top, min(bottom, len(grid.cells))):
            for column in range(left, min(right, len(grid.cells[row]) if row < len(grid.cells) else 0)):
                grid.put(row, column, EMPTY)
        return a1.name_range(grid.title, *rectangle)

    def _locate(self, text: str) -> tuple[Grid, a1.Area]:
        """Return the worksheet and the area of a range. A title alone stands for the whole worksheet."""
        if (whole := self.find(text)) is not None:
            return whole, a1.Area()
        try:
            title, cells = a1.split_range(text)
            grid = self.grids[0] if title is None else self.find(title)
            if grid is not None:
                return grid, a1.parse_area(cells)
        except ValueError:
            pass
        raise make_bad_request(f"Unable to parse range: {text}")

    def _write(self, grid: Grid, top: int, left: int, rows: list[list[Any]], option: str, params: Json) -> Json:
        number = 0
        for row, values in enumerate(rows, top):
            for column, value in enumerate(values, left):
                cell = enter(value, option)
                if cell is not None:
                    grid.put(row, column, cell)
                    number += 1
        height, width = len(rows), max((len(row) for row in rows), default=0)
        touched = a1.name_range(grid.title, top, left, top + max(height, 1), left + max(width, 1))
        answer: Json = {"spreadsheetId": self.id, "updatedRange": touched}
        if number:
            answer |= {"updatedRows": height, "updatedColumns": width, "updatedCells": number}
        if str(params.get("includeValuesInResponse", "")).lower() == "true":
            render = params.get("responseValueRenderOption")
            answer["updatedData"] = self.read(touched, {"valueRenderOption": render})
        return answer


def describe_workbook(workbook: Workbook, *, with_cells: bool) -> Json:
    """Return a Spreadsheet."""
    return {
        "spreadsheetId": workbook.id,
        "properties": {
            "title": workbook.title,
            "locale": "en_US",
            "autoRecalc": "ON_CHANGE",
            "timeZone": "Etc/GMT",
        },
        "sheets": [
            {"properties": describe_grid(workbook, grid)}
            | ({"data": [_describe_cells(grid)]} if with_cells else {})
            for grid in workbook.grids
        ],
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{workbook.id}/edit",
    }


def describe_grid(workbook: Workbook, grid: Grid) -> Json:
    """Return SheetProperties. Like Google, it leaves out default values."""
    size = {"rowCount": grid.rows, "columnCount": grid.columns}
    return {
        "sheetId": grid.id,
        "title": grid.title,
        "index": workbook.grids.index(grid),
        "sheetType": "GRID",
        "gridProperties": size | ({"frozenRowCount": grid.frozen} if grid.frozen else {}),
    } | ({"hidden": True} if grid.hidden else {})


def _describe_cells(grid: Grid) -> Json:
    return {
        "rowData": [
            {"values": [{"formattedValue": render(cell)} if cell != EMPTY else {} for cell in row]}
            for row in grid.cells
        ]
    }


def _clip_area(grid: Grid, area: a1.Area, text: str, *, is_write: bool = False) -> Rectangle:
    """Return the area within the grid. An area may end past the grid when reading, but not begin there.

    Raises:
        ApiError: 400.
    """
    bottom = grid.rows if area.bottom is None else area.bottom
    right = grid.columns if area.right is None else area.right
    if area.top >= grid.rows or area.left >= grid.columns:
        raise _make_off_grid_error(grid, text)
    if is_write and (bottom > grid.rows or right > grid.columns):
        raise _make_off_grid_error(grid, text)
    return area.top, area.left, min(bottom, grid.rows), min(right, grid.columns)


def _make_off_grid_error(grid: Grid, text: str) -> Exception:
    _, cells = a1.split_range(text)
    return make_bad_request(
        f"Range ({a1.quote_title(grid.title)}!{cells}) exceeds grid limits. "
        f"Max rows: {grid.rows}, max columns: {grid.columns}"
    )


def _make_outside_error(grid: Grid, text: str, where: str) -> Exception:
    _, cells = a1.split_range(text)
    return make_bad_request(
        f"Requested writing within range [{a1.quote_title(grid.title)}!{cells}], but tried writing to {where}"
    )


def _parse_rows(body: Json) -> list[list[Any]]:
    values = body.get("values", [])
    if not isinstance(values, list) or any(not isinstance(row, list) for row in values):
        raise make_bad_request("Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue)")
    if _parse_choice(body, "majorDimension", _DIMENSIONS) == "COLUMNS":
        return _transpose(values, None)
    return values


def _transpose(rows: list[list[Any]], missing: Any = EMPTY) -> list[list[Any]]:
    """Turn columns into rows or rows into columns, each up to its last cell that is not empty."""
    width = max((len(row) for row in rows), default=0)
    columns = [[row[i] if i < len(row) else missing for row in rows] for i in range(width)]
    for column in columns:
        while column and column[-1] in ("", None):
            column.pop()
    return columns


def _parse_input_option(params: Json) -> str:
    option = params.get("valueInputOption")
    if option is None:
        raise make_bad_request("'valueInputOption' is required but not specified")
    if option not in _INPUT_OPTIONS:
        raise make_bad_request(f"Invalid value at 'value_input_option': \"{option}\"")
    return str(option)


def _parse_choice(params: Json, name: str, choices: tuple[str, ...]) -> str:
    chosen = params.get(name)
    if chosen is None:
        return choices[0]
    if chosen not in choices:
        raise make_bad_request(f"Invalid value at '{name}': \"{chosen}\"")
    return str(chosen)


def list_touched_rows(answers: list[Json]) -> Iterator[tuple[str, int]]:
    """Yield the title and row of every row that updates wrote to, with repetitions."""
    for answer in answers:
        title, cells = a1.split_range(answer["updatedRange"])
        area = a1.parse_area(cells)
        for row in range(area.top, area.bottom or area.top + 1):
            yield str(title), row
