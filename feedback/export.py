"""Rounds as lines of JSON, as Quick, Draw! has them, or as rows of CSV for a spreadsheet program."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

from feedback.cells import guard_cell
from feedback.line import Line, make_line
from feedback.records import Round

COLUMNS: Final = Line.__struct_fields__
"""The header of CSV files."""

JSON_COLUMNS: Final = frozenset({"drawing", "top"})
"""Columns whose cells hold JSON."""

MARK: Final = codecs.BOM_UTF8
"""Begins a CSV file: without it Excel takes UTF-8 for the code page of its country."""

_ENCODER: Final = msgspec.json.Encoder()


def ndjson_line(kept: Round) -> bytes:
    """Return one round as a line of JSON; `feedback.line.Line` says what its fields are."""
    return _ENCODER.encode(make_line(kept)) + b"\n"


def csv_head() -> bytes:
    """Return what a CSV file begins with."""
    return MARK + _csv_row(COLUMNS)


def csv_line(kept: Round) -> bytes:
    """Return one round as a row of CSV (RFC 4180): what is not known is empty, lists are JSON."""
    fields = msgspec.to_builtins(make_line(kept))
    return _csv_row([_cell(fields[name]) for name in COLUMNS])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return guard_cell(value if isinstance(value, str) else _ENCODER.encode(value).decode())


def _csv_row(cells: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


class Format(NamedTuple):
    """A kind of file: its media type, what it begins with, and how a round is written."""

    media_type: str
    head: bytes
    line: Callable[[Round], bytes]


FORMATS: Final = {
    "ndjson": Format("application/x-ndjson", b"", ndjson_line),
    "csv": Format("text/csv; charset=utf-8", csv_head(), csv_line),
}
