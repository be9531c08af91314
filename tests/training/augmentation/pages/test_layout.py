"""Laid out pages: whose ink a pixel is, where each mark is, and that the seed decides it all."""

from __future__ import annotations

import numpy as np
import pytest

from training.augmentation.pages.layout import LAYOUTS, lay_out_page
from training.augmentation.pages.page import PRINTED
from training.augmentation.pages.writers import Writers


@pytest.mark.parametrize("kind", sorted(set(LAYOUTS) - {"sheet"}))  # that one takes seconds
def test_each_mark_has_the_ink_in_its_box(writers: Writers, kind: str) -> None:
    page = lay_out_page(writers, kind, np.random.default_rng(5))
    assert page.ids.shape == page.ink.shape
    assert set(np.unique(page.ids)) - {0, PRINTED} == set(range(1, len(page.marks) + 1))
    for number, mark in enumerate(page.marks, start=1):
        rows, columns = np.nonzero(page.ids == number)
        x, y, width, height = mark.box
        assert (columns.min(), columns.max() + 1) == (x, x + width)
        assert (rows.min(), rows.max() + 1) == (y, y + height)
    assert not page.ids[page.ink == 0].any()


@pytest.mark.parametrize("kind", ["number", "boxes"])
def test_pages_depend_only_on_the_seed(writers: Writers, kind: str) -> None:
    first, again, other = (lay_out_page(writers, kind, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.ids, again.ids)
    assert np.array_equal(first.ink, again.ink)
    assert not np.array_equal(first.ink, other.ink)


@pytest.mark.parametrize("seed", range(5))
def test_digits_of_a_number_are_apart_and_in_order(writers: Writers, seed: int) -> None:
    marks = lay_out_page(writers, "number", np.random.default_rng(seed)).marks
    ends = [mark.box[0] + mark.box[2] for mark in marks]
    assert all(mark.box[0] > end for mark, end in zip(marks[1:], ends, strict=False))


def test_a_form_prints_boxes_around_its_characters(writers: Writers) -> None:
    page = lay_out_page(writers, "boxes", np.random.default_rng(3))
    assert (page.ids == PRINTED).any()
    assert not any(mark.is_sign for mark in page.marks)
