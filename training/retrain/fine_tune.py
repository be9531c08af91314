"""The champion taught further: a copy of its network, on what players drew and on base data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import keras
import numpy as np

from training.lessons import Samples
from training.losses import accuracy, cross_entropy
from training.progress import Shown
from training.retrain.mixture import BATCH, NEW_SHARE, Mixture, pools_of
from training.teaching.candidates import Candidate

PASSES: Final = 25
"""Times that each round is seen, about, each time altered."""

STEPS: Final = (60, 1000)
"""Batches at least and at most: what little there is should be learned, and a retrain be over within minutes."""

_EPOCHS: Final = 10  # after each of which a checkpoint is kept
_LEARNING_RATE: Final = 2e-3
_WEIGHT_DECAY: Final = 0.01
_LABEL_SMOOTHING: Final = 0.05
_WITHIN_KIND: Final = 0.5
_AVERAGING: Final = 0.98
_CHECKPOINT: Final = "checkpoint"


def fine_tune(
    network: keras.Model, teaching: Sequence[Candidate], old: Sequence[Samples], folder: Path, seed: int
) -> None:
    """Teach the network, which is changed.

    A checkpoint is left in ``folder`` after every tenth; a run that was broken off goes on from it when started
    again with the same folder.
    """
    keras.utils.set_random_seed(seed)
    steps = int(np.clip(len(teaching) * PASSES / (BATCH * NEW_SHARE), *STEPS)) // _EPOCHS
    mixture = Mixture(pools_of(teaching), old, network.input_shape[-1], steps=steps, seed=seed)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, (_EPOCHS - 1) * steps, warmup_target=_LEARNING_RATE, warmup_steps=steps
    )
    network.compile(
        keras.optimizers.AdamW(schedule, weight_decay=_WEIGHT_DECAY, use_ema=True, ema_momentum=_AVERAGING),
        cross_entropy(mixture.tilt, _LABEL_SMOOTHING, _WITHIN_KIND),
        metrics=[accuracy],
    )
    folder.mkdir(parents=True, exist_ok=True)
    callbacks = [
        keras.callbacks.BackupAndRestore(folder / _CHECKPOINT),
        keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: mixture.start_at(epoch)),
        Shown(_EPOCHS, "teaching, "),
    ]
    network.fit(mixture, epochs=_EPOCHS, callbacks=callbacks, verbose=0)
