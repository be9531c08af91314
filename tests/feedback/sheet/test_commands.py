"""What the commands print, and that they answer soon when Google does not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from feedback.sheet import commands
from feedback.sheet.connection import connect
from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import SheetSettings
from feedback.sheet.tuning import STATUS_SECONDS, STATUS_TIMING
from feedback.store import Store
from tests.feedback.making import a_round
from tests.feedback.sheet.command_line import run_command
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.faults import Fault

pytestmark = pytest.mark.slow


async def test_status_counts_rounds_and_names_our_worksheets(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(1200))
    await mirror.sync()
    await store.add_rounds(a_round() for _ in range(4))
    status = await run_command(store, sheets, "status")
    assert status.status == 0
    assert "1,204 rounds in the store, 1,200 in the Sheet\n" in status.out
    assert "The Sheet 'Untitled spreadsheet' answers. Our worksheets: Rounds\n" in status.out
    assert "Asking Google about the Sheet" in status.err
    sync = await run_command(store, sheets, "sync")
    assert sync.status == 0
    assert sync.out == "1,204 rounds in the store, 1,204 in the Sheet\n"


async def test_a_damaged_header_is_told_until_it_is_repaired(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds([a_round()])
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.delete_rows(1)
    damaged = await run_command(store, sheets, "status")
    assert "The header of the worksheet 'Rounds' is damaged (round_id, label" in damaged.out
    repaired = await run_command(store, sheets, "reconcile")
    assert "header repaired: Rounds: round_id" in repaired.out
    assert "is damaged" not in (await run_command(store, sheets, "status")).out


async def test_a_header_that_cannot_be_repaired_is_not_called_repaired(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds([a_round()])
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.delete_column("A")
    reconciled = await run_command(store, sheets, "reconcile")
    assert "header repaired" not in reconciled.out
    assert "cannot be repaired because columns were moved" in reconciled.out


async def test_without_a_sheet_the_commands_say_so(store: Store) -> None:
    status = await run_command(store, None, "status")
    assert status.status == 0
    assert "No Sheet is configured: set INKRUSH_SHEET_ID." in status.out
    sync = await run_command(store, None, "sync")
    assert (sync.status, "No Sheet is configured" in sync.err) == (1, True)


async def test_a_setting_that_cannot_be_used_is_named_but_not_shown(store: Store) -> None:
    for name in ("INKRUSH_SHEET_ID", "SHEETS_EMULATOR_HOST"):
        wrong = await run_command(store, None, "status", **{name: "two secret words"})
        assert wrong.status == 2
        assert f"{name} must be" in wrong.err
        assert "secret" not in wrong.out + wrong.err


async def test_status_asks_once_when_google_cannot_be_reached(store: Store, sheets: SheetsEmulator) -> None:
    nobody = await run_command(store, sheets, "status", SHEETS_EMULATOR_HOST="127.0.0.1:1")
    assert nobody.status == 1
    assert "0 rounds in the store, 0 in the Sheet\n" in nobody.out  # what is known without Google comes first
    assert "The Sheet cannot be used: Google cannot be reached: is the network up?" in nobody.out
    sheets.faults.shares = {Fault.UNAVAILABLE: 1.0}
    unavailable = await run_command(store, sheets, "status")
    assert unavailable.status == 1
    assert "The Sheet cannot be used: Google cannot answer right now (HTTP 503)." in unavailable.out
    assert sheets.requests.total() == 1


async def test_status_gives_a_verdict_when_google_stays_silent(store: Store) -> None:
    with _silent_server() as host, patch.object(commands, "STATUS_SECONDS", 0.05):
        silent = await run_command(store, None, "status", INKRUSH_SHEET_ID=KEY, SHEETS_EMULATOR_HOST=host)
    assert silent.status == 1
    assert "The Sheet cannot be used: Google did not answer within" in silent.out
    assert "Asking Google about the Sheet" in silent.err


def test_status_has_less_patience_than_the_mirror() -> None:
    assert STATUS_SECONDS <= 15
    connection = connect(SheetSettings(spreadsheet=KEY, emulator="127.0.0.1:1"), STATUS_TIMING)
    assert isinstance(connection.timeout, tuple)
    assert sum(connection.timeout) <= STATUS_SECONDS
    assert STATUS_TIMING.read_tries == 1


async def test_other_commands_say_what_they_wait_for(store: Store, mirror: Mirror, sheets: SheetsEmulator) -> None:
    await store.add_round(a_round())
    await mirror.sync()
    for command in (["pull"], ["reconcile"], ["sync"]):
        await store.add_round(a_round())
        sheets.faults.next(Fault.UNAVAILABLE, "get")
        finished = await run_command(store, sheets, *command)
        assert finished.status == 0
        assert "Google cannot answer right now (HTTP 503). Trying again in" in finished.err


async def test_a_wrong_key_setting_is_explained(store: Store, tmp_path: Path) -> None:
    missing = await run_command(
        store, None, "status", INKRUSH_SHEET_ID=KEY, GOOGLE_APPLICATION_CREDENTIALS=str(tmp_path / "key.json")
    )
    assert missing.status == 1
    assert "cannot be read: No such file or directory" in missing.out
    none = await run_command(store, None, "status", INKRUSH_SHEET_ID=KEY, GOOGLE_APPLICATION_CREDENTIALS="")
    assert none.status == 1
    assert "There is no key: set GOOGLE_APPLICATION_CREDENTIALS" in none.out


@contextmanager
def _silent_server() -> Iterator[str]:
    """Listen and never answer, as a network does that swallows packets."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"
