"""Which box of a form each blob is in, and the reading order that follows."""

from __future__ import annotations

import numpy as np

from recognition.page.cells import Cell
from recognition.page.fields import find_fields
from recognition.page.layout import find_lines

HEIGHT = 40.0


def make_cells(columns: int, rows: int, width: int, height: int, apart: int = 0) -> list[Cell]:
    return [
        Cell((x, y, x + width, y + height), (column, column + 1), row + 1, row, False)
        for row, y in enumerate(range(0, rows * height, height))
        for column, x in enumerate(range(0, columns * (width + apart), width + apart))
    ]


def write(*corners: tuple[int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    return np.array([(x, y, x + 25, y + 40) for x, y in corners], dtype=np.int64)


def test_a_table_is_read_row_by_row_however_wide_its_columns_are() -> None:
    boxes = write(*((x, y) for y in (20, 100, 180, 260) for x in (20, 70, 120, 170, 520, 570, 620, 670)))
    fields = find_fields(boxes, make_cells(2, 4, 500, 80), HEIGHT)
    lines = find_lines(boxes, np.full(len(boxes), 400), HEIGHT, fields)
    assert [[blob for (blob,) in line.pieces] for line in lines] == [list(range(n, n + 8)) for n in (0, 8, 16, 24)]
    assert len(find_lines(boxes, np.full(len(boxes), 400), HEIGHT)) == 8  # as two columns, without the table
    assert set(fields.combs.tolist()) == {-1}


def test_a_comb_is_one_line_and_one_word_at_whatever_heights_its_characters_are() -> None:
    boxes = write((15, 5), (75, 45), (140, 2), (190, 48))
    fields = find_fields(boxes, make_cells(4, 1, 60, 90), HEIGHT)
    assert fields.combs.tolist() == [0, 0, 0, 0]
    assert len(find_lines(boxes, np.full(4, 400), HEIGHT, fields)) == 1


def test_an_empty_cell_ends_a_word() -> None:
    boxes = write((15, 20), (75, 20), (195, 20))
    assert find_fields(boxes, make_cells(4, 1, 60, 90), HEIGHT).combs.tolist() == [0, 0, 1]


def test_a_row_of_separate_boxes_is_one_word_and_a_wider_gap_ends_it() -> None:
    left, right = make_cells(2, 1, 60, 90, apart=10), make_cells(2, 1, 60, 90, apart=10)
    moved = [
        cell._replace(box=(cell.box[0] + 190, *cell.box[1:2], cell.box[2] + 190, cell.box[3])) for cell in right
    ]
    boxes = write((15, 20), (85, 20), (205, 20), (275, 20))
    assert find_fields(boxes, left + moved, HEIGHT).combs.tolist() == [0, 0, 1, 1]


def test_square_cells_that_hold_several_characters_are_no_comb() -> None:
    boxes = write((10, 20), (45, 20), (110, 20), (145, 20), (210, 20), (245, 20))
    fields = find_fields(boxes, make_cells(3, 1, 100, 90), HEIGHT)
    assert set(fields.combs.tolist()) == {-1}
    assert fields.cells.tolist() == [0, 0, 1, 1, 2, 2]


def test_a_frame_around_boxes_is_no_cell() -> None:
    frame = Cell((-50.0, -50.0, 400.0, 300.0), (8, 9), 8, 9, False)
    boxes = write((15, 20), (15, 200))
    assert find_fields(boxes, [frame, *make_cells(2, 1, 60, 90)], HEIGHT).cells.tolist() == [0, -1]


def test_small_print_beside_boxes_is_left_out_and_writing_beside_them_is_not() -> None:
    boxes = np.concatenate((write((15, 20), (75, 20), (20, 200)), [[20, -30, 30, -14], [34, -30, 44, -14]]))
    fields = find_fields(boxes, make_cells(2, 1, 60, 90), HEIGHT)
    lines = find_lines(boxes, np.full(5, 100), HEIGHT, fields)
    assert [line.pieces for line in lines] == [[(0,), (1,)], [(2,)]]
