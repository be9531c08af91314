"""gspread changes the emulator's worksheets as it does Google's."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
from gspread.exceptions import APIError

from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator


def test_a_new_spreadsheet_is_like_googles(workbook: gspread.Spreadsheet) -> None:
    (sheet,) = workbook.worksheets()
    assert (sheet.title, sheet.id, sheet.row_count, sheet.col_count) == ("Sheet1", 0, 1000, 26)
    assert (workbook.title, workbook.locale, workbook.timezone) == ("Untitled spreadsheet", "en_US", "Etc/GMT")


def test_worksheets_are_added_renamed_moved_and_deleted(workbook: gspread.Spreadsheet) -> None:
    added = workbook.add_worksheet("Rounds", rows=10, cols=3)
    assert (added.row_count, added.col_count, added.frozen_row_count) == (10, 3, 0)
    added.freeze(rows=1)
    added.update_index(0)
    added.update_title("Rounds 1")
    assert [sheet.title for sheet in workbook.worksheets()] == ["Rounds 1", "Sheet1"]
    assert workbook.worksheet("Rounds 1").frozen_row_count == 1
    workbook.del_worksheet(workbook.sheet1)
    assert [sheet.title for sheet in workbook.worksheets()] == ["Sheet1"]
    with pytest.raises(gspread.WorksheetNotFound):
        workbook.worksheet("Rounds 1")


def test_an_answer_has_only_the_requested_fields(workbook: gspread.Spreadsheet) -> None:
    mask = "properties.title,sheets.properties(sheetId,title,gridProperties)"
    assert workbook.fetch_sheet_metadata({"fields": mask}) == {
        "properties": {"title": "Untitled spreadsheet"},
        "sheets": [
            {
                "properties": {
                    "sheetId": 0,
                    "title": "Sheet1",
                    "gridProperties": {"rowCount": 1000, "columnCount": 26},
                }
            }
        ],
    }


def test_a_resized_grid_loses_the_cells_outside_it(sheets: SheetsEmulator, sheet: Any) -> None:
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    sheet.resize(rows=1, cols=1)
    assert (sheets.rows(KEY, "Sheet1"), sheets.size(KEY, "Sheet1")) == ([["a"]], (1, 1))
    sheet.add_rows(4)
    sheet.add_cols(1)
    assert sheets.size(KEY, "Sheet1") == (5, 2)


def test_rows_and_columns_are_inserted_and_deleted(sheets: SheetsEmulator, sheet: Any) -> None:
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    sheet.insert_rows([["new", "row"]], row=2)
    sheet.insert_cols([["new"]], col=2)
    assert sheets.rows(KEY, "Sheet1") == [["a", "new", "b"], ["new", "", "row"], ["c", "", "d"]]
    sheet.delete_rows(2)
    sheet.delete_columns(1, 2)
    assert sheets.rows(KEY, "Sheet1") == [["b"], ["d"]]
    assert sheets.size(KEY, "Sheet1") == (1000, 25)


def test_sorting_puts_numbers_before_text_and_empty_cells_last(sheets: SheetsEmulator, sheet: Any) -> None:
    sheet.update([["b"], [""], ["B2"], [10], ["a"], [9], ["x"]], "A1", raw=True)
    sheet.sort((1, "asc"), range="A1:A6")
    assert [row[0] for row in sheets.rows(KEY, "Sheet1") if row] == ["9", "10", "a", "b", "B2", "x"]
    sheet.sort((1, "des"), range="A1:A6")
    assert [row[0] for row in sheets.rows(KEY, "Sheet1") if row] == ["B2", "b", "a", "10", "9", "x"]


def test_changes_in_one_request_take_place_together_or_not_at_all(
    sheets: SheetsEmulator, workbook: gspread.Spreadsheet
) -> None:
    top = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    header = [{"userEnteredValue": {"stringValue": text}} for text in ("=round_id", "label")]
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    put = {"updateCells": {"start": start, "rows": [{"values": header}], "fields": "userEnteredValue"}}
    wrong = {"deleteDimension": {"range": {"sheetId": 5, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}}}
    with pytest.raises(APIError, match=r"Invalid requests\[2\]\.deleteDimension: No grid with id: 5"):
        workbook.batch_update({"requests": [{"insertDimension": {"range": top}}, put, wrong]})
    assert (sheets.rows(KEY, "Sheet1"), sheets.size(KEY, "Sheet1")) == ([], (1000, 26))
    answer = workbook.batch_update({"requests": [{"insertDimension": {"range": top}}, put]})
    assert answer == {"spreadsheetId": KEY, "replies": [{}, {}]}
    assert sheets.rows(KEY, "Sheet1") == [["=round_id", "label"]]


def test_cells_are_appended_below_everything_whatever_gaps_there_are(
    sheets: SheetsEmulator, workbook: gspread.Spreadsheet, sheet: Any
) -> None:
    sheet.update([["a"], [""], ["", "b"]], "A1")
    rows = [{"values": [{"userEnteredValue": {"numberValue": 4}}]}]
    workbook.batch_update(
        {"requests": [{"appendCells": {"sheetId": 0, "rows": rows, "fields": "userEnteredValue"}}]}
    )
    assert sheets.rows(KEY, "Sheet1") == [["a"], [], ["", "b"], ["4"]]


def test_two_worksheets_cannot_share_a_title(workbook: gspread.Spreadsheet) -> None:
    with pytest.raises(APIError, match='A sheet with the name "sheet1" already exists'):
        workbook.add_worksheet("sheet1", 1, 1)


def test_a_workbook_has_at_most_ten_million_cells(sheets: SheetsEmulator, workbook: gspread.Spreadsheet) -> None:
    message = "above the limit of 10000000 cells"
    with pytest.raises(APIError, match=message):
        workbook.add_worksheet("Rounds", rows=400_000, cols=25)
    workbook.add_worksheet("Rounds", rows=398_000, cols=25)
    with pytest.raises(APIError, match=message):
        workbook.sheet1.add_rows(1000)
    sheets.limit(KEY, cells=398_000 * 25 + 26_000)
    filled: Any = workbook.sheet1
    filled.update([["x"]], "A1000")
    with pytest.raises(APIError, match="above the limit of"):
        filled.append_row(["one more"])
    assert len(sheets.rows(KEY, "Sheet1")) == 1000


def test_a_worksheet_can_be_given_a_limit_of_rows(sheets: SheetsEmulator, sheet: Any) -> None:
    sheets.limit(KEY, rows=1001)
    sheet.add_rows(1)
    with pytest.raises(APIError, match="above the limit of 1001 rows"):
        sheet.add_rows(1)


def test_neither_all_rows_nor_all_below_the_frozen_ones_can_go(sheet: Any) -> None:
    with pytest.raises(APIError, match="can't delete all the rows"):
        sheet.delete_rows(1, 1000)
    sheet.freeze(rows=1)
    with pytest.raises(APIError, match="not possible to delete all non-frozen rows"):
        sheet.delete_rows(2, 1000)
    sheet.delete_rows(1, 999)


def test_people_copy_and_delete_worksheets(sheets: SheetsEmulator, workbook: gspread.Spreadsheet) -> None:
    filled: Any = workbook.sheet1
    filled.update([["a"]], "A1")
    copy = sheets.duplicate_worksheet(KEY, "Sheet1")
    assert [sheet.title for sheet in workbook.worksheets()] == ["Sheet1", copy]
    assert len({sheet.id for sheet in workbook.worksheets()}) == 2
    filled.update([["b"]], "A1")
    assert sheets.rows(KEY, copy) == [["a"]]
    sheets.delete_worksheet(KEY, "Sheet1")
    assert [sheet.title for sheet in workbook.worksheets()] == [copy]


def test_people_change_a_worksheet_by_hand(sheets: SheetsEmulator, sheet: Any) -> None:
    sheet.update([["id", "label"], ["b", "x"], ["a", "y"], ["c", "z"]], "A1")
    with sheets.by_hand(KEY, "Sheet1") as hand:
        hand.sort("A")
        row = hand.row_of("b")
        assert row == 3
        hand.type(f"B{row}", "7")
        hand.delete_rows(4)
        hand.copy_row(2, before=4)
        hand.insert_column("B")
        hand.insert_row(2, "note")
    assert sheet.get_all_values(value_render_option="UNFORMATTED_VALUE") == [
        ["id", "", "label"],
        ["note", "", ""],
        ["a", "", "y"],
        ["b", "", 7],
        ["a", "", "y"],
    ]
