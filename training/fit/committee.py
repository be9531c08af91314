"""Trains several networks on the same batches, and one network on what others answer.

Altering samples costs more than a step of a small network on a GPU, so networks that learn from the same samples
share them: they are joined to one network with an output for each. Nothing connects them but the batches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers

from training.fit.losses import accuracy

Loss = Callable[[Any, Any], Any]
"""A loss of each sample: truths (N, 64) and probabilities (N, 62), see `training.fit.losses`, to (N,)."""
TeacherLoss = Callable[[Any, Any, Any], Any]
"""A loss of each sample: truths (N, 64), probabilities of teachers and of a network, both (N, 62), to (N,)."""


def join_networks(networks: Sequence[keras.Model], teachers: Sequence[keras.Model] = ()) -> keras.Model:
    """Return one network with the outputs of several, from images (N, 28, 28, channels), uint8.

    It gives probabilities (N, networks, 62). If there are teachers, their mean probabilities come last; they are
    not trained.
    """
    source = keras.Input(networks[0].input_shape[1:], dtype="uint8")
    levels = layers.Rescaling(1 / 255)(source)
    outputs = [network(levels) for network in networks]
    if teachers:
        for teacher in teachers:
            teacher.trainable = False
        outputs.append(keras.ops.mean(keras.ops.stack([teacher(levels) for teacher in teachers]), axis=0))
    return keras.Model(source, keras.ops.stack(outputs, axis=1))


def make_joint_loss(loss: Loss, teacher_loss: TeacherLoss | None = None, teacher_weight: float = 0.0) -> Loss:
    """Return the loss of what `join_networks` returns: the sum over its networks.

    Args:
        loss: of truths and the probabilities of one network.
        teacher_loss: of truths, the teachers' probabilities and those of one network; None if there are no
            teachers.
        teacher_weight: its share of the loss of a network. The rest is what the labels say.
    """

    def compute_loss(truth: Any, outputs: Any) -> Any:
        if teacher_loss is None:
            return sum(loss(truth, outputs[:, number]) for number in range(outputs.shape[1]))
        answers = keras.ops.stop_gradient(outputs[:, -1])
        return sum(
            (1 - teacher_weight) * loss(truth, outputs[:, number])
            + teacher_weight * teacher_loss(truth, answers, outputs[:, number])
            for number in range(outputs.shape[1] - 1)
        )

    return compute_loss


def make_joint_accuracy() -> keras.metrics.Metric:
    """Return the share of samples that the first network of `join_networks` reads right."""
    return keras.metrics.MeanMetricWrapper(lambda truth, outputs: accuracy(truth, outputs[:, 0]), name="accuracy")


def copy_network(network: keras.Model) -> keras.Model:
    """Return a network with the same layers and weights. The copy is not compiled."""
    # Not keras.models.clone_model: it compiles the copy too, and fails on a loss of our own.
    copy = type(network).from_config(network.get_config())
    copy.set_weights(network.get_weights())
    return copy


def average_weights(networks: Sequence[keras.Model]) -> list[np.ndarray[Any, Any]]:
    """Return the mean of each weight of networks with the same layers."""
    return [np.mean(each, axis=0) for each in zip(*(network.get_weights() for network in networks), strict=True)]
