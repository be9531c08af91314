"""The UNIPEN format: real drawings written in it, and oddities of its files."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.alphabets import CLASSES
from tests.training.datasets.writing import format_unipen
from training.datasets.strokes import StrokeSet
from training.datasets.unipen import (
    Drawing,
    Run,
    extract_drawings,
    make_stroke_set,
    parse_delineation,
    parse_statements,
)

LINE = ".PEN_DOWN\n0 0\n4 9\n.PEN_UP\n"
BAR = ".PEN_DOWN\n1 5\n3 5\n5 5\n.PEN_UP\n"


def read(text: str) -> tuple[list[Drawing], int]:
    return extract_drawings(parse_statements(text))


def only(text: str) -> Drawing:
    (drawing,), broken = read(text)
    assert not broken
    return drawing


def points(drawing: Drawing) -> list[list[list[float]]]:
    return [stroke.tolist() for stroke in drawing.strokes]


def test_real_drawings_come_back_as_they_were(drawings: StrokeSet) -> None:
    components, segments = format_unipen(drawings)
    for text in (components + segments, segments + components, (components + segments).replace("\n", "\r\n")):
        found, broken = read(text)
        assert broken == 0
        again = make_stroke_set(found, [0] * len(found))
        assert (again.labels == drawings.labels).all()
        assert (again.strokes.stroke_lengths == drawings.strokes.stroke_lengths).all()
        assert (again.strokes.stroke_counts == drawings.strokes.stroke_counts).all()
        starts, counts = again.strokes.point_starts, again.strokes.point_counts
        was, came = (
            ink.points - np.repeat(np.minimum.reduceat(ink.points, starts), counts, axis=0)
            for ink in (drawings.strokes, again.strokes)
        )
        assert (was == came).all()


def test_y_grows_upwards_there_and_downwards_here() -> None:
    assert points(only(f'{LINE}.SEGMENT CHARACTER 0 OK "l"')) == [[[0, 0], [4, -9]]]


numbers = st.integers(0, 10**9)
runs = st.builds(
    lambda components, points: Run(components[0], points[0], components[1], points[1]),
    st.tuples(numbers, numbers).map(sorted),
    st.tuples(numbers, numbers).map(sorted),
)


@given(st.lists(st.tuples(runs, st.booleans(), st.booleans()), min_size=1, max_size=5))
def test_a_delineation_is_read_as_it_is_written(wanted: list[tuple[Run, bool, bool]]) -> None:
    texts, meant = [], []
    for run, from_its_start, to_its_end in wanted:
        first = f"{run.first}" if from_its_start else f"{run.first}:{run.from_point}"
        last = f"{run.last}" if to_its_end else f"{run.last}:{run.to_point}"
        texts.append(f"{first}-{last}")
        meant.append(
            Run(run.first, 0 if from_its_start else run.from_point, run.last, None if to_its_end else run.to_point)
        )
    assert parse_delineation(",".join(texts)) == meant


@given(st.text("0123456789:-, x", max_size=12))
def test_any_other_delineation_is_refused_with_a_reason(text: str) -> None:
    try:
        found = parse_delineation(text)
    except ValueError as error:
        assert str(error)
    else:
        assert found
        assert all(run.first <= run.last for run in found)


@pytest.mark.parametrize(
    ("where", "lengths"),
    [
        ("0", [2]),
        ("1", [3]),
        ("0-1", [2, 3]),
        ("1,0", [3, 2]),
        ("0, 1", [2, 3]),
        ("0:1-1:0", [1, 1]),
        ("1:1", [1]),
        ("1:1-1", [2]),
        ("1:0-1:1", [2]),
        ("0:9-1", [3]),
    ],
)
def test_only_marked_points_belong_to_a_drawing(where: str, lengths: list[int]) -> None:
    drawing = only(f'{LINE}{BAR}.SEGMENT CHARACTER {where} GOOD "t"')
    assert [len(stroke) for stroke in drawing.strokes] == lengths


def test_the_pen_in_the_air_is_counted_but_draws_nothing() -> None:
    air = ".PEN_UP\n4 9\n1 5\n"
    down = [part.removesuffix(".PEN_UP\n") for part in (LINE, BAR)]
    followed = f"{air}{down[0]}{air}{down[1]}{air}.PEN_UP\n.DT 220\n"
    drawing = only(f'{followed}{followed}.SEGMENT CHARACTER 5-9 OK "t"')
    assert [len(stroke) for stroke in drawing.strokes] == [2, 3]


def test_columns_are_where_coord_says() -> None:
    text = (
        f'.COORD T Y P X\n.PEN_DOWN\n10 1 9 2\n20 3 9 4\n.PEN_UP\n.COORD X Y\n{LINE}.SEGMENT CHARACTER 0-1 ? "x"'
    )
    assert points(only(text)) == [[[2, -1], [4, -3]], [[0, 0], [4, -9]]]


def test_repeated_points_are_dropped() -> None:
    text = '.PEN_DOWN\n1 1\n1 1\n2 2\n2 2\n1 1\n.PEN_UP\n.SEGMENT CHARACTER 0 ? "i"'
    assert points(only(text)) == [[[1, -1], [2, -2], [1, -1]]]


def test_each_component_has_the_writer_named_before_it() -> None:
    mentioned = ".COMMENT previously: .WRITER_ID anna\n\t.WRITER_ID eve\n"
    text = f"{LINE}.WRITER_ID anna\n{LINE}{mentioned}{LINE}.WRITER_ID\tbob \n{LINE}"
    found, _ = read(text + "".join(f'.SEGMENT CHARACTER {i} ? "l"\n' for i in range(4)))
    assert [drawing.writer for drawing in found] == ["", "anna", "anna", "bob"]


def test_a_segment_in_a_comment_or_inside_a_line_is_ignored() -> None:
    text = f'{LINE}.COMMENT removed: .SEGMENT CHARACTER 0 BAD "b"\n  .SEGMENT CHARACTER 0 OK "c"\n'
    assert read(text) == ([], 0)


def test_words_and_other_characters_are_ignored() -> None:
    labels = (
        'CHARACTER 0 ? "\\""',
        'CHARACTER 0 ? "\\n"',
        'WORD 0 ? "a"',
        'CHARACTER 0 ? "ab"',
        'TEXT 0-9 ? "a b"',
    )
    assert read(LINE + "".join(f".SEGMENT {label}\n" for label in labels)) == ([], 0)


def test_a_label_may_be_escaped() -> None:
    assert CLASSES[only(f'{LINE}.SEGMENT DIGIT 0 ? "\\7"').label] == "7"


@pytest.mark.parametrize(
    "segment",
    [
        'CHARACTER 1 ? "a"',
        'CHARACTER 0-99999999999999999999 ? "a"',
        'CHARACTER 0-x ? "a"',
        'CHARACTER 1-0 ? "a"',
        'CHARACTER ? "a"',
        "CHARACTER 0 ?",
        'CHARACTER 0:7 ? "a"',
        "",
    ],
)
def test_a_broken_segment_is_counted_and_the_others_are_read(segment: str) -> None:
    found, broken = read(f'{LINE}.SEGMENT {segment}\n.SEGMENT CHARACTER 0 ? "a"\n')
    assert (len(found), broken) == (1, 1)


@pytest.mark.parametrize("ink", ["1 2\n3", "1 2\nx 4", "1 nan\n2 3", "1 inf\n2 3", "0 0", "1e999 0\n1 1"])
def test_broken_and_missing_ink_is_counted(ink: str) -> None:
    text = f'.PEN_DOWN\n{ink}\n.PEN_UP\n{LINE}.SEGMENT CHARACTER 0 ? "a"\n.SEGMENT CHARACTER 1 ? "l"'
    found, broken = read(text)
    assert ([CLASSES[drawing.label] for drawing in found], broken) == (["l"], 1)


@given(st.text('.PEN_DOWSGMTCHARI012:-,"\\ \n?a', max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    found, broken = read(f'.PEN_DOWN\n{text}\n.SEGMENT CHARACTER 0 ? "a"\n{text}')
    assert broken >= 0
    assert all(len(stroke) for drawing in found for stroke in drawing.strokes)
