"""What is wrong with the Sheet is said in words that help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedback.sheet.connection import connect
from feedback.sheet.errors import SheetError
from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import SheetSettings
from feedback.sheet.workbook import Workbook
from feedback.store import Store
from tests.feedback.making import a_round
from tests.feedback.sheet.command_line import run_command
from tests.feedback.sheet.conftest import QUICK
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.faults import Fault

pytestmark = pytest.mark.slow


async def test_status_counts_and_says_that_the_sheet_answers(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(1200))
    await mirror.sync()
    await store.add_rounds(a_round() for _ in range(4))
    status = await run_command(store, sheets, "status")
    assert status.status == 0
    assert "1,204 rounds kept, 1,200 in the Sheet\n" in status.said
    assert "worksheets of ours: Rounds\n" in status.said
    synced = await run_command(store, sheets, "sync")
    assert synced.status == 0
    assert synced.said == "1,204 rounds kept, 1,204 in the Sheet\n"


async def test_without_a_sheet_all_works_and_it_is_said(store: Store) -> None:
    status = await run_command(store, None, "status")
    assert status.status == 0
    assert "No Sheet is configured: set INKRUSH_SHEET_ID." in status.said
    sync = await run_command(store, None, "sync")
    assert (sync.status, "No Sheet is configured" in sync.complained) == (1, True)
    wrong = await run_command(store, None, "status", INKRUSH_SHEET_ID="two words")
    assert (wrong.status, "INKRUSH_SHEET_ID must be" in wrong.complained) == (2, True)


async def test_what_is_wrong_with_a_key(store: Store, tmp_path: Path) -> None:
    key = tmp_path / "key.json"

    async def said() -> str:
        status = await run_command(
            store, None, "status", INKRUSH_SHEET_ID=KEY, GOOGLE_APPLICATION_CREDENTIALS=str(key)
        )
        assert status.status == 1
        assert "Traceback" not in status.complained
        return status.said

    assert "cannot be read: No such file or directory" in await said()
    key.write_text("{")
    assert "is broken: it is not JSON" in await said()
    key.write_text('{"installed": {}}')
    assert "is no service account's key" in await said()
    key.write_text('{"type": "service_account", "client_email": "a@b"}')
    assert "is broken" in await said()
    status = await run_command(store, None, "status", INKRUSH_SHEET_ID=KEY, GOOGLE_APPLICATION_CREDENTIALS="")
    assert "No key: set GOOGLE_APPLICATION_CREDENTIALS" in status.said


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("nobody", "The Sheet is not shared with anybody: share it with that address, as Editor."),
        ("api off", "The Google Sheets API is off in the key's project: enable it at https://console."),
        ("no such", "There is no such Sheet: is INKRUSH_SHEET_ID right?"),
        ("quota", "Google's quota for this minute is used up."),
        ("gone", "Google cannot be reached"),
    ],
)
def test_each_mistake_has_its_sentence(sheets: SheetsEmulator, wrong: str, sentence: str) -> None:
    host, spreadsheet = sheets.host, KEY
    match wrong:
        case "nobody":
            sheets.share(KEY, "nobody")
        case "api off":
            sheets.api_enabled = False
        case "no such":
            spreadsheet = "another"
        case "quota":
            sheets.faults.shares = {Fault.QUOTA: 1.0}
        case "gone":
            host = "127.0.0.1:1"
    settings = SheetSettings(spreadsheet=spreadsheet, emulator=host)
    with pytest.raises(SheetError) as trouble:
        Workbook(connect(settings, QUICK), spreadsheet).survey()
    assert str(trouble.value).startswith(sentence)
    assert trouble.value.is_transient == (wrong in {"quota", "gone"})


def test_a_key_that_google_refuses_and_one_that_it_takes(sheets: SheetsEmulator, tmp_path: Path) -> None:
    sheets.anonymous_allowed = False
    account = sheets.service_account()
    (tmp_path / "key.json").write_text(json.dumps(account))
    connection = connect(SheetSettings(spreadsheet=KEY, key_file=tmp_path / "key.json"), QUICK)
    connection._emulator = sheets.host  # the token is asked for as of Google, and then the emulator
    assert Workbook(connection, KEY).survey().title
    sheets.share(KEY, "nobody")
    with pytest.raises(SheetError, match=f"not shared with {account['client_email']}"):
        Workbook(connection, KEY).survey()
