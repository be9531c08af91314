"""The server mirrors by itself and reports how far it is."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from feedback.sheet.tuning import TIMING
from feedback.store import open_store
from tests.feedback.making import a_round
from tests.feedback.sheet.contents import read_ids
from tests.serving import STOP_SECONDS, Server
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.faults import Fault

pytestmark = pytest.mark.slow

EARLIER = datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_server_mirrors_and_stops_even_while_google_hangs(tmp_path: Path) -> None:
    with SheetsEmulator() as sheets:
        sheets.create(KEY)
        assert TIMING.answer > STOP_SECONDS
        settings = {"INKRUSH_SHEET_ID": KEY, "SHEETS_EMULATOR_HOST": sheets.host}
        server = Server(tmp_path / "var", settings)
        store = await open_store(server.database_url)
        await store.add_rounds(a_round(at=EARLIER) for _ in range(5))
        with server:
            async with asyncio.timeout(120):
                while "Rounds" not in sheets.titles(KEY) or len(read_ids(sheets)) < 5:
                    await asyncio.sleep(0.1)
                while _counts(server)["mirrored"] != 5:
                    await asyncio.sleep(0.1)
            assert _counts(server)["rounds"] == 5
            metrics = _get(server, "/metrics")
            assert "inkrush_sheet_rounds 5.0" in metrics
            assert "inkrush_sheet_rounds_waiting 0.0" in metrics
            assert "inkrush_sheet_trouble 0.0" in metrics

            sheets.faults.next(Fault.TIMEOUT_BEFORE, "values.append")
            await store.add_round(a_round(at=EARLIER))
            async with asyncio.timeout(120):
                while not sheets.faults.struck[Fault.TIMEOUT_BEFORE]:
                    await asyncio.sleep(0.1)
            server.stop()  # which fails unless the server ends before Google's time for an answer is over
        assert "Traceback" not in server.log
        await store.close()


def test_without_a_sheet_the_server_reports_nothing_about_one(tmp_path: Path) -> None:
    with Server(tmp_path / "var") as server:
        assert _counts(server)["mirrored"] is None


def _counts(server: Server) -> dict[str, Any]:
    counts: dict[str, Any] = json.loads(_get(server, "/api/model"))["counts"]
    return counts


def _get(server: Server, path: str) -> str:
    return httpx.get(server.url + path, timeout=10).text
