"""Networks that are trained together, and a network that learns from teachers."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from recognition.alphabets import CLASSES
from recognition.render import CHANNELS, SIZE, add_empty_directions, render
from training.datasets.pictures import PictureSet
from training.datasets.strokes import StrokeSet
from training.fit.batches import Batches
from training.fit.checkpoint import Checkpoint
from training.fit.committee import average_weights, copy_network, join_networks
from training.fit.train import fit_networks
from training.recipes.hyperparameters import AugmentedTraining, Distillation


def build_simple_network() -> keras.Model:
    source = keras.Input((SIZE, SIZE, CHANNELS))
    dense = keras.layers.Dense(len(CLASSES), activation="softmax")
    return keras.Model(source, dense(keras.layers.Flatten()(source)))


@pytest.fixture
def networks() -> list[keras.Model]:
    keras.utils.set_random_seed(1)
    return [build_simple_network() for _ in range(3)]


def test_each_network_answers_for_itself_and_the_teachers_together(networks: list[keras.Model]) -> None:
    images = np.random.default_rng(1).integers(0, 256, (5, SIZE, SIZE, CHANNELS), dtype=np.uint8)
    levels = images / np.float32(255)
    first, *others = (np.asarray(network(levels)) for network in networks)
    joined = np.asarray(join_networks(networks[:1], networks[1:])(images))
    np.testing.assert_allclose(joined[:, 0], first, atol=1e-5)
    np.testing.assert_allclose(joined[:, 1], np.mean(others, axis=0), atol=1e-5)


def test_a_network_comes_closer_to_its_teachers_and_leaves_them_as_they_are(
    drawings: StrokeSet, networks: list[keras.Model], tmp_path: Path
) -> None:
    student, teacher = networks[:2]
    # A teacher that is sure of its answers, and whose answers are not the labels.
    teacher.set_weights([20 * weights for weights in teacher.get_weights()])
    before = teacher.get_weights()
    distillation = Distillation((), 0, 0, 0, 0, weight=1)
    hyperparameters = AugmentedTraining(epochs=10, batch=32, learning_rate=1e-2, distillation=distillation)
    pictures = PictureSet(render(drawings.strokes)[..., 0], drawings.labels)
    levels = add_empty_directions(pictures.images) / np.float32(255)
    answers = np.asarray(teacher(levels)).argmax(axis=1)
    row = np.arange(len(answers))
    untrained = np.asarray(student(levels))[row, answers].mean()
    checkpoint = Checkpoint(tmp_path / "checkpoint", "", print)
    fit_networks([student], Batches((pictures,), CHANNELS, 32, 1), hyperparameters, checkpoint, teachers=[teacher])
    assert np.asarray(student(levels))[row, answers].mean() > 2 * untrained
    for weights, same in zip(teacher.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weights, same)


def test_the_mean_of_copies_is_what_was_copied(networks: list[keras.Model]) -> None:
    copies = [copy_network(networks[0]) for _ in range(3)]
    for mean, weights in zip(average_weights(copies), networks[0].get_weights(), strict=True):
        np.testing.assert_allclose(mean, weights, rtol=1e-6)
