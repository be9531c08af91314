"""What an exported table looks like to a spreadsheet program."""

from __future__ import annotations

import csv
import io
import json

from feedback.export import encode_csv_row, make_csv_header
from tests.feedback.rounds import a_pictured_round


def test_excel_gets_texts_and_no_formulas() -> None:
    text = make_csv_header() + encode_csv_row(
        a_pictured_round(flag="=cmd|' /C calc'!A0", player="＠ada", model="+1\t-1")
    )
    assert text.startswith("\ufeff".encode())
    assert text.endswith(b"\r\n")
    header, row = csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    shown = dict(zip(header, row, strict=True))
    assert (shown["flag"], shown["player"], shown["model"]) == ("'=cmd|' /C calc'!A0", "'＠ada", "'+1\t'-1")
    assert json.loads(shown["drawing"]) == [[[1, 2], [3, 4], [0, 16]]]
    assert shown["image"].startswith("data:image/png;base64,")
