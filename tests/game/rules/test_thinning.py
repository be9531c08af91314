"""Drawings with fewer points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feedback.records import Drawing
from game.rules.thinning import thin_drawing

strokes = st.integers(1, 300).map(lambda size: [list(range(size)), list(range(size)), list(range(size))])


@given(st.lists(strokes, max_size=64), st.integers(2, 80))
def test_a_thinned_drawing_has_its_long_strokes_with_their_ends(drawing: Drawing, most: int) -> None:
    thinned = thin_drawing(drawing, most)
    assert sum(len(stroke[0]) for stroke in thinned) <= most
    ends = [[axis[-1] for axis in stroke] for stroke in drawing]
    for x, y, t in thinned:
        assert x == y == t == sorted(set(x))
        assert x[0] == 0
        assert [x[-1]] * 3 in ends
    if len(drawing) <= most // 2:
        assert [[axis[-1] for axis in stroke] for stroke in thinned] == ends
