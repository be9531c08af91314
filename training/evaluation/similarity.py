"""Measures how similar people's drawings are for a model, so that its card can say so to their hands."""

from __future__ import annotations

import numpy as np

from recognition.alphabets import CLASSES
from recognition.hand import Hand, pack_features
from recognition.model.network import Model
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import make_look_alike_matrix


def measure_similarities(model: Model, drawings: StrokeSet) -> dict[str, float]:
    """Return the medians of a `SimilarityScale` by name.

    Of each person and character, the first half of the drawings is remembered, up to as many as a hand has. The
    second half is compared with them. The result is empty if the model gives no features, or if the drawings do
    not show a scale.

    Args:
        model: the model.
        drawings: of people whom it was not trained on.
    """
    features = [model.compute_outputs(image).features for image in drawings.to_images()]
    is_alike = make_look_alike_matrix("any")
    same: list[float] = []
    other: list[float] = []
    for person in np.unique(drawings.writers):
        by_label = [
            np.flatnonzero((drawings.writers == person) & (drawings.labels == label)).tolist()
            for label in range(len(CLASSES))
        ]
        hand = Hand(
            (CLASSES[label], pack_features(of_drawing))
            for label, rows in enumerate(by_label)
            for row in rows[: len(rows) // 2]
            if (of_drawing := features[row]) is not None
        )
        for label, rows in enumerate(by_label):
            for row in rows[len(rows) // 2 :]:
                if (of_drawing := features[row]) is not None:
                    similarities = hand.compute_similarities(of_drawing)
                    is_known = ~np.isnan(similarities)
                    same += similarities[[label]][is_known[[label]]].tolist()
                    others = similarities[is_known & ~is_alike[label]]
                    other += [others.max()] if len(others) else []
    if not same or not other or np.median(same) <= np.median(other):
        return {}
    return {"same": round(float(np.median(same)), 3), "other": round(float(np.median(other)), 3)}
