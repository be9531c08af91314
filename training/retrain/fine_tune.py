"""Train the champion's networks further, on players' rounds with base data mixed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import keras
import numpy as np

from training.datasets.pictures import PictureSet
from training.evaluation.metrics import make_look_alike_matrix
from training.fit.batches import EQUAL_SETS_POWER, SMALL_SETS_POWER
from training.fit.checkpoint import Checkpoint
from training.fit.networks import Networks
from training.fit.progress import ProgressBars
from training.retrain.base_data import ReplaySet
from training.retrain.loss import accuracy, make_retrain_loss
from training.retrain.replay import BATCH, NEW_SHARE, ReplayBatches, make_pools
from training.retrain.rounds.labeled_round import LabeledRound, stack_images, stack_labels

PASSES: Final = 20
"""About how often each round is shown, altered each time."""

STEP_LIMITS: Final = (60, 1000)
"""Fewest and most batches, so that even a few rounds are learned and a retrain ends within minutes."""

MIN_PICTURES: Final = 100
"""With fewer pictures from players, the network that reads pictures is not trained."""

_EPOCHS: Final = 10  # a checkpoint is saved after each
_LEARNING_RATES: Final = (1e-4, 3e-3)  # lowest and highest
_RATE_PER_MISREAD: Final = 0.03
_RATE_SAMPLES: Final = 2_000  # rounds on which the misread share is measured
_WEIGHT_DECAY: Final = 0.01
_LABEL_SMOOTHING: Final = 0.05
_WITHIN_KIND: Final = 0.5
_DISTILLATION: Final = 1.0  # weight, at the lowest learning rate
_EMA_MOMENTUM: Final = 0.995
_CHECKPOINT: Final = "checkpoint"


def fine_tune(
    networks: Networks,
    rounds: Sequence[LabeledRound],
    replay: Sequence[ReplaySet],
    folder: Path,
    seed: int,
    say: Callable[[str], None] = print,
) -> None:
    """Train the networks in place. If there are two, the one that reads pictures is trained on pictures alone.

    A checkpoint is saved in ``folder`` after every tenth of the steps. An interrupted run, started again with the
    same folder, continues from there. ``say`` is called with a sentence if a checkpoint cannot be used.
    """
    if networks.pictures is None:
        _train_network(networks.drawings, rounds, replay, folder / _CHECKPOINT, seed, SMALL_SETS_POWER, say)
        return
    drawn = [round_ for round_ in rounds if round_.strokes is not None]
    pictured = [round_ for round_ in rounds if round_.strokes is None]
    replay_pictures = [part for part in replay if isinstance(part.samples, PictureSet)]
    if drawn:
        _train_network(networks.drawings, drawn, replay, folder / _CHECKPOINT, seed, SMALL_SETS_POWER, say)
    if len(pictured) >= MIN_PICTURES and replay_pictures:
        checkpoint = folder / f"{_CHECKPOINT}-pictures"
        _train_network(networks.pictures, pictured, replay_pictures, checkpoint, seed, EQUAL_SETS_POWER, say)


def _train_network(
    network: keras.Model,
    rounds: Sequence[LabeledRound],
    replay: Sequence[ReplaySet],
    path: Path,
    seed: int,
    small_sets: float,
    say: Callable[[str], None],
) -> None:
    keras.utils.set_random_seed(seed)
    steps = int(np.clip(len(rounds) * PASSES / (BATCH * NEW_SHARE), *STEP_LIMITS)) // _EPOCHS
    channels = network.input_shape[-1]
    batches = ReplayBatches(make_pools(rounds), replay, channels, steps=steps, seed=seed, small_sets=small_sets)
    rate = _choose_learning_rate(network, rounds)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, (_EPOCHS - 1) * steps, warmup_target=rate, warmup_steps=steps
    )
    # The more the champion misreads, the less it is held on to.
    distillation = _DISTILLATION * _LEARNING_RATES[0] / rate
    joined = _join_champion(network)
    joined.compile(
        keras.optimizers.AdamW(schedule, weight_decay=_WEIGHT_DECAY, use_ema=True, ema_momentum=_EMA_MOMENTUM),
        make_retrain_loss(
            batches.oversampling_base, batches.oversampling_new, _LABEL_SMOOTHING, _WITHIN_KIND, distillation
        ),
        metrics=[accuracy],
    )
    checkpoint = Checkpoint(path, f"{_EPOCHS} epochs of {steps} steps, seed {seed}", say)
    callbacks = [
        checkpoint,
        keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: batches.start_at(epoch)),
        ProgressBars(_EPOCHS, "training, "),
    ]
    done = checkpoint.restore(joined)
    joined.fit(batches, epochs=_EPOCHS, initial_epoch=done, callbacks=callbacks, verbose=0)
    _set_normalization_trainable(network, is_trainable=True)


def _join_champion(network: keras.Model) -> keras.Model:
    """Return a network whose output is that of ``network`` and, beside it, that of a copy that is not trained.

    Batch normalization is not trained either. Its statistics would follow the characters that players drew.
    """
    champion = type(network).from_config({**network.get_config(), "name": "champion"})
    champion.set_weights(network.get_weights())
    champion.trainable = False
    _set_normalization_trainable(network, is_trainable=False)
    image = keras.Input(network.input_shape[1:])
    return keras.Model(image, keras.layers.Concatenate()([network(image), champion(image)]))


def _set_normalization_trainable(network: keras.Model, *, is_trainable: bool) -> None:
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = is_trainable


def _choose_learning_rate(network: keras.Model, rounds: Sequence[LabeledRound]) -> float:
    """Return the learning rate: the more the network misreads, the higher.

    Large steps only disturb a network that reads well, but a network that never saw a pen stroke needs them. So
    the rate grows with the square of the misread share.
    """
    sample = rounds[:: -(-len(rounds) // _RATE_SAMPLES)]
    images = stack_images(sample)[..., : network.input_shape[-1]] * np.float32(1 / 255)
    labels = network.predict(images, batch_size=256, verbose=0).argmax(axis=1)
    misread = 1 - float(make_look_alike_matrix("any")[labels, stack_labels(sample)].mean())
    return float(np.clip(_RATE_PER_MISREAD * misread**2, *_LEARNING_RATES))
