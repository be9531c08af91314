"""Runs ``python -m feedback`` with a Sheet of the emulator, as a person does but with less patience."""

from __future__ import annotations

import asyncio
import io
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from typing import NamedTuple
from unittest.mock import patch

from feedback.__main__ import main
from feedback.store import Store
from tests.feedback.address import get_url
from tests.feedback.sheet.conftest import QUICK
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator


class Finished(NamedTuple):
    """A command's exit status and what it printed."""

    status: int
    out: str
    err: str


async def run_command(store: Store, sheets: SheetsEmulator | None, *arguments: str, **settings: str) -> Finished:
    """Run a command on a store, and on the Sheet `KEY` or none. ``settings`` are environment variables."""
    connection = {"INKRUSH_SHEET_ID": KEY, "SHEETS_EMULATOR_HOST": sheets.host} if sheets else {}
    environment = {"INKRUSH_SHEET_ID": "", "SHEETS_EMULATOR_HOST": "", **connection, **settings}
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment),
        patch("feedback.sheet.commands.TIMING", QUICK),
        patch("feedback.sheet.commands.STATUS_TIMING", replace(QUICK, read_tries=1)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        status = await asyncio.to_thread(main, ["--database", get_url(store), *arguments])
    return Finished(status, out.getvalue(), err.getvalue())
