"""Read rounds from the rows of a CSV file, with any separator and the columns in any order."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec

from feedback.importing.encoding import LONGEST_LINE
from feedback.importing.errors import NotRounds, UnusableLine, explain_mismatch
from feedback.importing.spreadsheet_values import is_empty_cell, parse_cell
from feedback.line import Line, parse_line
from feedback.records import Round

_SEPARATORS: Final = ",;\t|"  # a program's country, or its user, chooses one
_ROW_LINES: Final = 1000  # a row with more lines has lost a quote
_COLUMNS: Final = frozenset(Line.__struct_fields__)
_REQUIRED: Final = tuple(field.name for field in msgspec.structs.fields(Line) if field.required)


class Table(NamedTuple):
    """How a CSV file is laid out.

    Attributes:
        header: the names of its columns.
        separator: the character between two cells.
        header_line: the number of the header's line, from 1. A title, blank rows or ``sep=;`` may come before it.
    """

    header: list[str]
    separator: str
    header_line: int


def find_table(opening: str) -> Table | None:
    """Return the layout of the CSV file that begins with ``opening``; None if no row names the column key_id."""
    for number, line in enumerate(opening.split("\n"), 1):
        if "key_id" not in line or line.lstrip().startswith("{"):
            continue
        for separator in _SEPARATORS:
            # Semicolons after a header of commas are empty cells of a program that separates by semicolons.
            line_end = "\r;" if separator == "," else "\r"
            try:
                cells = _split_row([line.rstrip(line_end)], separator)
            except ValueError:
                continue
            header = [cell.strip() for cell in cells]
            if "key_id" in header:
                return Table(header, separator, number)
    return None


def read_csv(lines: Iterable[bytes], table: Table) -> Iterator[Round | UnusableLine]:
    """Yield the round of each row, or why the row cannot be used. Blank rows are left out.

    Raises:
        NotRounds: if the header lacks a column that every round needs, or names a column twice.
    """
    missing = [name for name in _REQUIRED if name not in table.header]
    if missing:
        raise NotRounds(f"columns are missing: {', '.join(missing)}")
    repeated = [name for name, count in Counter(table.header).items() if count > 1 and name in _COLUMNS]
    if repeated:
        raise NotRounds(f"columns are there twice: {', '.join(repeated)}")
    csv.field_size_limit(LONGEST_LINE)
    # A byte that is not UTF-8 becomes a lone surrogate, so that it spoils its own cell and not the whole file.
    rows = _Rows(line.decode(errors="surrogateescape") for line in lines)
    rows.skip_lines(table.header_line)
    for row in rows:
        line_number = rows.number
        try:
            fields = _read_fields(table, row)
            round_ = fields and parse_line(msgspec.convert(fields, Line, strict=False))
        except msgspec.ValidationError as error:
            yield UnusableLine(line_number, explain_mismatch(error))
        except ValueError as error:
            yield UnusableLine(line_number, str(error))
        else:
            if round_:
                yield round_
            continue
        rows.give_back(row[1:])


class _Rows:
    """The rows of a file, each a list of its lines. ``number`` is the number of the last row's first line.

    A cell with line breaks makes a row of several lines. The row goes on while its number of quotes is odd. After
    a damaged row, all lines but its first can be given back, so that a stray quote does not spoil the next rows.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._given_back: deque[str] = deque()
        self._next_number = 1
        self.number = 0

    def __iter__(self) -> Iterator[list[str]]:
        while (line := self._take_line()) is not None:
            self.number = self._next_number
            row = [line]
            quotes = line.count('"')
            while quotes % 2 and len(row) < _ROW_LINES and (line := self._take_line()) is not None:
                row.append(line)
                quotes += line.count('"')
            self._next_number += len(row)
            yield row

    def skip_lines(self, count: int) -> None:
        self._next_number += sum(1 for _ in islice(self._lines, count))

    def give_back(self, lines: list[str]) -> None:
        self._next_number -= len(lines)
        self._given_back.extendleft(reversed(lines))

    def _take_line(self) -> str | None:
        return self._given_back.popleft() if self._given_back else next(self._lines, None)


def _read_fields(table: Table, row: list[str]) -> dict[str, Any]:
    """Return the values of a row by column; an empty dict if all our columns are blank.

    Raises:
        ValueError: if it cannot be read; the message says why.
    """
    if not any(line.strip() for line in row):
        return {}
    cells = _split_row(row, table.separator)
    # Excel leaves out the last separators of some rows whose last cells are empty. But a short row without a line
    # end is the end of a file that was cut off.
    is_cut = len(cells) < len(table.header) and not row[-1].endswith("\n")
    if is_cut or not all(map(is_empty_cell, cells[len(table.header) :])):
        raise ValueError(f"it has {len(cells)} cells where the header has {len(table.header)}")
    cell_by_column = {name: cell for name, cell in zip(table.header, cells, strict=False) if name in _COLUMNS}
    if all(map(is_empty_cell, cell_by_column.values())):
        return {}
    # Both follow from other columns. Older exports have no column target, and need the word.
    cell_by_column.pop("recognized", None)
    if "target" in cell_by_column:
        cell_by_column.pop("word", None)
    for name, cell in cell_by_column.items():
        _check_encoding(name, cell)
    return {name: parse_cell(name, cell) for name, cell in cell_by_column.items()}


def _check_encoding(name: str, cell: str) -> None:
    try:
        cell.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"in {name} the text is not UTF-8: save the table as CSV UTF-8") from error


def _split_row(row: Sequence[str], separator: str) -> list[str]:
    """Return the cells of a row.

    Raises:
        ValueError: if its quotes are wrong.
    """
    # A program that separates by ";" may have opened a file that separates by "," and saved it. It took each row
    # for one text, or for several if there was a ";" in it, and may have quoted them.
    try:
        cells = _parse_row(row, separator)
    except ValueError:
        if separator != ",":
            raise
        cells = [";".join(_parse_row(row, ";")).rstrip(";")]
    return _parse_row(cells, separator) if len(cells) == 1 else cells


def _parse_row(row: Sequence[str], separator: str) -> list[str]:
    try:
        (cells,) = csv.reader(row, delimiter=separator, strict=True)
    except (csv.Error, ValueError) as error:
        raise ValueError("it is not a row of CSV") from error
    return cells
