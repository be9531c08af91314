"""Fixtures for the emulator's tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gspread
import pytest

from tests.sheets.client import KEY, open_workbook
from tests.sheets.emulator import SheetsEmulator


@pytest.fixture
def sheets() -> Iterator[SheetsEmulator]:
    with SheetsEmulator(quota_per_minute=None) as running:
        running.create(KEY)
        yield running


@pytest.fixture
def workbook(sheets: SheetsEmulator) -> Iterator[gspread.Spreadsheet]:
    with open_workbook(sheets) as opened:
        yield opened


@pytest.fixture
def sheet(workbook: gspread.Spreadsheet) -> Any:
    """Return the first worksheet, untyped because gspread's own types are too loose."""
    return workbook.sheet1
