"""Lines of blobs, anywhere on a page."""

from __future__ import annotations

import tracemalloc

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.page.fields import Fields
from recognition.page.layout import compute_bounds, find_lines
from recognition.page.limits import MOST_BLOBS

HEIGHT = 40.0

blob_lists = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(1, 90), st.integers(1, 90)),
    min_size=1,
    max_size=40,
)


def make_arrays(blobs: list[tuple[int, int, int, int]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    boxes = np.array([(x, y, x + w, y + h) for x, y, w, h in blobs], dtype=np.int64)
    return boxes, np.array([max(1, w * h // 3) for _, _, w, h in blobs], dtype=np.int64)


@given(blob_lists)
def test_no_blob_is_in_two_pieces_and_every_tall_one_is_in_one(blobs: list[tuple[int, int, int, int]]) -> None:
    boxes, areas = make_arrays(blobs)
    placed = [
        blob
        for line in find_lines(boxes, areas, HEIGHT)
        for piece in (*line.pieces, *line.marks)
        for blob in piece
    ]
    assert len(placed) == len(set(placed))
    assert {number for number, box in enumerate(blobs) if box[3] >= HEIGHT} <= set(placed)


@given(blob_lists)
def test_the_pieces_of_a_line_go_from_left_to_right(blobs: list[tuple[int, int, int, int]]) -> None:
    boxes, areas = make_arrays(blobs)
    for line in find_lines(boxes, areas, HEIGHT):
        middles = [sum(compute_bounds(boxes, piece)[::2]) for piece in line.pieces]
        assert middles == sorted(middles)


@given(blob_lists, st.integers(-500, 500), st.integers(-500, 500))
def test_place_makes_no_difference(blobs: list[tuple[int, int, int, int]], x: int, y: int) -> None:
    boxes, areas = make_arrays(blobs)
    assert find_lines(boxes + np.array([x, y, x, y]), areas, HEIGHT) == find_lines(boxes, areas, HEIGHT)


@given(blob_lists, st.integers(2, 8))
def test_size_makes_no_difference_to_bodies(blobs: list[tuple[int, int, int, int]], scale: int) -> None:
    bodies = [box for box in blobs if box[3] >= HEIGHT] or [(0, 0, 30, 60)]
    boxes, areas = make_arrays(bodies)
    assert find_lines(boxes * scale, areas * scale**2, HEIGHT * scale) == find_lines(boxes, areas, HEIGHT)


@given(
    st.lists(st.lists(st.integers(24, 40), min_size=1, max_size=12), min_size=1, max_size=6),
    st.floats(-0.12, 0.12),
)
def test_lines_are_found_on_a_page_that_is_turned_a_little(rows: list[list[int]], slope: float) -> None:
    boxes: list[tuple[float, float, float, float]] = []
    expected: list[list[tuple[int]]] = []
    for number, row in enumerate(rows):
        expected.append([])
        for place, tall in enumerate(row):
            x, base = 40 * place, 110 * number + slope * 40 * place
            expected[-1].append((len(boxes),))
            boxes.append((x, base - tall, x + 24, base))
    areas = np.full(len(boxes), 200, dtype=np.int64)
    assert [line.pieces for line in find_lines(np.array(boxes), areas, HEIGHT)] == expected


@pytest.mark.slow
def test_thousands_of_blobs_take_little_memory() -> None:
    rng = np.random.default_rng(4)
    corners = rng.integers(0, 2000, (MOST_BLOBS, 2))
    boxes = np.hstack([corners, corners + rng.integers(1, 30, (MOST_BLOBS, 2))])
    areas = np.full(MOST_BLOBS, 9, dtype=np.int64)
    tracemalloc.start()
    assert find_lines(boxes, areas, 20.0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50e6


def find_pieces(*boxes: tuple[float, float, float, float]) -> list[list[tuple[int, ...]]]:
    areas = np.array([max(1, round(0.7 * (r - l) * (b - t))) for l, t, r, b in boxes], dtype=np.int64)  # noqa: E741
    return [line.pieces for line in find_lines(np.array(boxes), areas, HEIGHT)]


def test_the_dot_of_an_i_belongs_to_its_stem() -> None:
    assert find_pieces((100, 20, 106, 40), (102, 5, 108, 11), (120, 0, 150, 40)) == [[(0, 1), (2,)]]


@pytest.mark.parametrize("dot", [(60, -26, 72, -6), (50, -30, 60, -20)])
def test_a_large_or_far_dot_belongs_to_its_stem(dot: tuple[int, int, int, int]) -> None:
    assert find_pieces((0, 0, 40, 40), (52, 6, 62, 40), (72, 0, 100, 40), dot) == [[(0,), (1, 3), (2,)]]


def test_a_slanted_bar_belongs_to_its_stem() -> None:
    assert find_pieces((0, -20, 54, 0), (18, 0, 34, 40), (64, 0, 96, 40), (106, -24, 120, 40)) == [
        [(1, 0), (2,), (3,)]
    ]


def test_a_small_letter_above_another_line_stays_on_its_own() -> None:
    above, below = [(0, -60, 30, -20), (40, -44, 60, -20)], [(0, 0, 30, 40), (40, 0, 60, 40)]
    assert find_pieces(*above, *below) == [[(0,), (1,)], [(2,), (3,)]]


def test_a_bar_belongs_to_the_stem_that_it_crosses() -> None:
    assert find_pieces((100, 4, 106, 40), (90, 0, 118, 4), (140, 0, 165, 40)) == [[(0, 1), (2,)]]


def find_marks(*boxes: tuple[float, float, float, float]) -> list[list[tuple[int, ...]]]:
    areas = np.array([max(1, round(0.7 * (r - l) * (b - t))) for l, t, r, b in boxes], dtype=np.int64)  # noqa: E741
    return [line.marks for line in find_lines(np.array(boxes), areas, HEIGHT)]


def test_punctuation_is_apart_from_characters() -> None:
    colon = (130, 12, 136, 18), (130, 32, 136, 38)
    equals = (160, 14, 185, 18), (160, 28, 185, 32)
    quotes = (240, 0, 244, 10), (248, 0, 252, 10)
    boxes = (100, 0, 125, 40), *colon, *equals, (200, 0, 225, 40), (228, 36, 233, 41), *quotes
    assert find_pieces(*boxes) == [[(0,), (5,)]]
    assert find_marks(*boxes) == [[(1, 2), (3, 4), (6,), (7, 8)]]


def test_dust_away_from_the_writing_is_left_out() -> None:
    assert find_marks((100, 0, 125, 40), (110, 100, 115, 105), (300, 20, 305, 25)) == [[]]


@pytest.mark.parametrize("rise", [0, 12])
def test_a_line_under_a_word_is_left_out(rise: int) -> None:
    boxes = (100, 0, 125, 40), (130, 0, 155, 40), (160, 0, 185, 40), (96, 44, 190, 48 + rise)
    assert find_pieces(*boxes) == [[(0,), (1,), (2,)]]
    assert find_marks(*boxes) == [[]]


def test_a_fraction_bar_and_a_long_minus_are_marks() -> None:
    assert find_marks((100, 0, 125, 40), (130, 18, 190, 22), (200, 0, 225, 40)) == [[(1,)]]
    assert find_marks((120, 0, 145, 40), (90, 48, 175, 52), (120, 60, 145, 100)) == [[(1,)], []]


def test_a_lone_dash_is_a_piece() -> None:
    assert find_pieces((10, 10, 60, 14)) == [[(0,)]]


def test_without_blobs_there_are_no_lines() -> None:
    assert find_lines(np.zeros((0, 4)), np.zeros(0, dtype=np.int64), 1.0) == []


def draw_block(left: int, top: int, rows: int, characters: int) -> list[tuple[float, float, float, float]]:
    return [
        (left + 32 * place, top + 90 * row, left + 32 * place + 24, top + 90 * row + 40)
        for row in range(rows)
        for place in range(characters)
    ]


def test_columns_are_read_one_after_the_other() -> None:
    title, left, right = draw_block(0, -90, 1, 18), draw_block(0, 0, 4, 8), draw_block(340, 0, 4, 8)
    boxes = [*title, *left, *right]
    order = [blob for line in find_pieces(*boxes) for piece in line for blob in piece]
    assert order == list(range(len(boxes)))


def test_a_table_of_numbers_is_read_row_by_row() -> None:
    boxes = [box for row in range(4) for column in range(3) for box in draw_block(200 * column, 90 * row, 1, 3)]
    order = [blob for line in find_pieces(*boxes) for piece in line for blob in piece]
    assert order == list(range(len(boxes)))


def test_narrow_columns_with_lines_at_other_heights_are_no_table() -> None:
    boxes = [*draw_block(0, 0, 4, 3), *draw_block(200, 35, 4, 3)]
    order = [blob for line in find_pieces(*boxes) for piece in line for blob in piece]
    assert order == list(range(len(boxes)))


def test_small_print_above_a_box_belongs_to_no_character_in_it() -> None:
    boxes, areas = make_arrays([(50, 50, 25, 40), (110, 50, 25, 40), (45, 30, 8, 8), (60, 28, 6, 10)])
    cells = np.array([0, 1, -1, -1])
    fields = Fields(cells, np.array([0, 0, -1, -1]), np.array([0, 0, -1, -1]), cells >= 0)
    (line,) = find_lines(boxes, areas, HEIGHT, fields)
    assert (line.pieces, line.marks) == ([(0,), (1,)], [])
