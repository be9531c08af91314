"""The methods of the API: requests and their answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from tests.sheets import changes, fieldmask
from tests.sheets.errors import ApiError, make_bad_request
from tests.sheets.workbook import Json, Workbook, describe_workbook, list_touched_rows


@dataclass(frozen=True, slots=True)
class Call:
    """A request: a method of the API for one spreadsheet. ``work`` reads or changes the workbook it is given."""

    name: str
    spreadsheet: str
    is_write: bool
    work: Callable[[Workbook], Json]


_PATH: Final = re.compile(r"/v4/spreadsheets/(?P<id>[^/:]+)(?P<rest>.*)")
_VALUES: Final = re.compile(r"/values/(?P<range>.+?)(?P<verb>:append|:clear)?")


def route(method: str, path: str, query: dict[str, list[str]], body: Json) -> Call:
    """Return the call that an HTTP request makes.

    Args:
        method: the HTTP method.
        path: the path, still percent-encoded.
        query: the query as `urllib.parse.parse_qs` returns it.
        body: the JSON body.

    Raises:
        ApiError: 404 if Google has nothing at this path.
    """
    match = _PATH.fullmatch(path)
    if match is None:
        raise ApiError(404, "Not found")
    spreadsheet, rest = unquote(match["id"]), match["rest"]
    params: Json = {name: values[-1] for name, values in query.items()}
    params["ranges"] = query.get("ranges", [])
    key = (method, rest)
    if method in ("GET", "POST") and key in _WHOLE:
        name, work = _WHOLE[key]
        return Call(name, spreadsheet, method != "GET", lambda workbook: work(workbook, params, body))
    values = _VALUES.fullmatch(rest)
    chosen = _RANGED.get((method, values["verb"])) if values else None
    if values is None or chosen is None:
        raise ApiError(404, "Not found")
    name, ranged = chosen
    text = unquote(values["range"])
    return Call(name, spreadsheet, method != "GET", lambda workbook: ranged(workbook, text, params, body))


def _get_spreadsheet(workbook: Workbook, params: Json, body: Json) -> Json:
    del body
    mask = fieldmask.parse_mask(params.get("fields", ""))
    with_cells = "data" in mask.get("sheets", {}) if mask else params.get("includeGridData") == "true"
    answer: Json = fieldmask.select(describe_workbook(workbook, with_cells=with_cells), mask)
    return answer


def _batch_update(workbook: Workbook, params: Json, body: Json) -> Json:
    del params
    return {"spreadsheetId": workbook.id, "replies": changes.apply(workbook, body.get("requests", []))}


def _batch_get(workbook: Workbook, params: Json, body: Json) -> Json:
    del body
    value_ranges = [workbook.read(text, params) for text in params["ranges"]]
    return {"spreadsheetId": workbook.id} | ({"valueRanges": value_ranges} if value_ranges else {})


def _values_batch_update(workbook: Workbook, params: Json, body: Json) -> Json:
    del params
    options = {key: value for key, value in body.items() if key != "data"}
    for data in body.get("data", []):
        if "range" not in data:
            raise make_bad_request("Invalid data: range is missing")
    responses = [workbook.update(data["range"], data, options) for data in body.get("data", [])]
    written = [answer for answer in responses if "updatedCells" in answer]
    rows = set(list_touched_rows(written))
    return {
        "spreadsheetId": workbook.id,
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": max((answer["updatedColumns"] for answer in written), default=0),
        "totalUpdatedCells": sum(answer["updatedCells"] for answer in written),
        "totalUpdatedSheets": len({title for title, _ in rows}),
        "responses": responses,
    }


def _batch_clear(workbook: Workbook, params: Json, body: Json) -> Json:
    del params
    return {
        "spreadsheetId": workbook.id,
        "clearedRanges": [workbook.clear(text) for text in body.get("ranges", [])],
    }


def _get(workbook: Workbook, text: str, params: Json, body: Json) -> Json:
    del body
    return workbook.read(text, params)


def _update(workbook: Workbook, text: str, params: Json, body: Json) -> Json:
    return workbook.update(text, body, params)


def _append(workbook: Workbook, text: str, params: Json, body: Json) -> Json:
    return workbook.append(text, body, params)


def _clear(workbook: Workbook, text: str, params: Json, body: Json) -> Json:
    del params, body
    return {"spreadsheetId": workbook.id, "clearedRange": workbook.clear(text)}


_WHOLE: Final[dict[tuple[str, str], tuple[str, Callable[[Workbook, Json, Json], Json]]]] = {
    ("GET", ""): ("get", _get_spreadsheet),
    ("POST", ":batchUpdate"): ("batchUpdate", _batch_update),
    ("GET", "/values:batchGet"): ("values.batchGet", _batch_get),
    ("POST", "/values:batchUpdate"): ("values.batchUpdate", _values_batch_update),
    ("POST", "/values:batchClear"): ("values.batchClear", _batch_clear),
}

_RANGED: Final[dict[tuple[str, str | None], tuple[str, Callable[[Workbook, str, Json, Json], Json]]]] = {
    ("GET", None): ("values.get", _get),
    ("PUT", None): ("values.update", _update),
    ("POST", ":append"): ("values.append", _append),
    ("POST", ":clear"): ("values.clear", _clear),
}
