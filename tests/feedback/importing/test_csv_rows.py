"""Rounds come back from tables that people opened, edited and saved in other programs."""

from __future__ import annotations

import csv
import io
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.export import COLUMNS, encode_csv_row, make_csv_header
from feedback.importing.errors import NotRounds, UnusableLine
from feedback.records import Round
from tests.feedback.importing.spreadsheets import PROGRAMS, Program, split_table
from tests.feedback.rounds import a_pictured_round, read, rounds

# What no program takes for a number, a date or a word of its own; two decimals, which every program shows.
TEXTS = st.text(st.sampled_from("xyzÄß日本é;,'\"=+-@|# \t\n()"), min_size=1, max_size=12)
ROUNDS = rounds(TEXTS, st.integers(0, 10**9), st.integers(0, 100).map(lambda percent: percent / 100))


OWN_COLUMNS = ("my notes", "", "Unnamed: 0")


def export(*exported: Round) -> bytes:
    return make_csv_header() + b"".join(map(encode_csv_row, exported))


@settings(max_examples=120, deadline=None)
@given(st.lists(ROUNDS, min_size=1, max_size=4), st.sampled_from(PROGRAMS))
def test_rounds_survive_every_program(exported: list[Round], program: Program) -> None:
    assert read(program.save_again(export(*exported))) == exported


@settings(max_examples=60, deadline=None)
@given(
    st.lists(ROUNDS, min_size=1, max_size=3),
    st.sampled_from(PROGRAMS),
    st.permutations(range(len(COLUMNS) + len(OWN_COLUMNS))),
)
def test_rounds_survive_people_who_move_columns_and_add_their_own(
    exported: list[Round], program: Program, order: list[int]
) -> None:
    header, *rows = split_table(export(*exported))
    widened = [[*header, *OWN_COLUMNS], *([*row, "x", "", "2"] for row in rows)]
    header, *rows = [[row[place] for place in order] for row in widened]
    blank = [""] * len(order)
    table = [header, blank]
    for row in rows:
        table += [row, blank]
    assert read(program.write(table)) == exported


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_last_column_without_a_name_is_left_out(program: Program) -> None:
    exported = a_pictured_round()
    header, row = split_table(export(exported))
    assert read(program.write([[*header, ""], [*row, ""], [""] * (len(row) + 1)])) == [exported]


def test_a_row_without_the_last_separators_is_whole() -> None:
    """Excel leaves them out where sixteen rows in a block have nothing in the last columns."""
    exported = a_pictured_round(image=None)
    row = encode_csv_row(exported).rstrip(b",\r\n")
    assert read(make_csv_header() + row + b"\r\n") == [exported]
    (refused,) = read(make_csv_header() + row)
    assert isinstance(refused, UnusableLine)
    assert refused.why == "it has 22 cells where the header has 25"


def test_a_row_with_more_cells_than_the_header_has_lost_its_quotes() -> None:
    (refused,) = read(export(a_pictured_round()).rstrip() + b",what is this\r\n")
    assert refused == UnusableLine(2, "it has 26 cells where the header has 25")


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_a_table_of_commas_that_a_program_of_semicolons_saved_again(quoting: Literal[0, 1]) -> None:
    """It takes each row for one text, or for several where there is a semicolon in it."""
    exported = [a_pictured_round(flag="one; two"), a_pictured_round(), a_pictured_round(image=None, label="7")]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=quoting)
    cells = [line.split(";") for line in export(*exported).decode("utf-8-sig").splitlines()]
    widest = max(map(len, cells))
    writer.writerows([*row, *[""] * (widest - len(row))] for row in cells)
    assert read(out.getvalue().encode()) == exported


def test_a_stray_quote_takes_no_other_row_along() -> None:
    exported = [a_pictured_round(flag='two\nlines, "quoted"\r\n') for _ in range(3)]
    rows = [encode_csv_row(round_) for round_ in exported]
    entries = read(make_csv_header() + rows[0] + b'"' + rows[1] + rows[2] + b'x,"y\r\n' + b"\r\n" + rows[1])
    assert [entry for entry in entries if isinstance(entry, Round)] == [exported[0], exported[2], exported[1]]
    assert [entry.line for entry in entries if isinstance(entry, UnusableLine)] == [5, 6, 7, 11]


def test_lines_are_counted_from_the_top_of_the_file() -> None:
    header, row, _ = split_table(export(a_pictured_round(), a_pictured_round()))
    wrong = [*row]
    wrong[COLUMNS.index("label")] = "TRUE"
    table = Program("Numbers", first_line="sep=,\r\n\r\nMy table\r\n").write([header, wrong, row])
    refused, taken = read(table)
    assert refused == UnusableLine(5, "in label expected one of 0-9, A-Z and a-z")
    assert isinstance(taken, Round)


def test_a_text_in_another_encoding_spoils_its_own_row_alone() -> None:
    exported = [a_pictured_round(flag="rüde"), a_pictured_round()]
    refused, taken = read(export(*exported).decode("utf-8-sig").encode("cp1252"))
    assert refused == UnusableLine(2, "in flag the text is not UTF-8: save the table as CSV UTF-8")
    assert taken == exported[1]


def test_notes_in_another_encoding_do_no_harm() -> None:
    exported = a_pictured_round()
    header, row = export(exported).splitlines()
    assert read(header + ",Anmerkungen für mich\n".encode("cp1252") + row + ",schön\n".encode("cp1252")) == [
        exported
    ]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (b"key_id,label", "columns are missing: timestamp, source, alphabet, model, player"),
        (make_csv_header().rstrip() + b",label,model", "columns are there twice: label, model"),
    ],
)
def test_a_header_that_cannot_be_used(header: bytes, why: str) -> None:
    with pytest.raises(NotRounds, match=why):
        read(header + b"\r\nx\r\n")
