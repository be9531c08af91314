"""Teach a recipe's network on the base data, with progress, checkpoints and a seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import keras
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from recognition.alphabets import CLASSES
from training.batches import Batches
from training.datasets.base import BaseData
from training.recipes import Recipe

KERAS_FILE: Final = "model.keras"
_BACKUP: Final = "checkpoint"


def train(recipe: Recipe, data: BaseData, out: Path, seed: int) -> keras.Model:
    """Return the taught model, also left in ``out`` as ``model.keras``.

    A checkpoint is left there after every epoch; a run that was broken off goes on from it when started again
    with the same folder.
    """
    out.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(seed)
    model = recipe.network(len(CLASSES))
    batches = Batches(data, model.input_shape[-1], recipe.batch, seed)
    model.compile(
        _optimizer(recipe, steps=recipe.epochs * len(batches)),
        keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing),
        metrics=["accuracy"],
    )
    backup = keras.callbacks.BackupAndRestore(out / _BACKUP)
    model.fit(batches, epochs=recipe.epochs, callbacks=[backup, _Shown(batches, recipe.epochs)], verbose=0)
    model.save(out / KERAS_FILE)
    return model


def _optimizer(recipe: Recipe, steps: int) -> keras.optimizers.Optimizer:
    rising = round(recipe.warm_up * steps)
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if rising else recipe.learning_rate,
        decay_steps=steps - rising,
        warmup_target=recipe.learning_rate if rising else None,
        warmup_steps=rising,
    )
    return keras.optimizers.AdamW(
        schedule,
        weight_decay=recipe.weight_decay,
        use_ema=recipe.averaging > 0,
        ema_momentum=recipe.averaging or 0.99,
    )


class _Shown(keras.callbacks.Callback):
    """A progress bar an epoch, and the place in the shuffled data when a run goes on."""

    def __init__(self, batches: Batches, epochs: int) -> None:
        super().__init__()
        self._batches, self._epochs = batches, epochs
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            TextColumn("{task.fields[figures]}"),
        )  # fmt: skip

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        del logs
        self._progress.start()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        del logs
        self._progress.stop()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        del logs
        self._batches.start_at(epoch)
        name = f"epoch {epoch + 1} of {self._epochs}"
        self._task = self._progress.add_task(name, total=len(self._batches), figures="")

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        figures = f"loss {logs['loss']:.4f}  accuracy {logs['accuracy']:.4f}" if logs else ""
        self._progress.update(self._task, completed=batch + 1, figures=figures)
