from __future__ import annotations

import numpy as np
import pytest

from game.web.handwriting import write
from recognition.alphabets import CLASSES


@pytest.mark.parametrize("character", CLASSES)
def test_every_character_stands_on_the_line(character: str) -> None:
    strokes, width = write(character, 100)
    points = np.concatenate(strokes)
    assert points[:, 0].min() >= -1e-6
    assert points[:, 0].max() <= width + 1e-6
    assert points[:, 1].min() >= -110
    assert points[:, 1].max() == pytest.approx(40 if character in "gjpqy" else 0)


def test_text_runs_from_left_to_right_in_different_hands() -> None:
    strokes, width = write("00 0", 50)
    middles = [float(stroke[:, 0].mean()) for stroke in strokes]
    assert middles == sorted(middles)
    assert middles[-1] < width
    first, second, third = (stroke - stroke[0] for stroke in strokes)
    for one, other in ((first, second), (first, third), (second, third)):
        assert len(one) != len(other) or not np.allclose(one, other)


def test_what_cannot_be_written_is_left_out() -> None:
    assert write("漢🟨", 50) == ([], 0)
    assert write("a漢b", 50)[1] == write("ab", 50)[1]
