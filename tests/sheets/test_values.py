"""gspread reads and writes the emulator's cells as it does Google's."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
import requests
from gspread.exceptions import APIError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sheets import a1
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator


def test_rows_come_back_without_empty_ends(sheet: Any) -> None:
    sheet.update([["a", "", "c", ""], ["", ""], ["d"]], "B2", raw=True)
    assert sheet.get_values("A1:E9", pad_values=False) == [[], ["", "a", "", "c"], [], ["", "d"]]
    answer = sheet.client.values_get(KEY, "Sheet1!C2:C9", {})
    assert answer == {"range": "Sheet1!C2:C9", "majorDimension": "ROWS"}
    columns = sheet.client.values_get(KEY, "Sheet1!B2:D4", {"majorDimension": "COLUMNS"})
    assert columns["values"] == [["a", "", "d"], [], ["c"]]


def test_raw_values_stay_what_they_are_and_typed_ones_are_understood(sheet: Any) -> None:
    values = ["007", "=1+1", "TRUE", "'7", 7, 0.25, True]
    sheet.update([values, values], "A1", value_input_option="RAW")
    sheet.update([values], "A2", value_input_option="USER_ENTERED")
    unformatted = sheet.get_values("A1:G2", value_render_option="UNFORMATTED_VALUE")
    assert unformatted == [values, [7, "#ERROR!", True, "7", 7, 0.25, True]]
    assert sheet.get_values("A1:G2")[0] == ["007", "=1+1", "TRUE", "'7", "7", "0.25", "TRUE"]
    assert sheet.acell("B2", value_render_option="FORMULA").value == "=1+1"


def test_a_person_can_look_at_it_in_a_browser(sheets: SheetsEmulator, sheet: Any) -> None:
    sheet.update([["<b>", "data:image/png;base64,AAAA"]], "A1", raw=True)
    shown = requests.get(f"http://{sheets.host}/", timeout=5)
    assert shown.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert '<td>&lt;b&gt;</td><td><img src="data:image/png;base64,AAAA" alt=""></td>' in shown.text


def test_null_leaves_a_cell_and_empty_text_clears_it(sheet: Any) -> None:
    sheet.update([["a", "b", "c"]], "A1")
    answer = sheet.update([[None, "", "C"]], "A1")
    assert sheet.get_values("A1:C1", pad_values=False) == [["a", "", "C"]]
    assert answer["updatedCells"] == 2


def test_an_update_says_what_it_wrote(sheet: Any) -> None:
    answer = sheet.update([["a", "b"], ["c"]], "B3")
    assert answer == {
        "spreadsheetId": KEY,
        "updatedRange": "Sheet1!B3:C4",
        "updatedRows": 2,
        "updatedColumns": 2,
        "updatedCells": 3,
    }


def test_an_append_goes_after_the_table_and_overwrites_only_what_is_below(sheet: Any) -> None:
    first = sheet.append_row(["a", "", "c"])
    assert first == {
        "spreadsheetId": KEY,
        "updates": {
            "spreadsheetId": KEY,
            "updatedRange": "Sheet1!A1:C1",
            "updatedRows": 1,
            "updatedColumns": 3,
            "updatedCells": 3,
        },
    }
    second = sheet.append_rows([["d"], ["e"]], table_range="A1", include_values_in_response=True)
    assert second["tableRange"] == "Sheet1!A1:C1" or second["tableRange"] == "Sheet1!A1"
    assert second["updates"]["updatedRange"] == "Sheet1!A2:A3"
    assert second["updates"]["updatedData"]["values"] == [["d"], ["e"]]


def test_an_empty_row_ends_the_table_that_is_appended_to(sheet: Any) -> None:
    sheet.update([["a"], ["b"], [""], ["after the gap"]], "A1")
    sheet.append_row(["c"], table_range="A1")
    sheet.append_row(["inserted"], table_range="A1", insert_data_option="INSERT_ROWS")
    sheet.append_row(["at the end"])
    column = [row[0] for row in sheet.get_values("A1:A9")]
    assert column == ["a", "b", "c", "after the gap", "inserted", "at the end"]


def test_inserting_makes_the_grid_grow_and_moves_what_is_below(sheets: SheetsEmulator, sheet: Any) -> None:
    sheet.update([["a"], ["b"], [""], ["far"]], "A1")
    sheet.append_rows([["c"], ["d"]], table_range="A1", insert_data_option="INSERT_ROWS")
    assert [row[0] for row in sheet.get_values("A1:A9")] == ["a", "b", "c", "d", "", "far"]
    assert sheets.size(KEY, "Sheet1") == (1002, 26)


def test_an_append_at_the_end_makes_the_grid_grow(sheets: SheetsEmulator, sheet: Any) -> None:
    sheet.resize(2, 2)
    sheet.append_rows([["a", "b", "c"]] * 3)
    assert sheets.size(KEY, "Sheet1") == (3, 3)
    assert len(sheets.rows(KEY, "Sheet1")) == 3


def test_many_ranges_at_once(workbook: gspread.Spreadsheet, sheet: Any) -> None:
    answer = sheet.batch_update(
        [{"range": "A1:B1", "values": [["a", "b"]]}, {"range": "B1:B2", "values": [["B"], ["d"]]}]
    )
    assert (answer["totalUpdatedRows"], answer["totalUpdatedCells"], answer["totalUpdatedSheets"]) == (2, 4, 1)
    assert [list(rows) for rows in sheet.batch_get(["A1:B1", "B2"])] == [[["a", "B"]], [["d"]]]
    workbook.values_batch_clear(body={"ranges": ["Sheet1!A1", "Sheet1!B2:B"]})
    assert sheet.get_all_values() == [["", "B"]]
    assert sheet.clear() == {"spreadsheetId": KEY, "clearedRange": "Sheet1!A1:Z1000"}
    assert sheet.get_all_values() == [[]]


def test_a_batch_with_one_bad_range_writes_nothing(sheets: SheetsEmulator, sheet: Any) -> None:
    with pytest.raises(APIError, match="exceeds grid limits"):
        sheet.batch_update([{"range": "A1", "values": [["a"]]}, {"range": "A1001", "values": [["b"]]}])
    assert sheets.rows(KEY, "Sheet1") == []


@pytest.mark.parametrize(
    ("cells", "values", "message"),
    [
        (
            "A1001:Z1001",
            [["a"]],
            "Range (Sheet1!A1001:Z1001) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        ("AA1", [["a"]], "Range (Sheet1!AA1) exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("A1000", [["a"], ["b"]], "Range (Sheet1!A1000) exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("A1:B1", [["a"], ["b"]], "Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]"),
        ("A1:B1", [["a", "b", "c"]], "within range [Sheet1!A1:B1], but tried writing to column [C]"),
        ("A1", [["x" * 50_001]], "more than the maximum of 50000 characters in a single cell"),
        ("nonsense!A1", [["a"]], "Unable to parse range: nonsense!A1"),
    ],
)
def test_what_cannot_be_written_is_refused(sheet: Any, cells: str, values: list[list[str]], message: str) -> None:
    target = cells if "!" in cells else f"Sheet1!{cells}"
    with pytest.raises(APIError) as raised:
        sheet.client.values_update(KEY, target, {"valueInputOption": "RAW"}, {"values": values})
    assert raised.value.response.status_code == 400
    assert raised.value.error["status"] == "INVALID_ARGUMENT"
    assert message in raised.value.error["message"]


def test_the_value_input_option_is_required(sheet: Any) -> None:
    with pytest.raises(APIError, match="'valueInputOption' is required but not specified"):
        sheet.client.values_update(KEY, "Sheet1!A1", {}, {"values": [["a"]]})


def test_reading_past_the_end_is_cut_and_beginning_there_is_refused(sheet: Any) -> None:
    assert sheet.client.values_get(KEY, "Sheet1!Y999:AC2000")["range"] == "Sheet1!Y999:Z1000"
    with pytest.raises(APIError, match="exceeds grid limits"):
        sheet.client.values_get(KEY, "Sheet1!A1001:A1002")


@settings(deadline=None)
@given(
    st.integers(0, 2_000_000), st.integers(0, 18_277), st.integers(1, 50), st.integers(1, 50), st.text(min_size=1)
)
def test_a_range_is_read_as_it_is_written(top: int, left: int, height: int, width: int, title: str) -> None:
    text = a1.name_range(title, top, left, top + height, left + width)
    read_title, cells = a1.split_range(text)
    read = a1.parse_area(cells)
    assert (read_title, read.top, read.left, read.bottom, read.right) == (
        title,
        top,
        left,
        top + height,
        left + width,
    )
