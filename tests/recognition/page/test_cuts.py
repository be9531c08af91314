"""Paths along which touching characters are cut."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition.page.cuts import Cuts, Mask, find_cuts

HEIGHT = 80


def draw(*paths: list[tuple[int, int]], width: int = 8) -> Mask:
    """Return the ink of some lines, cropped to it."""
    picture = Image.new("1", (200, HEIGHT + 20))
    for path in paths:
        ImageDraw.Draw(picture).line(path, fill=1, width=width)
    mask = np.asarray(picture)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def cut(mask: Mask, number: int, cuts: Cuts) -> tuple[Mask, Mask]:
    """Return the ink to the left of a cut and to its right."""
    is_right = np.arange(mask.shape[1]) >= cuts.columns[number][:, None]
    return mask & ~is_right, mask & is_right


def test_a_thin_joint_is_cut() -> None:
    mask = draw([(20, 10), (20, 90)], [(80, 10), (80, 90)]) | draw([(20, 10), (20, 90)], [(80, 10), (80, 90)])
    mask[40:44, 4:64] = True
    cuts = find_cuts(mask, HEIGHT)
    best = int(np.argmin(cuts.ink))
    left, right = cut(mask, best, cuts)
    assert cuts.ink[best] == pytest.approx(4, abs=2)
    assert abs(int(left.sum()) - int(right.sum())) < 0.4 * mask.sum()


def test_neighbors_that_reach_over_each_other_are_cut_along_a_leaning_path() -> None:
    """No column separates two slanted strokes."""
    mask = draw([(70, 10), (20, 90)], [(110, 10), (60, 90)], [(45, 50), (85, 50)], width=6)
    assert mask[:, 10:-10].sum(axis=0).min() > 0
    cuts = find_cuts(mask, HEIGHT)
    halves = [cut(mask, number, cuts) for number in range(len(cuts.ink))]
    assert any(abs(int(left.sum()) - int(right.sum())) < 0.3 * mask.sum() for left, right in halves)
    assert min(cuts.ink) <= 10


def test_cuts_never_cross() -> None:
    random = np.random.default_rng(7)
    for _ in range(20):
        mask = draw([(int(x), int(y)) for x, y in random.integers(10, 90, (12, 2))])
        cuts = find_cuts(mask, HEIGHT)
        assert (np.diff(cuts.columns, axis=0) >= 0).all()
        assert cuts.columns.shape == (len(cuts.ink), len(mask))


def test_a_narrow_stroke_is_not_cut() -> None:
    assert len(find_cuts(draw([(20, 10), (24, 90)]), HEIGHT).ink) == 0
