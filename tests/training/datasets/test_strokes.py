"""Sets of drawings: stored, loaded, split and compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognition.render import render
from recognition.strokes import StrokeBatch
from training.datasets.strokes import StrokeSet


def of(*drawn: list[list[tuple[float, float]]]) -> StrokeSet:
    """Return drawings given as lists of strokes, all of class 7 and by writer 300."""
    ink = StrokeBatch(
        np.array([point for strokes in drawn for stroke in strokes for point in stroke], dtype=np.float64),
        np.array([len(stroke) for strokes in drawn for stroke in strokes]),
        np.array([len(strokes) for strokes in drawn]),
    )
    return StrokeSet(ink, np.full(len(drawn), 7), np.full(len(drawn), 300))


def saved(path: Path, drawn: StrokeSet) -> StrokeSet:
    drawn.save(path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    return StrokeSet.load(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "set.npz"


def test_real_drawings_are_loaded_as_they_were_saved(path: Path, drawings: StrokeSet) -> None:
    again = saved(path, drawings)
    assert (again.strokes.points == drawings.strokes.points).all()
    assert (again.strokes.stroke_lengths == drawings.strokes.stroke_lengths).all()
    assert (again.strokes.stroke_counts == drawings.strokes.stroke_counts).all()
    assert (again.labels == drawings.labels).all()
    assert (again.writers == drawings.writers).all()
    with np.load(path, allow_pickle=False) as arrays:
        assert {name: str(arrays[name].dtype) for name in arrays} == {
            "points": "int16", "stroke_len": "uint16", "n_strokes": "uint8", "label": "uint8", "writer": "uint16",
        }  # fmt: skip


@pytest.mark.parametrize("factor", [0.001, 1 / 3, 1234.5, 1e9])
def test_a_drawing_that_does_not_fit_keeps_its_shape(path: Path, drawings: StrokeSet, factor: float) -> None:
    few = drawings.take(np.arange(0, len(drawings), 9))
    ink = StrokeBatch(
        few.strokes.points * factor - 7e5 * factor, few.strokes.stroke_lengths, few.strokes.stroke_counts
    )
    again = saved(path, StrokeSet(ink, few.labels, few.writers))
    difference = np.abs(render(again.strokes).astype(int) - render(few.strokes).astype(int))
    assert difference.mean() < 0.1
    assert again.strokes.points.min() == 0


def test_only_a_drawing_that_is_too_large_is_scaled(path: Path) -> None:
    small, large = [[(-5.0, 3.0), (5.0, 8.0)]], [[(0.0, 0.0), (65534.0, 32767.0)]]
    assert saved(path, of(small, large)).strokes.points.tolist() == [[0, 0], [10, 5], [0, 0], [32767, 16384]]


def test_a_dot_stays_a_dot(path: Path) -> None:
    assert saved(path, of([[(0.5, 7e9)]], [[(4, 4)]])).strokes.points.tolist() == [[0, 0], [0, 0]]


def test_drawings_with_too_many_points_or_strokes_are_left_out(path: Path) -> None:
    long, many = [[(float(x), 0.0) for x in range(65536)]], [[(float(x), 0.0)] for x in range(256)]
    assert len(saved(path, of(long, [[(1, 1), (2, 2)]], many))) == 1
    assert saved(path, of([stroke[:65535] for stroke in long], many[:255])).strokes.stroke_counts.tolist() == [
        1,
        255,
    ]


def test_take_returns_the_drawings_with_these_indices(drawings: StrokeSet) -> None:
    chosen = np.array([5, 2, 2, len(drawings) - 1])
    taken = drawings.take(chosen)
    assert (render(taken.strokes) == render(drawings.strokes)[chosen]).all()
    assert (taken.labels == drawings.labels[chosen]).all()


def test_no_writer_is_on_both_sides_of_a_split(drawings: StrokeSet) -> None:
    writers = np.unique(drawings.writers)[:3]
    rest, held_out = drawings.split(writers)
    assert set(held_out.writers) == set(writers)
    assert not set(rest.writers) & set(writers)
    assert len(rest) + len(held_out) == len(drawings)


def test_excluded_drawings_are_recognized_wherever_they_are_on_the_tablet(drawings: StrokeSet) -> None:
    few = drawings.take(np.array([3, 1, 4]))
    moved = replace(few, strokes=replace(few.strokes, points=np.add(few.strokes.points, (17, -4))))
    rest = drawings.exclude(moved)
    assert len(rest) == len(drawings) - 3
    assert (rest.take(np.arange(2)).labels == drawings.labels[[0, 2]]).all()
