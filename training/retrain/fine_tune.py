"""The champion taught further: a copy of its networks, on what players drew and on base data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import keras
import numpy as np

from training.datasets.pictures import PictureSet
from training.evaluation.metrics import make_look_alike_matrix
from training.fit.batches import EQUAL_SETS_POWER, SMALL_SETS_POWER
from training.fit.losses import accuracy, make_loss
from training.fit.networks import Networks
from training.fit.progress import ProgressBars
from training.retrain.base_data import Replayed
from training.retrain.replay import BATCH, NEW_SHARE, Mixture, pools_of
from training.retrain.rounds.samples import Candidate, images_of, labels_of

PASSES: Final = 20
"""Times that each round is seen, about, each time altered."""

STEPS: Final = (60, 1500)
"""Batches at least and at most: what little there is should be learned, and a retrain be over within minutes."""

FEWEST_PICTURES: Final = 100
"""Pictures of players' that the network of pictures is taught by: fewer wait until there are more."""

_EPOCHS: Final = 10  # after each of which a checkpoint is kept
_LEARNING_RATES: Final = (1e-4, 3e-3)  # at least and at most
_RATE_OF_MISREAD: Final = 0.03
_ASKED: Final = 2_000  # rounds that tell how much is misread
_WEIGHT_DECAY: Final = 0.01
_LABEL_SMOOTHING: Final = 0.05
_WITHIN_KIND: Final = 0.5
_AVERAGING: Final = 0.995
_CHECKPOINT: Final = "checkpoint"


def fine_tune(
    networks: Networks, teaching: Sequence[Candidate], old: Sequence[Replayed], folder: Path, seed: int
) -> None:
    """Teach the networks, which are changed: the one that reads pictures by pictures alone, where there are two.

    A checkpoint is left in ``folder`` after every tenth; a run that was broken off goes on from it when started
    again with the same folder.
    """
    if networks.pictures is None:
        _fine_tune(networks.drawings, teaching, old, folder / _CHECKPOINT, seed, SMALL_SETS_POWER)
        return
    drawn = [one for one in teaching if one.ink is not None]
    shown = [one for one in teaching if one.ink is None]
    pictures = [one for one in old if isinstance(one.samples, PictureSet)]
    if drawn:
        _fine_tune(networks.drawings, drawn, old, folder / _CHECKPOINT, seed, SMALL_SETS_POWER)
    if len(shown) >= FEWEST_PICTURES and pictures:
        _fine_tune(networks.pictures, shown, pictures, folder / f"{_CHECKPOINT}-pictures", seed, EQUAL_SETS_POWER)


def _fine_tune(
    network: keras.Model,
    teaching: Sequence[Candidate],
    old: Sequence[Replayed],
    checkpoint: Path,
    seed: int,
    small_sets: float,
) -> None:
    keras.utils.set_random_seed(seed)
    steps = int(np.clip(len(teaching) * PASSES / (BATCH * NEW_SHARE), *STEPS)) // _EPOCHS
    channels = network.input_shape[-1]
    mixture = Mixture(pools_of(teaching), old, channels, steps=steps, seed=seed, small_sets=small_sets)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, (_EPOCHS - 1) * steps, warmup_target=_learning_rate(network, teaching), warmup_steps=steps
    )
    network.compile(
        keras.optimizers.AdamW(schedule, weight_decay=_WEIGHT_DECAY, use_ema=True, ema_momentum=_AVERAGING),
        make_loss(mixture.oversampling, _LABEL_SMOOTHING, _WITHIN_KIND),
        metrics=[accuracy],
    )
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    callbacks = [
        # It stays until the challenger is made: a second network may have yet to be taught.
        keras.callbacks.BackupAndRestore(checkpoint, delete_checkpoint=False),
        keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: mixture.start_at(epoch)),
        ProgressBars(_EPOCHS, "teaching, "),
    ]
    network.fit(mixture, epochs=_EPOCHS, callbacks=callbacks, verbose=0)


def _learning_rate(network: keras.Model, teaching: Sequence[Candidate]) -> float:
    """Return how fast to learn: the more is misread, the further the network has to go.

    One that reads well is only disturbed by large steps; one that never saw a pen stroke needs them. So the rate
    grows by the square.
    """
    some = teaching[:: -(-len(teaching) // _ASKED)]
    pictures = images_of(some)[..., : network.input_shape[-1]] * np.float32(1 / 255)
    read = network.predict(pictures, batch_size=256, verbose=0).argmax(axis=1)
    misread = 1 - float(make_look_alike_matrix("any")[read, labels_of(some)].mean())
    return float(np.clip(_RATE_OF_MISREAD * misread**2, *_LEARNING_RATES))
