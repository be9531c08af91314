"""What a network that tells all 62 classes apart is taught by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER

_LEAST: Final = 1e-7


def cross_entropy(
    tilt: npt.NDArray[np.float32], label_smoothing: float, within_kind: float
) -> Callable[[Any, Any], Any]:
    """Return a loss of truths (N, 63) and probabilities (N, 62).

    A truth is one-hot over the classes, and then 1 where its set has all kinds (digits, capitals and small
    letters), or 0. The loss is the cross-entropy over all classes, where the set has all kinds, plus
    ``within_kind`` times the one over the truth's own kind: what a game of that alphabet asks. A set of digits
    alone would else teach that an O is a 0.

    Args:
        tilt: (62,), how much more often each class is shown than it came. The network is taught the probabilities
            of classes as they came (logit adjustment: Menon et al. 2021, Long-tail learning via logit adjustment).
        label_smoothing: share of the truth given to all classes alike.
        within_kind: weight of the second part.
    """
    kind = np.array([[any(a in k and b in k for k in (DIGITS, UPPER, LOWER)) for b in CLASSES] for a in CLASSES])
    same_kind = kind.astype(np.float32)
    ops = keras.ops

    def loss(truth: Any, probabilities: Any) -> Any:
        has_kinds, truth = truth[:, -1], truth[:, :-1]
        shown = (probabilities + _LEAST) * tilt
        among = ops.sum(ops.matmul(truth, same_kind) * shown, axis=-1)
        mine = ops.sum(truth * shown, axis=-1)
        shown = shown / ops.sum(shown, axis=-1, keepdims=True)
        whole = keras.losses.categorical_crossentropy(truth, shown, label_smoothing=label_smoothing)
        # A set of one kind teaches as much as another, if less at once.
        weight = within_kind + (1 - has_kinds)
        return has_kinds * whole + weight * (ops.log(among) - ops.log(mine))

    return loss


def accuracy(truth: Any, probabilities: Any) -> Any:
    """Return whether the most probable class is the truth, (N,); truths as `cross_entropy` takes them."""
    return keras.metrics.categorical_accuracy(truth[:, :-1], probabilities)
