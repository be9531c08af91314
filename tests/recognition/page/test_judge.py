"""What the doubt of the networks costs."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition.page.binarize import binarize
from recognition.page.judge import Certainty, Judge, Opinion
from recognition.page.limits import WorkLimits
from recognition.page.weights import choose_weights
from recognition.page.window import open_window


def judge_ring(alphabet: str, certainty: Certainty) -> Opinion:
    """Return the opinion on a ring, if the model is as certain as that."""
    picture = Image.new("L", (140, 140), 230)
    ImageDraw.Draw(picture).ellipse((40, 30, 90, 110), outline=40, width=8)
    ink = binarize(np.asarray(picture))
    assert ink is not None
    judge = Judge(ink, lambda _: certainty, WorkLimits(), choose_weights(alphabet))
    return judge.judge(open_window(ink, [[0]]), 0, 1, ink.height)


def price_ring(alphabet: str, certainty: Certainty) -> float:
    """Return what it costs to read the ring as one character."""
    opinion = judge_ring(alphabet, certainty)
    assert not opinion.is_sign
    return opinion.cost


def test_a_mark_that_only_passes_for_a_digit_among_digits_costs_more() -> None:
    likely, unlikely = (price_ring("digits", Certainty(0.99, among_all)) for among_all in (0.95, 0.2))
    assert likely < unlikely


def test_the_cost_of_an_unusual_form_of_a_digit_is_limited() -> None:
    rare, hardly_possible = (price_ring("digits", Certainty(0.99, among_all)) for among_all in (0.1, 0.0))
    assert rare == pytest.approx(hardly_possible)


@pytest.mark.parametrize("alphabet", ["digits", "any"])
def test_less_certainty_costs_more(alphabet: str) -> None:
    assert price_ring(alphabet, Certainty(0.9, 0.9)) < price_ring(alphabet, Certainty(0.3, 0.3))


def test_an_unusual_form_of_a_digit_is_no_sign_for_that() -> None:
    usual, unusual = (judge_ring("digits", Certainty(0.99, among_all)) for among_all in (0.99, 0.1))
    assert unusual.lead == pytest.approx(usual.lead)
