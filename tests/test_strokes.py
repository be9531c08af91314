"""The drawings for tests: bundled, and placed anywhere in the square."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognition.alphabets import CLASSES
from tests.strokes import SQUARE, Sample, Samples, load_fixture


def test_every_character_has_six_drawings(samples: Samples) -> None:
    assert [len(samples.get(label)) for label in CLASSES] == [6] * len(CLASSES)


def test_drawings_of_one_writer_can_be_chosen(samples: Samples) -> None:
    writer = samples.get("7")[0].writer
    assert {sample.writer for sample in samples.get("7", writer)} == {writer}
    assert samples.get("7", writer=-1) == samples.get("7")


@given(
    sample=st.sampled_from(list(load_fixture())), size=st.floats(0.1, 1), left=st.floats(0, 1), top=st.floats(0, 1)
)
def test_a_drawing_is_placed_within_the_square(sample: Sample, size: float, left: float, top: float) -> None:
    drawing = sample.place(size, left * (1 - size), top * (1 - size))
    points = np.concatenate(drawing)
    assert points.min() >= 0
    assert points.max() <= SQUARE
    assert [len(stroke) for stroke in drawing] == [len(stroke) for stroke in sample.strokes]
    assert abs(float(np.ptp(points, axis=0).max()) - size * SQUARE) <= 1
