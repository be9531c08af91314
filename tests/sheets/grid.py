"""A worksheet: a grid of cells with a fixed size, most of them empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.sheets.cells import EMPTY, Cell, make_sort_key

Rectangle = tuple[int, int, int, int]
"""Top, left, bottom, right, where bottom and right are the first row and column after it."""


@dataclass(slots=True)
class Grid:
    """A worksheet. Rows and columns count from 0. ``cells`` has no empty rows or cells at its ends."""

    id: int
    title: str
    rows: int = 1000
    columns: int = 26
    frozen: int = 0
    hidden: bool = False
    cells: list[list[Cell]] = field(default_factory=list)

    def copy(self) -> Grid:
        """Return a copy that can be changed independently."""
        copied = Grid(self.id, self.title, self.rows, self.columns, self.frozen, self.hidden)
        copied.cells = [row[:] for row in self.cells]
        return copied

    def get(self, row: int, column: int) -> Cell:
        """Return a cell."""
        if not 0 <= row < len(self.cells) or not 0 <= column < len(self.cells[row]):
            return EMPTY
        return self.cells[row][column]

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Change a cell of the grid."""
        while len(self.cells) <= row:
            self.cells.append([])
        held = self.cells[row]
        held.extend([EMPTY] * (column + 1 - len(held)))
        held[column] = cell
        self._trim(row)

    def read_block(self, rectangle: Rectangle) -> list[list[Cell]]:
        """Return the cells of a rectangle, without empty cells at the end of rows and empty rows at the end."""
        top, left, bottom, right = rectangle
        rows = [_trim_row(row[left:right]) for row in self.cells[top:bottom]]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def resize(self, rows: int, columns: int) -> None:
        """Change the grid's size. Cells outside it are lost."""
        self.rows, self.columns = rows, columns
        self.cells = [_trim_row(row[:columns]) for row in self.cells[:rows]]
        self._trim_rows()

    def insert_rows(self, at: int, rows: Sequence[Iterable[Cell]]) -> None:
        """Insert rows before row ``at``."""
        self.rows += len(rows)
        if at < len(self.cells) or any(any(c != EMPTY for c in row) for row in rows):
            self.cells.extend([] for _ in range(at - len(self.cells)))
            self.cells[at:at] = [_trim_row(list(row)) for row in rows]
        self._trim_rows()

    def insert_columns(self, at: int, number: int) -> None:
        """Insert empty columns before column ``at``."""
        self.columns += number
        for row in self.cells:
            if at < len(row):
                row[at:at] = [EMPTY] * number

    def delete_rows(self, start: int, end: int) -> None:
        """Delete rows. Those below move up."""
        del self.cells[start:end]
        self.rows -= end - start
        self._trim_rows()

    def delete_columns(self, start: int, end: int) -> None:
        """Delete columns. Those to the right move left."""
        self.columns -= end - start
        for number, row in enumerate(self.cells):
            del row[start:end]
            self._trim(number)

    def sort(self, rectangle: Rectangle, keys: Sequence[tuple[int, bool]]) -> None:
        """Sort the rows of a rectangle by columns, each ascending or descending; empty cells come last."""
        top, left, bottom, right = rectangle
        bottom = min(bottom, max(top, len(self.cells)))
        block = [[self.get(row, column) for column in range(left, right)] for row in range(top, bottom)]
        for column, is_descending in reversed(keys):
            filled = [row for row in block if row[column - left] != EMPTY]
            empty = [row for row in block if row[column - left] == EMPTY]
            filled.sort(key=lambda row: make_sort_key(row[column - left]), reverse=is_descending)
            block = filled + empty
        for row, cells in enumerate(block, top):
            held = self.cells[row]
            held.extend([EMPTY] * (right - len(held)))
            held[left:right] = cells
            self.cells[row] = _trim_row(held)
        self._trim_rows()

    def find_table(self, rectangle: Rectangle) -> Rectangle | None:
        """Return the last table that a rectangle touches, as the rectangle of a block of filled cells.

        An empty row or column ends a table
        (https://developers.google.com/workspace/sheets/api/guides/values#append_values).
        """
        top, left, bottom, right = rectangle
        for row in range(min(bottom, len(self.cells)) - 1, top - 1, -1):
            for column in range(min(right, len(self.cells[row])) - 1, left - 1, -1):
                if self.get(row, column) != EMPTY:
                    return self._find_region(row, column)
        if bottom - top == 1 and right - left == 1:  # an empty cell within a table
            for row in (top - 1, top, top + 1):
                for column in (left - 1, left, left + 1):
                    if self.get(row, column) != EMPTY:
                        region = self._find_region(row, column)
                        if region[0] <= top < region[2] and region[1] <= left < region[3]:
                            return region
        return None

    def _find_region(self, row: int, column: int) -> Rectangle:
        top, left, bottom, right = row, column, row + 1, column + 1
        while True:
            if top > 0 and self._has_in_row(top - 1, left - 1, right + 1):
                top -= 1
            elif self._has_in_row(bottom, left - 1, right + 1):
                bottom += 1
            elif left > 0 and any(self.get(r, left - 1) != EMPTY for r in range(top - 1, bottom + 1)):
                left -= 1
            elif any(self.get(r, right) != EMPTY for r in range(top - 1, bottom + 1)):
                right += 1
            else:
                return top, left, bottom, right

    def _has_in_row(self, row: int, left: int, right: int) -> bool:
        return row < len(self.cells) and any(cell != EMPTY for cell in self.cells[row][max(left, 0) : right])

    def _trim(self, row: int) -> None:
        self.cells[row] = _trim_row(self.cells[row])
        self._trim_rows()

    def _trim_rows(self) -> None:
        while self.cells and not self.cells[-1]:
            self.cells.pop()


def _trim_row(row: list[Cell]) -> list[Cell]:
    end = len(row)
    while end and row[end - 1] == EMPTY:
        end -= 1
    return row if end == len(row) else row[:end]
