"""The loss of a retrain: it learns how people write, and neither what they were asked for nor to forget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras

from recognition.alphabets import CLASSES
from training.fit.losses import accuracy as measure_accuracy
from training.fit.losses import compute_loss
from training.retrain.replay import Oversampling

_CLASSES: Final = len(CLASSES)
_LEAST: Final = 1e-7


def make_retrain_loss(
    base: Oversampling,
    new: Oversampling,
    label_smoothing: float,
    kind_loss_weight: float,
    distillation_weight: float,
) -> Callable[[Any, Any], Any]:
    """Return a loss of truths (N, 66), see `ReplayBatches`, and two sets of probabilities (N, 124).

    The first 62 are what the network in training says, the others what the champion says. The loss has two parts:

    - That of training from scratch (see `training.fit.losses.compute_loss`). It undoes how often each class is
      shown, separately for base data and for the players' rounds with the base data that goes with them. So the
      network does best, on either, with the frequencies of the base data.
    - For base data, how far the network is from the champion: the Kullback-Leibler divergence (Li and Hoiem:
      Learning without Forgetting, 2016).

    Args:
        base: how much more often each class is shown, of base data.
        new: the same, of rounds and the base data that goes with them.
        label_smoothing: share of the truth that is spread over all classes alike, for base data.
        kind_loss_weight: weight of the loss within a kind.
        distillation_weight: weight of the second part.
    """
    ops = keras.ops

    def compute(truth: Any, outputs: Any) -> Any:
        truth, is_new, goes_with_new = truth[:, :-2], truth[:, -2], truth[:, -1]
        probabilities, champion = outputs[:, :_CLASSES] + _LEAST, outputs[:, _CLASSES:] + _LEAST
        with_base, with_new = (
            compute_loss(truth, probabilities, among_all, within_kind, smoothing, kind_loss_weight)
            for (among_all, within_kind), smoothing in ((base, label_smoothing), (new, 0.0))
        )
        distance = ops.sum(champion * (ops.log(champion) - ops.log(probabilities)), axis=-1)
        learned = goes_with_new * with_new + (1 - goes_with_new) * with_base
        return learned + distillation_weight * (1 - is_new) * distance

    return compute


def accuracy(truth: Any, outputs: Any) -> Any:
    """Return whether the network's most probable class is the truth, (N,); arguments as in `make_retrain_loss`."""
    return measure_accuracy(truth[:, :-2], outputs[:, :_CLASSES])
