"""The choice of example drawings, on the small data folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from recognition.model.network import BUNDLED, Model
from training.evaluation.gallery import EACH, choose_drawings, load_training_drawings


def test_the_examples_are_of_the_class_and_not_by_held_out_writers(data: Path) -> None:
    drawings = load_training_drawings(data)
    assert len(np.unique(drawings.writers)) == 18
    chosen = choose_drawings(drawings, Model.load(BUNDLED), [7, 40])
    assert set(drawings.labels[chosen]) == {7, 40}
    assert len(chosen) == len(set(chosen)) <= 2 * EACH
