"""What a network that tells all 62 classes apart is taught by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER

_LEAST: float = 1e-7


def cross_entropy(label_smoothing: float, within_kind: float) -> Callable[[Any, Any], Any]:
    """Return a loss of (N, 62) truths, one-hot, and (N, 62) probabilities.

    It is the cross-entropy over all classes, and ``within_kind`` times the one over the truth's own kind, digits,
    capitals or small letters: what a game of that alphabet asks, where the others are out of the question.
    """
    kind = np.array([[any(a in k and b in k for k in (DIGITS, UPPER, LOWER)) for b in CLASSES] for a in CLASSES])
    same_kind = kind.astype(np.float32)

    def loss(truth: Any, probabilities: Any) -> Any:
        ops = keras.ops
        whole = keras.losses.categorical_crossentropy(truth, probabilities, label_smoothing=label_smoothing)
        if not within_kind:
            return whole
        mine = ops.sum(truth * probabilities, axis=-1)
        among = ops.sum(ops.matmul(truth, same_kind) * probabilities, axis=-1)
        return whole + within_kind * (ops.log(among + _LEAST) - ops.log(mine + _LEAST))

    return loss
