"""What is in the Sheet, and whether it is what it should be."""

from __future__ import annotations

from feedback.sheet.columns import COLUMNS
from feedback.store import Store
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator


def list_our_titles(sheets: SheetsEmulator) -> list[str]:
    return [title for title in sheets.titles(KEY) if title.startswith("Rounds")]


def read_ids(sheets: SheetsEmulator) -> list[str]:
    """Return column A of all our worksheets, without the headers."""
    return [row[0] if row else "" for title in list_our_titles(sheets) for row in sheets.rows(KEY, title)[1:]]


def read_cell(sheets: SheetsEmulator, round_id: str, column: str) -> str:
    """Return a cell of the one row of a round."""
    (row,) = (row for title in list_our_titles(sheets) for row in sheets.rows(KEY, title) if row[:1] == [round_id])
    place = COLUMNS.index(column)
    return row[place] if place < len(row) else ""


async def read_stored_ids(store: Store) -> list[str]:
    return sorted([kept.id async for kept in store.read_rounds()])
