"""Windows: wide units are cut where there is least ink, and nothing is lost."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from recognition.page.binarize import PageInk, binarize
from recognition.page.window import Window, cut_wide_units, open_window


def draw_joined_rings(count: int) -> PageInk:
    """Return the ink of some rings in a row, joined by short lines at their feet."""
    picture = Image.new("L", (60 + 70 * count, 140), 230)
    pen = ImageDraw.Draw(picture)
    for number in range(count):
        x = 30 + 70 * number
        pen.ellipse((x, 30, x + 50, 110), outline=40, width=8)
        if number:
            pen.line([(x - 35, 106), (x + 15, 106)], fill=40, width=6)
    ink = binarize(np.asarray(picture))
    assert ink is not None
    assert len(ink.boxes) == 1
    return ink


def cut(count: int) -> tuple[Window, Window, list[bool]]:
    ink = draw_joined_rings(count)
    window = open_window(ink, [[0]])
    return window, *cut_wide_units(window, ink.height)


def test_rings_are_cut_where_they_are_joined() -> None:
    for count in (2, 3, 4):
        _, window, is_cut = cut(count)
        assert is_cut == [True] * (len(window.boxes) - 1)
        edges = [window.left + left for left, *_ in window.boxes.tolist()[1:]]
        joints = [30 + 70 * number - 10 for number in range(1, count)]
        assert all(min(abs(edge - joint) for edge in edges) <= 10 for joint in joints)


def test_cutting_loses_no_ink() -> None:
    before, after, _ = cut(3)
    assert ((before.units > 0) == (after.units > 0)).all()
    left, top, right, bottom = after.compute_bounds(0, len(after.boxes))
    assert (left, top, right, bottom) == before.compute_bounds(0, 1)


def test_a_single_narrow_ring_is_not_cut() -> None:
    ink = draw_joined_rings(1)
    window, is_cut = cut_wide_units(open_window(ink, [[0]]), 2 * ink.height)
    assert is_cut == []
    assert len(window.boxes) == 1
