"""A round as a row: whatever was drawn fits, and nothing that fits is lost."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from feedback.data_uri import PNG_HEAD, decode_png_uri
from feedback.records import LABELS, Drawing, Round
from feedback.sheet.columns import COLUMNS, STANDARD_HEADER, Cell, Header, make_cells, parse_label
from tests.feedback.making import a_round

_numbers = st.integers(-2_000_000, 2_000_000)
_drawings = st.lists(
    st.integers(1, 6).flatmap(
        lambda n: st.lists(st.lists(_numbers, min_size=n, max_size=n), min_size=3, max_size=3)
    ),
    max_size=5,
)
_pictures = st.binary(min_size=8).map(lambda rest: PNG_HEAD + rest)


@settings(deadline=None)
@given(
    drawing=st.none() | _drawings,
    label=st.none() | st.sampled_from(LABELS),
    crop=st.none() | _pictures,
)
def test_a_row_holds_everything_about_its_round(
    drawing: Drawing | None, label: str | None, crop: bytes | None
) -> None:
    round_ = a_round(drawing=drawing, label=label, crop=crop, image=None, mode="sprint", points=3, flag="=1+1")
    row = json.loads(json.dumps(make_cells(round_)))
    assert _parse_round(STANDARD_HEADER.gather(STANDARD_HEADER.spread(row))) == round_


@pytest.mark.slow
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


def test_a_picture_that_is_too_large_is_made_smaller_and_one_that_is_damaged_is_left_out() -> None:
    noise = Image.frombytes("L", (300, 300), random.Random(1).randbytes(90_000))  # noqa: S311
    out = io.BytesIO()
    noise.save(out, "PNG")
    damaged = PNG_HEAD + b"x" * 60_000
    row = dict(zip(COLUMNS, make_cells(a_round(crop=out.getvalue(), image=damaged)), strict=True))
    assert all(len(str(cell)) < 50_000 for cell in row.values())
    assert row["note"] == "crop made smaller; image left out, too large"
    assert row["image"] == ""
    with Image.open(io.BytesIO(decode_png_uri(str(row["crop"])))) as small:
        assert small.size == (150, 150)


def test_labels_as_people_type_them() -> None:
    assert [parse_label(value) for value in ("7", 7, 7.0, " Q ", "q")] == ["7", "7", "7", "Q", "q"]
    assert [parse_label(value) for value in ("", "77", 77, -7, 7.5, True, "ä", "７", None, "=")] == [None] * 10


def test_columns_are_found_by_their_names() -> None:
    moved = Header.parse(["round_id", "mine", *reversed(COLUMNS[1:])])
    assert moved is not None
    row = make_cells(a_round())
    assert moved.gather(moved.spread(row)) == row
    assert moved.spread(row)[1] == ""
    assert Header.parse(["", *COLUMNS]) is None
    assert Header.parse([*COLUMNS, "label"]) is None
    assert Header.parse(COLUMNS[:-1]) is None


def _parse_round(row: Sequence[Cell]) -> Round:
    """Return the round in a row whose cells are in the order of `COLUMNS`."""
    fields: dict[str, Any] = {
        name: value for name, value in zip(COLUMNS, row, strict=True) if value != "" and name != "note"
    }
    fields["id"], fields["at"] = fields.pop("round_id"), fields.pop("time")
    fields["top"] = json.loads(fields.pop("top5"))
    fields["drawing"] = json.loads(fields.pop("drawing", "null"))
    for name in ("crop", "image"):
        if name in fields:
            fields[name] = decode_png_uri(fields[name])
    # Bytes go through the conversion as they are.
    return msgspec.convert(fields, Round)
