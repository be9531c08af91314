"""Rounds as lines of JSON in the layout of Quick, Draw!, or as rows of CSV for a spreadsheet program."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import msgspec

from feedback.cells import guard_cell
from feedback.line import Line, make_line
from feedback.records import Round

COLUMNS: Final = Line.__struct_fields__
"""The header of CSV files."""

JSON_COLUMNS: Final = frozenset({"drawing", "top"})
"""Columns whose cells hold JSON."""

_ENCODER: Final = msgspec.json.Encoder()


def encode_ndjson(round_: Round) -> bytes:
    """Return one round as a line of JSON; `feedback.line.Line` says what its fields are."""
    return _ENCODER.encode(make_line(round_)) + b"\n"


def make_csv_header() -> bytes:
    """Return the beginning of a CSV file: a byte order mark and the header.

    Without the mark, Excel reads UTF-8 as the code page of its country.
    """
    return codecs.BOM_UTF8 + _encode_row(COLUMNS)


def encode_csv_row(round_: Round) -> bytes:
    """Return one round as a row of CSV (RFC 4180): unknown values are empty cells, lists are JSON."""
    fields = msgspec.to_builtins(make_line(round_))
    return _encode_row([_make_cell(fields[name]) for name in COLUMNS])


def _make_cell(value: Any) -> str:
    if value is None:
        return ""
    return guard_cell(value if isinstance(value, str) else _ENCODER.encode(value).decode())


def _encode_row(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


class Format(NamedTuple):
    """A kind of file: its media type, its beginning, and the function that encodes a round."""

    media_type: str
    header: bytes
    encode: Callable[[Round], bytes]


FORMATS: Final = {
    "ndjson": Format("application/x-ndjson", b"", encode_ndjson),
    "csv": Format("text/csv; charset=utf-8", make_csv_header(), encode_csv_row),
}
