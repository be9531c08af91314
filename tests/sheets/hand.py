"""What people do to a worksheet in the browser. Rows count from 1, header included, as people see them."""

from __future__ import annotations

from tests.sheets import a1
from tests.sheets.cells import EMPTY, interpret_typed, render
from tests.sheets.grid import Grid


class Hand:
    """One worksheet that nobody else changes meanwhile."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def rows(self) -> list[list[str]]:
        """Return the rows as they are shown, each up to its last cell that is not empty."""
        return [[str(render(cell)) for cell in row] for row in self._grid.cells]

    def row_of(self, text: str, column: str = "A") -> int | None:
        """Return the number of the first row that shows ``text`` in a column, or None."""
        place = _parse_column(column)
        shown = (str(render(self._grid.get(row, place))) for row in range(len(self._grid.cells)))
        return next((number for number, value in enumerate(shown, 1) if value == text), None)

    def type(self, cell: str, text: str) -> None:
        """Type into a cell such as ``C5``. Digits become a number, and an empty text empties the cell."""
        place = a1.parse_area(cell)
        self._grid.put(place.top, place.left, interpret_typed(text) if text else EMPTY)

    def sort(self, column: str, *, is_descending: bool = False) -> None:
        """Sort everything below the header by a column."""
        grid = self._grid
        grid.sort((1, 0, grid.rows, grid.columns), [(_parse_column(column), is_descending)])

    def delete_rows(self, first: int, last: int | None = None) -> None:
        """Delete rows. Those below move up."""
        self._grid.delete_rows(first - 1, last or first)

    def empty_rows(self, first: int, last: int | None = None) -> None:
        """Empty rows without deleting them."""
        for row in range(first - 1, last or first):
            for column in range(self._grid.columns):
                self._grid.put(row, column, EMPTY)

    def insert_row(self, before: int, *texts: str) -> None:
        """Insert a row and type into its first cells."""
        self._grid.insert_rows(before - 1, [[interpret_typed(text) for text in texts]])

    def copy_row(self, row: int, before: int) -> None:
        """Insert a copy of a row."""
        self._grid.insert_rows(before - 1, [list(self._grid.cells[row - 1])])

    def insert_column(self, before: str) -> None:
        """Insert an empty column."""
        self._grid.insert_columns(_parse_column(before), 1)

    def delete_column(self, column: str) -> None:
        """Delete a column."""
        self._grid.delete_columns(_parse_column(column), _parse_column(column) + 1)

    def rename(self, title: str) -> None:
        """Give the worksheet another title."""
        self._grid.title = title


def _parse_column(name: str) -> int:
    return a1.parse_area(f"{name}1").left
