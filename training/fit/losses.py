"""The loss of a network that tells all 62 classes apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER
from training.evaluation.metrics import Ints, make_look_alike_matrix

Mask = npt.NDArray[np.bool_]

_LEAST: Final = 1e-7
_KINDS: Final = (DIGITS, UPPER, LOWER)
_SAME_KIND: Final = np.array(
    [[any(a in kind and b in kind for kind in _KINDS) for b in CLASSES] for a in CLASSES], dtype=np.float32
)
_LOOK_ALIKES: Final = make_look_alike_matrix("any").astype(np.float32)


def encode_truths(labels: Ints, has_all_kinds: Mask, has_natural_mix: Mask) -> npt.NDArray[np.float32]:
    """Return float32 (N, 64) for the loss: labels (N,) one-hot over the 62 classes, then the two flags.

    Args:
        labels: indices into the 62 classes.
        has_all_kinds: (N,), whether digits, uppercase and lowercase letters were all possible. Without this flag,
            a set of digits alone would teach that an O is a 0.
        has_natural_mix: (N,), whether the sample is one that people hand in: a drawing with its directions, a
            scan or a photo. Only such samples teach how often people mean a 0, an o or an O by the same shape.
            Scans are mostly digits, drawings mostly lowercase letters.
    """
    one_hot = np.eye(len(CLASSES), dtype=np.float32)[labels]
    return np.concatenate((one_hot, has_all_kinds[:, None], has_natural_mix[:, None]), axis=1, dtype=np.float32)


def make_loss(
    oversampling: npt.NDArray[np.float32], label_smoothing: float, kind_loss_weight: float
) -> Callable[[Any, Any], Any]:
    """Return a loss of truths (N, 64), see `encode_truths`, and probabilities (N, 62): see `compute_loss`.

    Args:
        oversampling: (62,), how much more often each class is drawn than it occurs, up to a factor.
        label_smoothing: share of the truth that is spread over all classes alike.
        kind_loss_weight: weight of the second part.
    """
    return lambda truth, probabilities: compute_loss(
        truth, probabilities, oversampling, oversampling, label_smoothing, kind_loss_weight
    )


def compute_loss(
    truth: Any,
    probabilities: Any,
    among_all: Any,
    within_kind: Any,
    label_smoothing: float,
    kind_loss_weight: float,
) -> Any:
    """Return the loss (N,) of each sample.

    The loss has two parts. The first is the cross-entropy over all classes, for samples whose set has all kinds; a
    sample without a natural mix teaches its character or any look-alike of it. The second part, weighted by
    ``kind_loss_weight``, is the cross-entropy within the true kind (digits, uppercase or lowercase letters), which
    is what a game of that alphabet asks.

    Both parts undo that some classes are drawn more often than they occur, so that the network learns the
    frequencies of the data (logit adjustment: Menon et al. 2021, Long-tail learning via logit adjustment).

    Args:
        truth: (N, 64), see `encode_truths`.
        probabilities: (N, 62), what the network says.
        among_all: (62,) or (N, 62), how much more often each class is drawn than it occurs, up to a factor, among
            samples whose set has all kinds.
        within_kind: the same among all samples. Only the ratios within a kind count.
        label_smoothing: share of the truth that is spread over all classes alike.
        kind_loss_weight: weight of the second part.
    """
    ops = keras.ops
    truth, has_all_kinds, has_natural_mix = truth[:, :-2], truth[:, -2], truth[:, -1]
    drawn = _undo_oversampling(probabilities, among_all)
    exact = keras.losses.categorical_crossentropy(truth, drawn, label_smoothing=label_smoothing)
    log_look_alikes = ops.log(ops.sum(ops.matmul(truth, _LOOK_ALIKES) * drawn, axis=-1))
    over_all = has_natural_mix * exact - (1 - has_natural_mix) * log_look_alikes
    drawn = _undo_oversampling(probabilities, within_kind)
    log_own, log_kind = (
        ops.log(ops.sum(mask * drawn, axis=-1)) for mask in (truth, ops.matmul(truth, _SAME_KIND))
    )
    # A sample whose set has one kind only still has a total weight of about one.
    return has_all_kinds * over_all + (kind_loss_weight + (1 - has_all_kinds)) * (log_kind - log_own)


def make_teacher_loss(
    oversampling: npt.NDArray[np.float32], kind_loss_weight: float
) -> Callable[[Any, Any, Any], Any]:
    """Return a loss of truths (N, 64), a teacher's probabilities (N, 62) and a network's (N, 62).

    It is how far the network is from the teacher (Hinton et al. 2015, Distilling the knowledge in a neural
    network): over all classes and, weighted by ``kind_loss_weight``, within the true kind.

    Args:
        oversampling: as in `make_loss`.
        kind_loss_weight: weight of the second part.
    """
    ops = keras.ops

    def compute_teacher_loss(truth: Any, answers: Any, probabilities: Any) -> Any:
        asked, drawn = (_undo_oversampling(each, oversampling) for each in (answers, probabilities))
        over_all = ops.sum(asked * ops.log(asked / drawn), axis=-1)
        is_kind = ops.matmul(truth[:, :-2], _SAME_KIND)
        asked, drawn = (_normalize(is_kind * each + _LEAST) for each in (asked, drawn))
        return over_all + kind_loss_weight * ops.sum(asked * ops.log(asked / drawn), axis=-1)

    return compute_teacher_loss


def _undo_oversampling(probabilities: Any, oversampling: Any) -> Any:
    """Return the probabilities (N, 62) as they would be if classes were as frequent as they are drawn."""
    return _normalize((probabilities + _LEAST) * oversampling)


def _normalize(weights: Any) -> Any:
    return weights / keras.ops.sum(weights, axis=-1, keepdims=True)


def accuracy(truth: Any, probabilities: Any) -> Any:
    """Return whether the most probable class is the truth, (N,); truths as in `encode_truths`.

    Keras shows a metric under its function's name, so this name is what people see.
    """
    return keras.metrics.categorical_accuracy(truth[:, :-2], probabilities)
