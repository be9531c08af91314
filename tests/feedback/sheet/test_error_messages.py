"""Each thing that can be wrong with the Sheet has a sentence that says what to do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from feedback.sheet.connection import connect
from feedback.sheet.errors import SheetError
from feedback.sheet.settings import SheetSettings
from feedback.sheet.workbook import Workbook, Worksheet
from tests.feedback.sheet.conftest import QUICK
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.faults import Fault


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        ("not shared", "The Sheet is not shared with anybody: share it with that address as Editor."),
        ("API off", "The Google Sheets API is off in the key's project: enable it at https://console."),
        ("no such Sheet", "There is no such Sheet: is INKRUSH_SHEET_ID right?"),
        ("quota", "Google's quota for this minute is used up."),
        ("unreachable", "Google cannot be reached"),
    ],
)
def test_each_mistake_has_its_sentence(sheets: SheetsEmulator, mistake: str, sentence: str) -> None:
    host, spreadsheet = sheets.host, KEY
    match mistake:
        case "not shared":
            sheets.share(KEY, "nobody")
        case "API off":
            sheets.api_enabled = False
        case "no such Sheet":
            spreadsheet = "another"
        case "quota":
            sheets.faults.shares = {Fault.QUOTA: 1.0}
        case "unreachable":
            host = "127.0.0.1:1"
    settings = SheetSettings(spreadsheet=spreadsheet, emulator=host)
    with pytest.raises(SheetError) as raised:
        Workbook(connect(settings, QUICK), spreadsheet).survey()
    assert str(raised.value).startswith(sentence)
    assert raised.value.is_transient == (mistake in {"quota", "unreachable"})


def test_a_read_is_tried_again_only_if_that_can_help(sheets: SheetsEmulator) -> None:
    workbook = Workbook(connect(SheetSettings(spreadsheet=KEY, emulator=sheets.host), QUICK), KEY)
    worksheet = workbook.survey().others[0]
    sheets.faults.next(Fault.UNAVAILABLE, "values.batchGet")
    assert workbook.read_first_rows([worksheet]) == [[]]
    assert sheets.requests["values.batchGet"] == 2
    with sheets.by_hand(KEY, worksheet.title) as hand:
        hand.rename("another title")
    with pytest.raises(SheetError, match="worksheets changed in the meantime"):
        workbook.read_first_rows([worksheet])
    assert sheets.requests["values.batchGet"] == 3


@pytest.mark.parametrize("status", [200, 403, 500])
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"null", b"[]", b'{"error": "no"}', b'{"error": {}}', b'{"sheets": 5}']
)
def test_an_answer_that_is_not_googles_is_an_error_of_the_sheet(status: int, body: bytes) -> None:
    """A proxy or a captive portal may answer anything."""
    once = replace(QUICK, read_tries=1)
    with _serve(status, body) as host, pytest.raises(SheetError, match=r"\.$"):
        Workbook(connect(SheetSettings(spreadsheet=KEY, emulator=host), once), KEY).survey()


@pytest.mark.parametrize(
    "ranges", ["5", "[5]", "[[]]", '[{"values": 5}]', '[{"values": [5]}]', '[{"values": [[{}]]}]', "[{}, {}]"]
)
def test_damaged_values_are_an_error_of_the_sheet(ranges: str) -> None:
    worksheet = Worksheet(number=1, id=7, title="Rounds", rows=10, columns=10)
    with _serve(200, f'{{"valueRanges": {ranges}}}'.encode()) as host, pytest.raises(SheetError, match=r"\.$"):
        Workbook(connect(SheetSettings(spreadsheet=KEY, emulator=host), QUICK), KEY).read_first_rows([worksheet])


@contextmanager
def _serve(status: int, body: bytes) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
