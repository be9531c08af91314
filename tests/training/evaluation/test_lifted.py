"""Drawings that are taken when the pen is lifted, measured on real ones."""

from __future__ import annotations

import json

import numpy as np
import pytest

from game.rules import tuning
from recognition.alphabets import ALPHABETS
from recognition.model.network import BUNDLED, Model
from training.datasets.strokes import StrokeSet
from training.evaluation.lifted import (
    MOST_UNFINISHED,
    MOST_WRONG,
    THRESHOLDS,
    LiftedOutputs,
    choose_thresholds,
    compute_lifted_figures,
    measure_beginnings,
    predict_lifted,
)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load(BUNDLED)


@pytest.fixture(scope="module")
def outputs(model: Model, drawings: StrokeSet) -> LiftedOutputs:
    return predict_lifted(model, drawings)


def test_the_lowest_threshold_is_the_games_own() -> None:
    assert THRESHOLDS[0] == tuning.ACCEPT_RESTING


def test_a_drawing_comes_once_for_each_lift_and_is_finished_at_the_last(
    outputs: LiftedOutputs, drawings: StrokeSet
) -> None:
    counts = drawings.strokes.stroke_counts
    assert np.bincount(outputs.drawing).tolist() == counts.tolist()
    assert outputs.strokes.tolist() == [stroke for count in counts.tolist() for stroke in range(1, count + 1)]
    assert outputs.strokes[outputs.is_finished].tolist() == counts.tolist()
    lifts, drawing = drawings.cut_at_lifts()
    whole = drawings.strokes
    for lift, of in enumerate(drawing[:200].tolist()):
        start, lift_start, points = whole.point_starts[of], lifts.point_starts[lift], lifts.point_counts[lift]
        drawn = lifts.points[lift_start : lift_start + points]
        assert drawn.tolist() == whole.points[start : start + points].tolist()


def test_the_bundled_card_waits_after_strokes_with_which_other_characters_begin(
    model: Model, outputs: LiftedOutputs
) -> None:
    lower, upper = model.lifted_thresholds["lower"], model.lifted_thresholds["upper"]
    assert lower["i"][0] is None  # the dot follows
    assert lower["i"][1] == tuning.ACCEPT_RESTING
    assert (lower["l"][0] or 1) > 0.9  # it may become an i or a t
    assert upper["A"][0] is None
    beginnings = measure_beginnings(outputs, "lower")
    assert beginnings["l"] > 0.2 > 0.01 > beginnings["m"]


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_most_drawings_are_taken_at_once_and_few_are_wrong(
    model: Model, outputs: LiftedOutputs, alphabet: str
) -> None:
    figures = compute_lifted_figures(outputs, alphabet, model.lifted_thresholds[alphabet])
    assert figures.taken > 0.5
    assert figures.wrong <= MOST_WRONG
    assert figures.unfinished <= MOST_UNFINISHED


def test_thresholds_keep_their_bounds_where_they_were_chosen(outputs: LiftedOutputs) -> None:
    thresholds = choose_thresholds(outputs, "any")
    assert thresholds == json.loads(json.dumps(thresholds))
    figures = compute_lifted_figures(outputs, "any", thresholds)
    assert 0 < figures.taken < 1
    assert figures.wrong <= MOST_WRONG
    assert figures.unfinished <= MOST_UNFINISHED


def test_without_thresholds_nothing_is_taken_and_with_low_ones_too_much(outputs: LiftedOutputs) -> None:
    none = compute_lifted_figures(outputs, "upper", {})
    assert (none.taken, none.unfinished, none.wrong) == (0, 0, 0)
    careless = compute_lifted_figures(outputs, "upper", {character: [0.3] * 4 for character in ALPHABETS["upper"]})
    assert careless.wrong > 2 * MOST_WRONG
