"""How similar people's drawings are for a model, as its card says it."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.model.network import BUNDLED, Model
from training.datasets.strokes import StrokeSet
from training.evaluation.similarity import measure_similarities


def test_the_card_says_how_similar_drawings_are(drawings: StrokeSet) -> None:
    model = Model.load(BUNDLED)
    measured = measure_similarities(model, drawings)
    assert measured["same"] == pytest.approx(model.similarity_scale.same, abs=0.1)
    assert measured["other"] < 0.7 * measured["same"]


def test_too_few_drawings_say_nothing(drawings: StrokeSet) -> None:
    model = Model.load(BUNDLED)
    assert measure_similarities(model, drawings.take(np.arange(1))) == {}
