"""A cell is read for what it stands for, or refused with a reason."""

from __future__ import annotations

import pytest

from feedback.export import COLUMNS, JSON_COLUMNS
from feedback.importing.spreadsheet_values import CHARACTERS, FRACTIONS, FREE_TEXTS, WHOLE_NUMBERS, parse_cell


def test_every_kind_of_value_is_a_column() -> None:
    assert set(COLUMNS) >= CHARACTERS | WHOLE_NUMBERS | FRACTIONS | FREE_TEXTS | JSON_COLUMNS


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("label", "7.0", "7"),
        ("label", "7,0", "7"),
        ("label", "0.00", "0"),
        ("label", " 7 ", "7"),
        ("label", "O", "O"),
        ("target", "7.0", "7"),
        ("label", "", None),
        ("label", "nan", None),
        ("label", "#N/A", None),
        ("points", "1234", 1234),
        ("points", "1234.0", 1234),
        ("points", "1234,0", 1234),
        ("number", "3,00", 3),
        ("duration_ms", "9007199254740992.0", 2**53),
        ("duration_ms", "NaN", None),
        ("confidence", "0,9995807554054236", 0.9995807554054236),
        ("confidence", "0.93", 0.93),
        ("confidence", "9,12E-05", 9.12e-05),
        ("confidence", "1e-05", 1e-05),
        ("confidence", ",5", 0.5),
        ("confidence", "1", 1.0),
        ("confidence", "99,96\u00a0%", 0.9996),
        ("confidence", "93%", 0.93),
        ("confidence", "%93", 0.93),
        ("confidence", "٠٫٩٣", 0.93),
        ("confidence", "۹۳٪", 0.93),
        ("points", "١٢٣٤", 1234),
        ("label", "٧", "7"),
        ("points", "1\u202f234", 1234),
        ("points", "1 234,0", 1234),
        ("duration_ms", "12'345'678", 12_345_678),
        ("top", "", []),
        ("top", '[["7", 0.5]]', [["7", 0.5]]),
        ("top", "[('7', 0.5), ('1', 1e-05)]", [["7", 0.5], ["1", 1e-05]]),
        ("drawing", "[]", []),
        ("drawing", "None", None),
        ("flag", "'=1+1", "=1+1"),
        ("flag", " ", " "),
        ("flag", "<NA>", None),
        ("flag", "'None", "None"),
        ("player", "nan", "nan"),
        ("timestamp", " 2026-11-25T19:42:36.353922Z ", "2026-11-25T19:42:36.353922Z"),
        ("timestamp", "2026-11-25 19:42:36", "2026-11-25T19:42:36Z"),
        ("timestamp", "2026-11-25 19:42", "2026-11-25T19:42:00Z"),
        ("timestamp", "2026-11-25 19:42:36,353 UTC", "2026-11-25T19:42:36.353Z"),
        ("timestamp", "2026-11-25 19:42:36+01:00", "2026-11-25 19:42:36+01:00"),
        ("timestamp", "25.11.2026 19:42", "25.11.2026 19:42"),
    ],
)
def test_it_is_read(column: str, cell: str, value: object) -> None:
    parsed = parse_cell(column, cell)
    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("points", "1.234", "in points expected a whole number"),
        ("points", "1.000", "in points expected a whole number"),
        ("points", "1,000", "in points expected a whole number"),
        ("points", "12.5", "in points expected a whole number"),
        ("points", "1.23E+11", "in points expected a whole number"),
        ("points", "12 34", "in points expected a whole number"),
        ("points", "1 2345", "in points expected a whole number"),
        ("points", "-1", "in points expected a whole number"),
        ("points", "TRUE", "in points expected a whole number"),
        ("points", "9" * 5000, "in points expected a whole number"),
        ("confidence", "1_0", "in confidence expected a number"),
        ("confidence", "WAHR", "in confidence expected a number"),
        ("confidence", "inf", "in confidence expected a number"),
        ("top", "[[", "in top it is not JSON"),
        ("drawing", "[[[1" + ",1" * 16_382, "in drawing the text is cut off"),
    ],
)
def test_it_is_refused_with_a_reason(column: str, cell: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_cell(column, cell)
