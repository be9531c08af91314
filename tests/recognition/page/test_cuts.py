"""Paths along which touching characters are cut."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from recognition.page.cuts import Columns, Mask, find_cuts

HEIGHT = 80


def draw(*paths: list[tuple[int, int]], width: int = 8) -> Mask:
    """Return the ink of some lines, cropped to it."""
    picture = Image.new("1", (200, HEIGHT + 20))
    for path in paths:
        ImageDraw.Draw(picture).line(path, fill=1, width=width)
    mask = np.asarray(picture)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def find_halves(mask: Mask) -> list[float]:
    """Return for each cut how much of the ink is to the left of it."""
    across = np.arange(mask.shape[1])
    return [float(mask[across < columns[:, None]].sum() / mask.sum()) for columns in find_cuts(mask, HEIGHT)]


def test_a_thin_joint_is_cut() -> None:
    mask = draw([(20, 10), (20, 90)], [(80, 10), (80, 90)], [(20, 50), (80, 50)], width=6)
    assert any(abs(half - 0.5) < 0.2 for half in find_halves(mask))


def test_neighbors_that_reach_over_each_other_are_cut_along_a_leaning_path() -> None:
    """No column separates two slanted strokes."""
    mask = draw([(70, 10), (20, 90)], [(110, 10), (60, 90)], [(45, 50), (85, 50)], width=6)
    assert mask[:, 10:-10].sum(axis=0).min() > 0
    assert any(abs(half - 0.5) < 0.15 for half in find_halves(mask))


def test_cuts_never_cross() -> None:
    random = np.random.default_rng(7)
    for _ in range(20):
        mask = draw([(int(x), int(y)) for x, y in random.integers(10, 90, (12, 2))])
        cuts: Columns = find_cuts(mask, HEIGHT)
        assert cuts.shape[1] == len(mask)
        assert (np.diff(cuts, axis=0) >= 0).all()


def test_a_narrow_stroke_is_not_cut() -> None:
    assert find_halves(draw([(20, 10), (24, 90)])) == []
