"""Drawings that are accepted before they are finished, measured on real ones."""

from __future__ import annotations

import pytest

from recognition.model.network import BUNDLED, Model
from training.datasets.strokes import StrokeSet
from training.evaluation.early import (
    MOST_UNFINISHED,
    MOST_WRONG,
    PartialOutputs,
    choose_early_thresholds,
    compute_early_figures,
    predict_partial,
)


@pytest.fixture(scope="module")
def outputs(drawings: StrokeSet) -> PartialOutputs:
    return predict_partial(Model.load(BUNDLED), drawings)


def test_a_character_that_begins_others_gets_no_threshold(outputs: PartialOutputs) -> None:
    thresholds = choose_early_thresholds(outputs, "digits")
    assert "8" in thresholds
    assert "1" not in thresholds


@pytest.mark.parametrize("alphabet", ["digits", "upper", "lower"])
def test_few_are_wrong_where_thresholds_were_chosen(outputs: PartialOutputs, alphabet: str) -> None:
    figures = compute_early_figures(outputs, alphabet, choose_early_thresholds(outputs, alphabet))
    assert 0 < figures.taken < 1
    assert figures.wrong <= MOST_WRONG
    assert figures.unfinished <= MOST_UNFINISHED
    assert 0.5 < figures.ink < 1


def test_without_thresholds_nothing_is_accepted_early(outputs: PartialOutputs) -> None:
    figures = compute_early_figures(outputs, "digits", {})
    assert (figures.taken, figures.wrong, figures.unfinished, figures.ink) == (0, 0, 0, 1)


def test_low_thresholds_accept_many_wrong_drawings(outputs: PartialOutputs) -> None:
    careless = compute_early_figures(outputs, "digits", dict.fromkeys("0123456789", 0.5))
    assert careless.wrong > 10 * MOST_WRONG
