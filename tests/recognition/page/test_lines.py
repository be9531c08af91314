"""Straight lines are found, and what a texture takes is limited."""

from __future__ import annotations

import tracemalloc

import numpy as np

from recognition.page.lines import find_lines_across


def test_the_lines_of_a_texture_take_little_memory() -> None:
    mask = np.random.default_rng(4).random((2048, 2048)) < 0.8
    mask = mask.repeat(3, axis=1)[:, :2048]
    tracemalloc.start()
    find_lines_across(mask)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 90e6


def test_all_lines_of_squared_paper_are_found() -> None:
    mask = np.zeros((1600, 2048), dtype=np.bool_)
    mask[20::25] = mask[21::25] = mask[:, 20::25] = True
    lines = find_lines_across(mask)
    assert len(lines.rows) == 64
    assert (lines.lengths >= 2040).all()


def test_lines_are_found_among_more_short_pieces_than_are_measured() -> None:
    mask = np.zeros((2048, 2048), dtype=np.bool_)
    mask[::2] = True
    mask[:, ::12] = False
    assert len(find_lines_across(mask).rows) > 0
