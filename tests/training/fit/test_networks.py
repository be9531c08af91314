"""Models of two networks: one for drawings, one for scans and photos."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from scipy import ndimage

from recognition import Recognizer
from recognition.alphabets import CLASSES
from recognition.model.card import read_card
from recognition.model.network import BUNDLED, Model
from recognition.render import CHANNELS, SIZE, add_empty_directions, render
from training.datasets.pictures import PictureSet
from training.datasets.strokes import StrokeSet
from training.fit.export import convert_to_litert
from training.fit.losses import accuracy, make_loss
from training.fit.networks import Networks
from training.fit.train import fine_tune_on_pictures
from training.fit.weights import pack_networks, unpack_networks
from training.quiet import hide_output
from training.recipes.data_mix import load_all_characters
from training.recipes.hyperparameters import AugmentedTraining, PictureFineTuning
from training.retrain.base_data import ReplaySet
from training.retrain.fine_tune import MIN_PICTURES, fine_tune
from training.retrain.rounds.labeled_round import LabeledRound

HYPERPARAMETERS = AugmentedTraining(epochs=1, batch=32, learning_rate=1e-3)
Weights = list[npt.NDArray[Any]]


def answering(label: str) -> keras.Model:
    """Return a network that gives the same answer to everything."""
    weights = np.zeros((CHANNELS, len(CLASSES)))
    bias = np.where(np.arange(len(CLASSES)) == CLASSES.index(label), 5.0, 0.0)
    source = keras.Input((SIZE, SIZE, CHANNELS))
    dense = keras.layers.Dense(len(CLASSES), activation="softmax")
    network = keras.Model(source, dense(keras.layers.GlobalAveragePooling2D()(source)))
    dense.set_weights([weights, bias])
    return network


def simple() -> keras.Model:
    """Return an untrained network that can be trained within seconds."""
    source = keras.Input((SIZE, SIZE, CHANNELS))
    dense = keras.layers.Dense(len(CLASSES), activation="softmax")
    return keras.Model(source, dense(keras.layers.Flatten()(source)))


def answer(model: Model, image: npt.NDArray[np.uint8]) -> str:
    return CLASSES[int(model.compute_scores(image).argmax())]


def test_one_network_reads_drawings_and_the_other_pictures(drawings: StrokeSet) -> None:
    networks = unpack_networks(pack_networks(Networks(answering("a"), answering("b"))))
    model = Model(convert_to_litert(networks), read_card(BUNDLED))
    images = render(drawings.take(np.arange(20)).strokes)
    assert {answer(model, image) for image in images} == {"a"}
    assert {answer(model, image) for image in add_empty_directions(images[..., 0])} == {"b"}


def test_a_single_network_reads_both(drawings: StrokeSet) -> None:
    networks = unpack_networks(pack_networks(Networks(answering("a"))))
    assert networks.pictures is None
    model = Model(convert_to_litert(networks), read_card(BUNDLED))
    images = render(drawings.take(np.arange(20)).strokes)
    assert {answer(model, image) for image in (*images, *add_empty_directions(images[..., 0]))} == {"a"}


def test_one_run_gives_the_scores_and_what_the_last_layer_sees(drawings: StrokeSet) -> None:
    keras.utils.set_random_seed(1)
    network = simple()
    model = Model(convert_to_litert(Networks(network)), read_card(BUNDLED))
    image = render(drawings.take(np.arange(1)).strokes)[0]
    outputs = model.compute_outputs(image)
    assert outputs.features is not None
    np.testing.assert_allclose(outputs.features, image.ravel() / 255, atol=1e-6)
    np.testing.assert_array_equal(outputs.scores, model.compute_scores(image))


def test_a_file_without_features_still_serves(drawings: StrokeSet) -> None:
    converter = tf.lite.TFLiteConverter.from_keras_model(answering("a"))
    with hide_output():
        model = Model(converter.convert(), read_card(BUNDLED))
    image = render(drawings.take(np.arange(1)).strokes)[0]
    assert model.compute_outputs(image).features is None
    recognizer = Recognizer(model)
    hand = recognizer.make_hand([([[(0, 0), (9, 9)]], "b")])
    assert len(hand) == 0
    prediction = recognizer.recognize([[(0, 0), (9, 9)]], "any", Recognizer.load().make_hand([([[(0, 0)]], "b")]))
    assert prediction.label == "a"
    assert prediction.features is None


def test_a_doubtful_picture_is_read_again_half_a_pixel_further(drawings: StrokeSet) -> None:
    keras.utils.set_random_seed(1)
    network = simple()
    network.set_weights([20 * weights for weights in network.get_weights()])  # so that it is sure of some
    lines = render(drawings.take(np.arange(60)).strokes)[..., 0]
    moved = ndimage.shift(lines.astype(np.float32), (0, 0.5, 0.5), order=1)
    once, again = (np.asarray(network(seen(some), training=False)) for some in (lines, moved))
    sure = once.max(axis=1) >= 0.8
    assert 10 < sure.sum() < 50
    model = Model(convert_to_litert(Networks(network)), read_card(BUNDLED))
    scores = np.stack([model.compute_scores(image) for image in add_empty_directions(lines)])
    np.testing.assert_allclose(scores[sure], np.log(once[sure]), atol=0.3)
    np.testing.assert_allclose(scores[~sure], np.log(once * again)[~sure] / 2, atol=0.3)
    assert np.abs(np.log(once) - np.log(again)).max(axis=1).min() > 0.6  # twice as far apart as that


def seen(lines: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return what a network sees of pictures (N, 28, 28), which have no directions."""
    shown = np.zeros((*lines.shape, CHANNELS), np.float32)
    shown[..., 0] = lines / 255
    return shown


