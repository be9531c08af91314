"""Ranges in A1 notation: ``Rounds!A2:C``, ``'My sheet'!5:7``, ``B:B``, ``Rounds``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_CORNERS: Final = re.compile(r"\$?([A-Z]*)\$?(\d*)(?::\$?([A-Z]*)\$?(\d*))?", re.IGNORECASE)
_PLAIN_TITLE: Final = re.compile(r"[^\W\d]\w*")
_LIKE_A_CELL: Final = re.compile(r"[A-Z]{1,3}\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, counted from 0.

    Attributes:
        top: the first row.
        left: the first column.
        bottom: the row after the last one; None for all rows of the grid.
        right: the column after the last one; None for all columns of the grid.
        is_cell: whether it was named as a single cell.
    """

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None
    is_cell: bool = False


def split_range(text: str) -> tuple[str | None, str]:
    """Return the title and the cells of a range. The title is None if there is no ``!``."""
    if text.startswith("'"):
        end = re.match(r"'((?:[^']|'')*)'(?:!(.*))?$", text)
        if end is None:
            raise ValueError(text)
        return end[1].replace("''", "'"), end[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, cells)


def parse_area(cells: str) -> Area:
    """Return the rectangle that ``cells`` names; an empty text names all cells.

    Raises:
        ValueError: if it is not A1 notation.
    """
    if not cells:
        return Area()
    corners = _CORNERS.fullmatch(cells)
    if corners is None or "0" in (corners[2], corners[4]):
        raise ValueError(cells)
    first_column, first_row, last_column, last_row = corners.groups()
    if ":" not in cells:
        if not (first_column and first_row):
            raise ValueError(cells)
        row, column = int(first_row) - 1, _parse_column(first_column)
        return Area(row, column, row + 1, column + 1, is_cell=True)
    if not (first_column or first_row) or not (last_column or last_row):
        raise ValueError(cells)
    rows = [row and int(row) - 1 for row in (first_row, last_row)]
    columns = [column and _parse_column(column) for column in (first_column, last_column)]
    (top, bottom), (left, right) = _make_span(*rows), _make_span(*columns)
    return Area(top, left, bottom, right)


def _make_span(one: int | str, other: int | str) -> tuple[int, int | None]:
    if isinstance(one, int) and isinstance(other, int):
        return min(one, other), max(one, other) + 1
    start = next((end for end in (one, other) if isinstance(end, int)), 0)
    return start, None


def name_column(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    name_range = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name_range = chr(ord("A") + letter) + name_range
    return name_range


def _parse_column(name_range: str) -> int:
    number = 0
    for letter in name_range.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def quote_title(title: str) -> str:
    """Return a title as Google writes it in ranges: in quotes if it could be misread."""
    if _PLAIN_TITLE.fullmatch(title) and not _LIKE_A_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def name_range(title: str, top: int, left: int, bottom: int, right: int) -> str:
    """Return a rectangle in A1 notation; ``bottom`` and ``right`` are the first row and column after it."""
    first, last = f"{name_column(left)}{top + 1}", f"{name_column(right - 1)}{bottom}"
    return f"{quote_title(title)}!{first}" + ("" if first == last else f":{last}")
