"""``python -m feedback`` with a Sheet of the emulator, as a person runs it but with less patience."""

from __future__ import annotations

import asyncio
import io
import os
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple
from unittest.mock import patch

from feedback.__main__ import main
from feedback.store import Store
from tests.feedback.sheet.conftest import QUICK
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator


class Ran(NamedTuple):
    """What a command said and how it ended."""

    status: int
    said: str
    complained: str


async def run_command(store: Store, sheets: SheetsEmulator | None, *arguments: str, **settings: str) -> Ran:
    where = {"INKRUSH_SHEET_ID": KEY, "SHEETS_EMULATOR_HOST": sheets.host} if sheets else {}
    environment = {"INKRUSH_SHEET_ID": "", "SHEETS_EMULATOR_HOST": "", **where, **settings}
    out, complaints = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment),
        patch("feedback.sheet.commands.TIMING", QUICK),
        redirect_stdout(out),
        redirect_stderr(complaints),
    ):
        status = await asyncio.to_thread(main, ["--database", f"sqlite:///{store.path}", *arguments])
    return Ran(status, out.getvalue(), complaints.getvalue())
