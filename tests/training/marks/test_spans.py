"""Marks on laid out pages are labeled by whose ink they hold."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.page.marks import CHARACTER, FRAME_SIDE, PART, SEVERAL, SIGN
from training.datasets.strokes import StrokeSet
from training.marks.candidates import collect_from_pages
from training.marks.characters import Characters
from training.marks.paint import Page
from training.marks.spans import label_span

# Stroke 1 and 2 are an i and its dot, 3 is an l, 4 is a bracket, 5 is a heart. Number 0 is ink of nobody.
PAGE = Page(
    gray=np.zeros((1, 1), dtype=np.uint8),
    ids=np.zeros((1, 1), dtype=np.int32),
    owners=np.array([-1, 0, 0, 1, 2, 3]),
    is_character=np.array([True, True, False, False]),
    labels=["i", "l", "(", "heart"],
)
TOTALS = np.array([50, 200, 20, 300, 250, 400])


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        ((0, 200, 20, 0, 0, 0), CHARACTER),
        ((5, 195, 19, 3, 0, 0), CHARACTER),
        ((0, 200, 0, 0, 0, 0), PART),
        ((0, 0, 20, 0, 0, 0), PART),
        ((0, 0, 0, 120, 0, 0), PART),
        ((0, 200, 20, 300, 0, 0), SEVERAL),
        ((0, 200, 20, 100, 0, 0), SEVERAL),
        ((0, 0, 0, 300, 250, 0), SEVERAL),
        ((0, 0, 0, 0, 250, 0), SIGN),
        ((0, 0, 0, 0, 100, 0), PART),
        ((0, 0, 0, 0, 20, 0), PART),
        ((0, 0, 0, 0, 0, 40), SIGN),
        ((0, 0, 0, 0, 0, 250), SIGN),
        ((40, 0, 0, 0, 0, 0), SIGN),
    ],
)
def test_a_mark_is_what_its_ink_belongs_to(counts: tuple[int, ...], kind: int) -> None:
    truth = label_span(np.array(counts), TOTALS, PAGE)
    assert truth is not None
    assert truth[0] == kind


@pytest.mark.parametrize("counts", [(0, 200, 10, 0, 0, 0), (0, 0, 0, 255, 0, 0), (100, 0, 0, 300, 0, 0)])
def test_a_mark_that_is_almost_a_character_has_no_kind(counts: tuple[int, ...]) -> None:
    assert label_span(np.array(counts), TOTALS, PAGE) is None


@pytest.mark.slow
def test_pages_give_marks_of_all_kinds(drawings: StrokeSet) -> None:
    marks = collect_from_pages(Characters.index(drawings, None), 12, np.random.default_rng(1))
    assert set(marks.kinds.tolist()) == {CHARACTER, SEVERAL, PART, SIGN}
    assert marks.frames.shape == (len(marks), FRAME_SIDE, FRAME_SIDE, 2)
    assert marks.frames[..., 0].any(axis=(1, 2)).all()
    again = collect_from_pages(Characters.index(drawings, None), 12, np.random.default_rng(1))
    assert (again.frames == marks.frames).all()
