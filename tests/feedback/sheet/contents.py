"""Reads what is in the emulator's Sheet and in the store, to compare them."""

from __future__ import annotations

import asyncio

from feedback.sheet.columns import COLUMNS, ID_COLUMN
from feedback.sheet.errors import SheetError
from feedback.sheet.mirror import Mirror
from feedback.store import Store
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator


def list_our_titles(sheets: SheetsEmulator) -> list[str]:
    """Return the titles of the worksheets that we made, unless somebody renamed them."""
    return [title for title in sheets.titles(KEY) if title.startswith("Rounds")]


def read_ids(sheets: SheetsEmulator, *titles: str) -> list[str]:
    """Return column A without the headers, of these worksheets or of all of ours."""
    return [
        row[0] if row else "" for title in titles or list_our_titles(sheets) for row in sheets.rows(KEY, title)[1:]
    ]


def read_cell(sheets: SheetsEmulator, round_id: str, column: str) -> str:
    """Return a cell of the one row that a round has."""
    (row,) = (row for title in list_our_titles(sheets) for row in sheets.rows(KEY, title) if row[:1] == [round_id])
    place = COLUMNS.index(column)
    return row[place] if place < len(row) else ""


def count_headers(sheets: SheetsEmulator) -> int:
    """Return how many rows of all worksheets are headers of ours."""
    return sum(row[:1] == [ID_COLUMN] for title in sheets.titles(KEY) for row in sheets.rows(KEY, title))


async def read_stored_ids(store: Store) -> list[str]:
    """Return the ids of all rounds in the store, sorted."""
    return sorted([round_.id async for round_ in store.read_rounds()])


async def sync_until_sure(mirror: Mirror) -> None:
    """Mirror until nothing that was sent before can arrive any more."""
    async with asyncio.timeout(300):
        while True:
            try:
                if not await mirror.sync():
                    return
            except SheetError as error:
                if not error.is_transient:
                    raise
            await asyncio.sleep(0.1)
