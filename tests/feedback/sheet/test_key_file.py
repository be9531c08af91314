"""Errors say what is wrong with a key and never show it, wherever it was pasted."""

from __future__ import annotations

import asyncio
import base64
import json
import sqlite3
import traceback
from contextlib import closing
from pathlib import Path

import pytest

from feedback.sheet.connection import connect
from feedback.sheet.errors import SheetError
from feedback.sheet.key_file import load_credentials
from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import SheetSettings
from feedback.sheet.workbook import Workbook
from feedback.store import Store
from tests.feedback.making import a_round
from tests.feedback.sheet.command_line import run_command
from tests.feedback.sheet.conftest import QUICK
from tests.feedback.sqlite.inside import get_path
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator

SECRET = "TOPSECRETKEYMATERIAL"  # noqa: S105 (made up)
PEM = f"-----BEGIN PRIVATE KEY-----\n{SECRET}{'A' * 300}\n-----END PRIVATE KEY-----\n"
JSON = json.dumps({"type": "service_account", "private_key": PEM, "client_email": "a@b", "token_uri": "x"})
PASTED = {
    "JSON": JSON,
    "JSON on several lines": json.dumps(json.loads(JSON), indent=2),
    "base64": base64.b64encode(JSON.encode()).decode(),
    "PEM": PEM,
    "one line of a PEM": f"{SECRET}{'A' * 300}",
    "an API key": f"AIza{SECRET}",
    "a path in front": f"/srv/{SECRET}/key.json",
}


@pytest.mark.parametrize("pasted", PASTED.values(), ids=PASTED)
async def test_a_pasted_key_is_never_shown(store: Store, caplog: pytest.LogCaptureFixture, pasted: str) -> None:
    status = await run_command(store, None, "status", INKRUSH_SHEET_ID=KEY, GOOGLE_APPLICATION_CREDENTIALS=pasted)
    assert status.status == 1
    assert "GOOGLE_APPLICATION_CREDENTIALS" in status.out
    await store.add_round(a_round())
    mirror = Mirror(store, SheetSettings(spreadsheet=KEY, key_file=Path(pasted)), QUICK)
    running = asyncio.create_task(mirror.run())
    async with asyncio.timeout(60):
        while (await mirror.tally()).last_error is None:
            await asyncio.sleep(0.01)
    running.cancel()
    again = await run_command(store, None, "status", INKRUSH_SHEET_ID=KEY, GOOGLE_APPLICATION_CREDENTIALS=pasted)
    with closing(sqlite3.connect(get_path(store))) as database:
        stored = "\n".join(database.iterdump())
    assert SECRET not in status.out + status.err + again.out + again.err + caplog.text + stored
    assert base64.b64encode(SECRET.encode()).decode()[4:20] not in caplog.text + status.out + stored


def test_a_key_instead_of_its_path_is_recognized() -> None:
    for name in ("JSON", "JSON on several lines", "base64", "PEM"):
        with pytest.raises(SheetError, match=r"CREDENTIALS holds the key itself\. Save the key in a file"):
            load_credentials(Path(PASTED[name]))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is damaged: it is not JSON"),
        ('{"installed": {}}', "holds something else, not a service account's key"),
        ('{"type": "authorized_user"}', "holds a user's login, not a service account's key"),
        (f'{{"type": "{SECRET}"}}', "holds something else"),
        ('{"type": "service_account", "client_email": "a@b"}', "is incomplete, without private_key, token_uri"),
        (JSON, "The private key in the key file is damaged"),
    ],
)
def test_what_is_wrong_with_a_key_file(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "key.json").write_text(content)
    with pytest.raises(SheetError, match=sentence) as raised:
        load_credentials(tmp_path / "key.json")
    assert SECRET not in "".join(traceback.format_exception(raised.value))


def test_a_key_that_google_accepts_but_the_sheet_is_not_shared(sheets: SheetsEmulator, tmp_path: Path) -> None:
    sheets.anonymous_allowed = False
    key = sheets.make_key()
    (tmp_path / "key.json").write_text(json.dumps(key))
    connection = connect(SheetSettings(spreadsheet=KEY, key_file=tmp_path / "key.json"), QUICK)
    connection._emulator = sheets.host  # the login is the real one; only the API's address is the emulator's
    assert Workbook(connection, KEY).survey().title
    sheets.share(KEY, "nobody")
    with pytest.raises(SheetError, match=f"not shared with {key['client_email']}"):
        Workbook(connection, KEY).survey()
