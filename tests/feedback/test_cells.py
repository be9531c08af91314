"""A text in a CSV cell is text to every spreadsheet program, and comes back as it was."""

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
    """Whether a program might calculate it: what it begins with once blanks, controls and quotes are skipped."""
    seen = [c for c in cell if not c.isspace() and c != '"' and unicodedata.category(c) != "Cc" and c != "\ufeff"]
    return bool(seen) and seen[0] in "=+-@＝＋－＠"


def as_a_program_splits_it(text: str, separator: str) -> list[str]:
    """Return the cells of a written row for a program that takes ``separator`` for what stands between them."""
    written = io.StringIO()
    csv.writer(written).writerow(["id", text])
    rows = csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=separator)
    return [cell for row in rows for cell in row]


@given(TEXTS)
def test_it_comes_back(text: str) -> None:
    assert unguard_cell(guard_cell(text)) == text


@given(TEXTS)
def test_it_is_no_formula(text: str) -> None:
    assert not is_formula(guard_cell(text))


@given(HOSTILE.filter(lambda text: "\0" not in text), st.sampled_from([",", ";", "\t"]))
def test_it_is_no_formula_where_cells_are_separated_otherwise(text: str, separator: str) -> None:
    assert not any(map(is_formula, as_a_program_splits_it(guard_cell(text), separator)))


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
    ],
)
def test_how_it_is_written(text: str, cell: str) -> None:
    assert guard_cell(text) == cell
