"""What a network that tells all 62 classes apart is taught by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER
from training.evaluation.metrics import Ints, look_alike_matrix

Mask = npt.NDArray[np.bool_]

_LEAST: Final = 1e-7


def truths(labels: Ints, has_kinds: Mask, has_habits: Mask) -> npt.NDArray[np.float32]:
    """Return what `cross_entropy` takes, float32 (N, 64): labels (N,) one-hot over the classes, and two flags.

    Args:
        labels: indices into the 62 classes.
        has_kinds: (N,), whether digits, capitals and small letters were all possible. A set of digits alone would
            else teach that an O is a 0.
        has_habits: (N,), whether a sample is of a sort that people hand in. How often they mean an o by what may
            be a 0, too, is learned from those: scans are mostly of digits, drawings of small letters.
    """
    one_hot = np.eye(len(CLASSES), dtype=np.float32)[labels]
    return np.concatenate((one_hot, has_kinds[:, None], has_habits[:, None]), axis=1, dtype=np.float32)


def cross_entropy(
    tilt: npt.NDArray[np.float32], label_smoothing: float, within_kind: float
) -> Callable[[Any, Any], Any]:
    """Return a loss of `truths` (N, 64) and probabilities (N, 62).

    It is the cross-entropy over all classes, where the sample's set has all kinds, plus ``within_kind`` times the
    one over the truth's own kind: what a game of that alphabet asks. Over all classes, a sample without habits
    teaches its character or a look-alike of it.

    Args:
        tilt: (62,), how much more often each class is shown than it came. The network is taught the probabilities
            of classes as they came (logit adjustment: Menon et al. 2021, Long-tail learning via logit adjustment).
        label_smoothing: share of the truth given to all classes alike.
        within_kind: weight of the second part.
    """
    kind = np.array([[any(a in k and b in k for k in (DIGITS, UPPER, LOWER)) for b in CLASSES] for a in CLASSES])
    same_kind = kind.astype(np.float32)
    alike = look_alike_matrix("any").astype(np.float32)
    ops = keras.ops

    def loss(truth: Any, probabilities: Any) -> Any:
        truth, has_kinds, has_habits = truth[:, :-2], truth[:, -2], truth[:, -1]
        shown = (probabilities + _LEAST) * tilt
        shown = shown / ops.sum(shown, axis=-1, keepdims=True)
        exact = keras.losses.categorical_crossentropy(truth, shown, label_smoothing=label_smoothing)
        mine, folded, among = (
            ops.log(ops.sum(those * shown, axis=-1))
            for those in (truth, ops.matmul(truth, alike), ops.matmul(truth, same_kind))
        )
        whole = has_habits * exact - (1 - has_habits) * folded
        # A set of one kind teaches as much as another, if less at once.
        return has_kinds * whole + (within_kind + (1 - has_kinds)) * (among - mine)

    return loss


def accuracy(truth: Any, probabilities: Any) -> Any:
    """Return whether the most probable class is the truth, (N,); truths as `cross_entropy` takes them."""
    return keras.metrics.categorical_accuracy(truth[:, :-2], probabilities)
