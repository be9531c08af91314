"""A round as a row: whatever was drawn fits, and comes back as it was."""

from __future__ import annotations

import io
import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from feedback.records import LABELS, Drawing, Round
from feedback.sheet.columns import COLUMNS, STANDARD_HEADER, Header, decode, make_cells, parse_label
from tests.feedback.making import a_round

_numbers = st.integers(-2_000_000, 2_000_000)
_drawings = st.lists(
    st.integers(1, 6).flatmap(
        lambda n: st.lists(st.lists(_numbers, min_size=n, max_size=n), min_size=3, max_size=3)
    ),
    max_size=5,
)


@given(
    drawing=st.none() | _drawings,
    label=st.none() | st.sampled_from(LABELS),
    crop=st.none() | st.binary(min_size=1),
)
def test_a_row_comes_back_as_the_round_it_was(
    drawing: Drawing | None, label: str | None, crop: bytes | None
) -> None:
    kept = a_round(drawing=drawing, label=label, crop=crop, mode="sprint", points=3, flag="=1+1")
    row = json.loads(json.dumps(make_cells(kept)))
    assert decode(STANDARD_HEADER.gather(STANDARD_HEADER.spread(row))) == kept


@settings(max_examples=15, deadline=None)
@given(strokes=st.integers(1, 64), points=st.integers(1, 4096), size=st.integers(1, 10**9))
def test_no_drawing_is_too_long_for_a_cell(strokes: int, points: int, size: int) -> None:
    drawing = [[[size + i for i in range(points)] for _ in range(3)] for _ in range(strokes)]
    row = dict(zip(COLUMNS, make_cells(a_round(drawing=drawing)), strict=True))
    assert all(len(str(cell)) < 50_000 for cell in row.values())
    shown = json.loads(str(row["drawing"]) or "[]")
    if shown == drawing:
        assert row["note"] == ""
    elif shown:
        assert "drawing thinned to every" in str(row["note"])
        assert [[numbers[-1] for numbers in stroke] for stroke in shown] == [
            [numbers[-1] for numbers in stroke] for stroke in drawing
        ]
    else:
        assert "drawing left out" in str(row["note"])


def test_a_picture_that_is_too_large_is_made_smaller_and_one_that_is_none_is_left_out() -> None:
    noise = Image.frombytes("L", (300, 300), random.Random(1).randbytes(90_000))  # noqa: S311
    out = io.BytesIO()
    noise.save(out, "PNG")
    row = dict(zip(COLUMNS, make_cells(a_round(crop=out.getvalue(), image=b"x" * 60_000)), strict=True))
    assert all(len(str(cell)) < 50_000 for cell in row.values())
    assert row["note"] == "crop made smaller; image left out, too large"
    assert row["image"] == ""
    kept: Round = decode(list(row.values()))
    with Image.open(io.BytesIO(kept.crop or b"")) as small:
        assert small.size == (150, 150)


def test_labels_as_people_type_them() -> None:
    assert [parse_label(value) for value in ("7", 7, 7.0, " Q ", "q")] == ["7", "7", "7", "Q", "q"]
    assert [parse_label(value) for value in ("", "77", 77, -7, 7.5, True, "ä", "７", None, "=")] == [None] * 10


def test_columns_are_found_by_their_names() -> None:
    moved = Header.read(["round_id", "mine", *reversed(COLUMNS[1:])])
    assert moved is not None
    row = make_cells(a_round())
    assert moved.gather(moved.spread(row)) == row
    assert moved.spread(row)[1] == ""
    assert Header.read(["", *COLUMNS]) is None
    assert Header.read([*COLUMNS, "label"]) is None
    assert Header.read(COLUMNS[:-1]) is None