def test_fine_tuning_on_pictures_learns_and_leaves_the_first_network_as_it_is(data: Path, tmp_path: Path) -> None:
    network = simple()
    network.compile("adam", make_loss(np.ones(len(CLASSES), np.float32), 0, 0), metrics=[accuracy])
    data_mix = load_all_characters(data)
    before = network.get_weights()
    fine_tuning = PictureFineTuning(
        copies=2, epochs=2, batch=32, learning_rate=1e-3, weight_decay=0, weight_averaging=0.5
    )
    pictures = fine_tune_on_pictures(network, data_mix, HYPERPARAMETERS, fine_tuning, tmp_path, seed=1)
    assert same(network.get_weights(), before)
    shown = next(samples for samples in data_mix.training if isinstance(samples, PictureSet))
    seen = shown.to_images() * np.float32(1 / 255)
    untrained, trained = (
        np.asarray(one(seen, training=False))[np.arange(len(shown)), shown.labels].mean()
        for one in (network, pictures)
    )
    assert trained > 2 * untrained
    again = fine_tune_on_pictures(network, data_mix, HYPERPARAMETERS, fine_tuning, tmp_path, seed=1)
    assert same(again.get_weights(), pictures.get_weights())  # finished copies are not trained again


def same(some: Weights, others: Weights) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(some, others, strict=True))


def rounds(drawings: StrokeSet, *, as_pictures: int) -> list[LabeledRound]:
    """Return drawings that players left, some of them handed in as pictures."""
    return [
        LabeledRound(
            round_id=f"{number:026}",
            player=f"player-{number % 7}",
            source="draw",
            label=int(drawings.labels[number]),
            alphabet="any",
            weight=1.0,
            label_by="player",
            strokes=None if number < as_pictures else drawings.take(np.array([number])).strokes,
            image=render(drawings.take(np.array([number])).strokes)[0],
        )
        for number in range(len(drawings))
    ]


@pytest.mark.parametrize(
    ("as_pictures", "changes"),
    [(MIN_PICTURES - 1, (True, False)), (MIN_PICTURES, (True, True))],
)
def test_players_drawings_and_pictures_train_their_own_network(
    drawings: StrokeSet,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    as_pictures: int,
    changes: Sequence[bool],
) -> None:
    monkeypatch.setattr("training.retrain.fine_tune.STEP_LIMITS", (10, 10))
    first = simple()
    second = keras.models.clone_model(first)
    networks = Networks(first, second)
    before = [network.get_weights() for network in networks]
    lines = render(drawings.strokes)[..., 0]
    old = [ReplaySet(samples, len(samples)) for samples in (drawings, PictureSet(lines, drawings.labels))]
    fine_tune(networks, rounds(drawings, as_pictures=as_pictures), old, tmp_path, 1)
    changed = [not same(network.get_weights(), those) for network, those in zip(networks, before, strict=True)]
    assert changed == list(changes)
