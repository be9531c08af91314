"""The requests of ``spreadsheets:batchUpdate``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.sheets import fieldmask
from tests.sheets.cells import EMPTY, parse_extended
from tests.sheets.errors import ApiError, make_bad_request
from tests.sheets.grid import Grid, Rectangle
from tests.sheets.workbook import Json, Workbook, describe_grid


def apply(workbook: Workbook, requests: list[Json]) -> list[Json]:
    """Change the workbook by each request in turn and return their replies.

    Raises:
        ApiError: for the first request that cannot be carried out. Discard the workbook then.
    """
    if not requests:
        raise make_bad_request("Must specify at least one request.")
    replies = []
    for number, request in enumerate(requests):
        kinds = [kind for kind in request if kind in _CHANGES]
        if len(kinds) != 1 or len(request) != 1:
            unknown = next((kind for kind in request if kind not in _CHANGES), "")
            raise make_bad_request(
                f"Invalid JSON payload received. Unknown name \"{unknown}\" at 'requests[{number}]': "
                "Cannot find field."
            )
        (kind,) = kinds
        try:
            replies.append(_CHANGES[kind](workbook, request[kind]))
            workbook.check_size()
        except ApiError as error:
            raise make_bad_request(f"Invalid requests[{number}].{kind}: {error.message}") from error
        except (KeyError, TypeError) as error:
            message = f"Invalid requests[{number}].{kind}: {error} is missing or of a wrong type"
            raise make_bad_request(message) from error
    return replies


def _add_sheet(workbook: Workbook, request: Json) -> Json:
    asked = request.get("properties", {})
    taken = {grid.id for grid in workbook.grids}
    new_id = asked.get("sheetId", next(i for i in range(1_000_001, 2_000_000, 7919) if i not in taken))
    if new_id in taken:
        raise make_bad_request(f"A sheet with id {new_id} already exists. Please use another id.")
    grid = Grid(new_id, asked.get("title") or f"Sheet{len(workbook.grids) + 1}")
    _check_title(workbook, grid.title)
    size = asked.get("gridProperties", {})
    grid.rows, grid.columns = size.get("rowCount", grid.rows), size.get("columnCount", grid.columns)
    grid.frozen = size.get("frozenRowCount", 0)
    _check_grid(grid)
    workbook.grids.insert(asked.get("index", len(workbook.grids)), grid)
    return {"addSheet": {"properties": describe_grid(workbook, grid)}}


def _delete_sheet(workbook: Workbook, request: Json) -> Json:
    grid = _find_grid(workbook, request.get("sheetId", 0))
    if len(workbook.grids) == 1:
        raise make_bad_request("You can't remove all the sheets in a document.")
    workbook.grids.remove(grid)
    return {}


def _update_sheet(workbook: Workbook, request: Json) -> Json:
    asked = request["properties"]
    grid = _find_grid(workbook, asked.get("sheetId", 0))
    mask = fieldmask.parse_mask(request.get("fields", ""))
    if not mask:
        raise make_bad_request("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    everything = "*" in mask
    if (everything or "title" in mask) and asked.get("title") != grid.title:
        _check_title(workbook, asked["title"])
        grid.title = asked["title"]
    if everything or "hidden" in mask:
        grid.hidden = asked.get("hidden", False)
    if everything or "index" in mask:
        workbook.grids.remove(grid)
        workbook.grids.insert(asked.get("index", 0), grid)
    if everything or "gridProperties" in mask:
        inner = mask.get("gridProperties", {})
        size = asked.get("gridProperties", {})
        named = set(inner) if inner and "*" not in inner else {"rowCount", "columnCount", "frozenRowCount"}
        if "frozenRowCount" in named:
            grid.frozen = size.get("frozenRowCount", 0)
        grid.resize(
            size.get("rowCount", 0) if "rowCount" in named else grid.rows,
            size.get("columnCount", 0) if "columnCount" in named else grid.columns,
        )
        _check_grid(grid)
    return {}


def _append_dimension(workbook: Workbook, request: Json) -> Json:
    grid = _find_grid(workbook, request.get("sheetId", 0))
    if request["length"] < 1:
        raise make_bad_request("length must be greater than zero.")
    if _is_rows(request):
        grid.resize(grid.rows + request["length"], grid.columns)
    else:
        grid.resize(grid.rows, grid.columns + request["length"])
    return {}


def _insert_dimension(workbook: Workbook, request: Json) -> Json:
    span = request["range"]
    grid = _find_grid(workbook, span.get("sheetId", 0))
    start, end = span.get("startIndex", 0), span["endIndex"]
    if request.get("inheritFromBefore") and start == 0:
        raise make_bad_request("inheritFromBefore cannot be true if the start index is 0.")
    length = grid.rows if _is_rows(span) else grid.columns
    if not 0 <= start < end or start > length:
        raise make_bad_request(f"startIndex[{start}] must be less than the grid size ({length}).")
    if _is_rows(span):
        grid.insert_rows(start, [[] for _ in range(end - start)])
    else:
        grid.insert_columns(start, end - start)
    return {}


def _delete_dimension(workbook: Workbook, request: Json) -> Json:
    span = request["range"]
    grid = _find_grid(workbook, span.get("sheetId", 0))
    kind, length = ("row", grid.rows) if _is_rows(span) else ("column", grid.columns)
    start, end = span.get("startIndex", 0), span.get("endIndex", length)
    if start >= length:
        raise make_bad_request(
            f"Cannot delete a {kind} that doesn't exist. Tried to delete {kind} index {start} but there are only "
            f"{length} {kind}s."
        )
    end = min(end, length)
    if end - start == length:
        raise make_bad_request(f"You can't delete all the {kind}s on the sheet.")
    if kind == "row":
        if start <= grid.frozen and end == length:
            raise make_bad_request("Sorry, it is not possible to delete all non-frozen rows.")
        grid.delete_rows(start, end)
        grid.frozen -= max(0, min(end, grid.frozen) - start)
    else:
        grid.delete_columns(start, end)
    return {}


def _sort_range(workbook: Workbook, request: Json) -> Json:
    grid, rectangle = _find_range(workbook, request["range"])
    keys = [
        (spec.get("dimensionIndex", 0), spec.get("sortOrder", "ASCENDING") == "DESCENDING")
        for spec in request["sortSpecs"]
    ]
    if any(not rectangle[1] <= column < rectangle[3] for column, _ in keys):
        raise make_bad_request("The sort column is outside the range.")
    grid.sort(rectangle, keys)
    return {}


def _update_cells(workbook: Workbook, request: Json) -> Json:
    if "start" in request:
        start = request["start"]
        grid = _find_grid(workbook, start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    else:
        grid, (top, left, *_) = _find_range(workbook, request["range"])
    _put(grid, top, left, request)
    return {}


def _append_cells(workbook: Workbook, request: Json) -> Json:
    """Add rows after the last one that is not empty, whatever tables there are."""
    grid = _find_grid(workbook, request.get("sheetId", 0))
    top = len(grid.cells)
    grid.rows = max(grid.rows, top + len(request["rows"]))
    grid.columns = max(grid.columns, *(len(row.get("values", [])) for row in request["rows"]))
    _put(grid, top, 0, request)
    return {}


def _put(grid: Grid, top: int, left: int, request: Json) -> None:
    mask = fieldmask.parse_mask(request.get("fields", ""))
    if "userEnteredValue" not in mask and "*" not in mask:
        return
    for row, data in enumerate(request["rows"], top):
        for column, cell in enumerate(data.get("values", []), left):
            if row >= grid.rows or column >= grid.columns:
                raise make_bad_request("Attempting to write outside the bounds of the sheet.")
            value = cell.get("userEnteredValue")
            grid.put(row, column, parse_extended(value) if value else EMPTY)


_CHANGES: Final[dict[str, Callable[[Workbook, Json], Json]]] = {
    "addSheet": _add_sheet,
    "appendCells": _append_cells,
    "appendDimension": _append_dimension,
    "deleteDimension": _delete_dimension,
    "deleteSheet": _delete_sheet,
    "insertDimension": _insert_dimension,
    "sortRange": _sort_range,
    "updateCells": _update_cells,
    "updateSheetProperties": _update_sheet,
}


def _find_grid(workbook: Workbook, sheet_id: int) -> Grid:
    for grid in workbook.grids:
        if grid.id == sheet_id:
            return grid
    raise make_bad_request(f"No grid with id: {sheet_id}")


def _find_range(workbook: Workbook, span: Json) -> tuple[Grid, Rectangle]:
    grid = _find_grid(workbook, span.get("sheetId", 0))
    return grid, (
        span.get("startRowIndex", 0),
        span.get("startColumnIndex", 0),
        min(span.get("endRowIndex", grid.rows), grid.rows),
        min(span.get("endColumnIndex", grid.columns), grid.columns),
    )


def _is_rows(span: dict[str, Any]) -> bool:
    dimension = span["dimension"]
    if dimension not in ("ROWS", "COLUMNS"):
        raise make_bad_request("dimension must be ROWS or COLUMNS.")
    return bool(dimension == "ROWS")


def _check_title(workbook: Workbook, title: str) -> None:
    if any(grid.title.casefold() == title.casefold() for grid in workbook.grids):
        raise make_bad_request(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _check_grid(grid: Grid) -> None:
    if grid.rows < 1 or grid.columns < 1:
        raise make_bad_request("A grid must have at least one row and one column.")
    if grid.frozen >= grid.rows:
        raise make_bad_request("You can't freeze all visible rows on the sheet.")
