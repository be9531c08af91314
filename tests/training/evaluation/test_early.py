"""Drawings believed before they are finished, on real ones."""

from __future__ import annotations

import pytest

from recognition.model.network import BUNDLED, Model
from training.datasets.strokes import StrokeSet
from training.evaluation.early import (
    MOST_WRONG,
    PartialOutputs,
    choose_early_thresholds,
    compute_early_figures,
    predict_partial,
)


@pytest.fixture(scope="module")
def watched(drawings: StrokeSet) -> PartialOutputs:
    return predict_partial(Model.load(BUNDLED), drawings)


def test_what_is_the_beginning_of_others_is_not_believed(watched: PartialOutputs) -> None:
    thresholds = choose_early_thresholds(watched, "digits")
    assert "8" in thresholds
    assert "1" not in thresholds


@pytest.mark.parametrize("alphabet", ["digits", "upper", "lower"])
def test_few_are_wrong_where_the_thresholds_were_chosen(watched: PartialOutputs, alphabet: str) -> None:
    found = compute_early_figures(watched, alphabet, choose_early_thresholds(watched, alphabet))
    assert 0 < found.taken < 1
    assert found.wrong <= MOST_WRONG
    assert 0.5 < found.ink < 1


def test_without_thresholds_nothing_is_taken_early(watched: PartialOutputs) -> None:
    found = compute_early_figures(watched, "digits", {})
    assert (found.taken, found.wrong, found.ink) == (0, 0, 1)


def test_believing_everything_goes_wrong(watched: PartialOutputs) -> None:
    careless = compute_early_figures(watched, "digits", dict.fromkeys("0123456789", 0.5))
    assert careless.wrong > 10 * MOST_WRONG
