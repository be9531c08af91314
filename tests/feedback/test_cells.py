"""A text in a CSV cell is text to every spreadsheet program, and comes back unchanged."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.cells import guard_cell, unguard_cell

HOSTILE = st.text(st.sampled_from("=+-@＝＋－＠'\"\t\r\n;, a1|()\x00\x80\u00a0\u3000\ufeff"))
TEXTS = st.one_of(HOSTILE, st.text(st.characters(codec="utf-8")))


def is_formula(cell: str) -> bool:
    """Return whether a program might calculate it, once it has skipped blanks, controls and quotes."""
    visible = [
        c for c in cell if not c.isspace() and c != '"' and unicodedata.category(c) != "Cc" and c != "\ufeff"
    ]
    return bool(visible) and visible[0] in "=+-@＝＋－＠"


def split_like_a_program(text: str, separator: str) -> list[str]:
    """Return the cells of a written row to a program that separates them by ``separator``."""
    written = io.StringIO()
    csv.writer(written).writerow(["id", text])
    rows = csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=separator)
    return [cell for row in rows for cell in row]


@given(TEXTS)
def test_a_text_comes_back(text: str) -> None:
    assert unguard_cell(guard_cell(text)) == text


@given(TEXTS)
def test_a_cell_is_not_a_formula(text: str) -> None:
    assert not is_formula(guard_cell(text))


@given(HOSTILE.filter(lambda text: "\0" not in text), st.sampled_from([",", ";", "\t"]))
def test_a_cell_is_not_a_formula_with_any_separator(text: str, separator: str) -> None:
    assert not any(map(is_formula, split_like_a_program(guard_cell(text), separator)))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("＝1+1", "'＝1+1"),
        (" \t=1", " '\t'=1"),
        ("a;=1", "a;'=1"),
        ("'tis", "''tis"),
        ("residual-62 - new", "residual-62 - new"),
        ("", ""),
        ("NaN", "'NaN"),
        ("none of it", "none of it"),
    ],
)
def test_a_guarded_cell(text: str, cell: str) -> None:
    assert guard_cell(text) == cell
