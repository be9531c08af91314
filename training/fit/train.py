"""Teach a recipe's networks, with progress, checkpoints and a seed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

import keras
import numpy as np

from recognition.alphabets import CLASSES
from training.datasets.pictures import PictureSet
from training.datasets.samples import Samples
from training.datasets.strokes import StrokeSet
from training.fit.batches import EQUAL_SETS_POWER, Batches
from training.fit.label_noise import cross_validate, find_doubtful
from training.fit.losses import accuracy, make_loss
from training.fit.networks import Networks
from training.fit.progress import ProgressBars
from training.recipes.catalog import Recipe
from training.recipes.data_mix import DataMix
from training.recipes.hyperparameters import AugmentedTraining, PictureFineTuning, PlainTraining

KERAS_FILE: Final = "model.keras"
PICTURES_FILE: Final = "pictures.keras"
_CHECKPOINTS: Final = "checkpoints"
_FOLDS: Final = "folds"


def train(recipe: Recipe, data_mix: DataMix, out: Path, seed: int) -> Networks:
    """Return the taught networks, also left in ``out``: ``model.keras`` and, of two, ``pictures.keras``.

    A checkpoint is left there after every epoch; a run that was broken off goes on from it when started again
    with the same folder.
    """
    out.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(seed)
    model = recipe.build_network(len(data_mix.classes))
    callbacks = [_make_checkpoint(out, "model"), ProgressBars(recipe.hyperparameters.epochs)]
    match recipe.hyperparameters:
        case PlainTraining() as hyperparameters:
            _train_plain(model, data_mix, hyperparameters, callbacks)
        case AugmentedTraining() as hyperparameters:
            _train_augmented(model, data_mix, hyperparameters, callbacks, out, seed)
    pictures = None
    if isinstance(recipe.hyperparameters, AugmentedTraining) and recipe.hyperparameters.pictures:
        pictures = fine_tune_on_pictures(
            model, data_mix, recipe.hyperparameters, recipe.hyperparameters.pictures, out, seed
        )
        pictures.save(out / PICTURES_FILE)
    model.save(out / KERAS_FILE)
    shutil.rmtree(out / _CHECKPOINTS, ignore_errors=True)
    return Networks(model, pictures)


def _make_checkpoint(out: Path, what: str) -> keras.callbacks.Callback:
    """Return what keeps a checkpoint of each epoch; it stays until everything is taught."""
    return keras.callbacks.BackupAndRestore(out / _CHECKPOINTS / what, delete_checkpoint=False)


def fine_tune_on_pictures(
    network: keras.Model,
    data_mix: DataMix,
    hyperparameters: AugmentedTraining,
    fine_tuning: PictureFineTuning,
    out: Path,
    seed: int,
) -> keras.Model:
    """Return a copy of the network that reads the data_mix's pictures better, and nothing else.

    Every set is drawn from equally often: a few photos tell more of photos than many scans.
    """
    shown = [samples for samples in data_mix.training if isinstance(samples, PictureSet)]
    weights = []
    for number in range(fine_tuning.copies):
        copy = keras.models.clone_model(network)
        copy.set_weights(network.get_weights())
        copy_seed = seed * fine_tuning.copies + number
        batches = Batches(shown, copy.input_shape[-1], hyperparameters.batch, copy_seed, EQUAL_SETS_POWER)
        callbacks = [
            _make_checkpoint(out, f"pictures-{number + 1}"),
            ProgressBars(fine_tuning.epochs, f"pictures, copy {number + 1} of {fine_tuning.copies}, "),
        ]
        shorter = replace(
            hyperparameters,
            epochs=fine_tuning.epochs,
            learning_rate=fine_tuning.learning_rate,
            weight_averaging=fine_tuning.weight_averaging,
        )
        _fit(copy, batches, shorter, callbacks)
        weights.append(copy.get_weights())
    copy.set_weights([np.mean(each, axis=0) for each in zip(*weights, strict=True)])
    return copy


def _train_plain(
    model: keras.Model,
    data_mix: DataMix,
    hyperparameters: PlainTraining,
    callbacks: list[keras.callbacks.Callback],
) -> None:
    (taught,) = data_mix.training
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    model.fit(
        *_to_arrays(taught, data_mix.classes),
        epochs=hyperparameters.epochs,
        batch_size=hyperparameters.batch,
        validation_data=_to_arrays(data_mix.validation, data_mix.classes),
        callbacks=callbacks,
        verbose=0,
    )


def _to_arrays(
    samples: object, classes: str
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return pictures (N, 28, 28, 1) in 0..1 and columns (N,) of the network's output."""
    if not isinstance(samples, PictureSet):
        raise TypeError("Only pictures can be taught as they come.")
    column = np.array([classes.find(c) for c in CLASSES])
    return samples.images[..., None] * np.float32(1 / 255), column[samples.labels]


def _train_augmented(
    model: keras.Model,
    data_mix: DataMix,
    hyperparameters: AugmentedTraining,
    callbacks: list[keras.callbacks.Callback],
    out: Path,
    seed: int,
) -> None:
    batches = Batches(
        _drop_doubtful(data_mix, hyperparameters, out, seed), model.input_shape[-1], hyperparameters.batch, seed
    )
    _fit(model, batches, hyperparameters, callbacks)


def _fit(
    model: keras.Model,
    batches: Batches,
    hyperparameters: AugmentedTraining,
    callbacks: list[keras.callbacks.Callback],
) -> None:
    model.compile(
        _make_optimizer(hyperparameters, steps=hyperparameters.epochs * len(batches)),
        make_loss(batches.oversampling, hyperparameters.label_smoothing, hyperparameters.kind_loss_weight),
        metrics=[accuracy],
    )
    # A run that goes on does so at its place in the shuffled data.
    placed = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: batches.start_at(epoch))
    model.fit(batches, epochs=hyperparameters.epochs, callbacks=[*callbacks, placed], verbose=0)


def _drop_doubtful(
    data_mix: DataMix, hyperparameters: AugmentedTraining, out: Path, seed: int
) -> tuple[Samples, ...]:
    """Return what is taught, without the drawings whose labels are doubtful."""
    doubted = None if data_mix.natural_set is None else data_mix.training[data_mix.natural_set]
    if not hyperparameters.folds or not isinstance(doubted, StrokeSet):
        return data_mix.training
    wrong = find_doubtful(doubted.labels, cross_validate(doubted, hyperparameters.folds, seed, out / _FOLDS))
    kept = doubted.take(np.flatnonzero(~wrong))
    return tuple(kept if one is doubted else one for one in data_mix.training)


def _make_optimizer(hyperparameters: AugmentedTraining, steps: int) -> keras.optimizers.Optimizer:
    rising = round(hyperparameters.warm_up * steps)
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if rising else hyperparameters.learning_rate,
        decay_steps=steps - rising,
        warmup_target=hyperparameters.learning_rate if rising else None,
        warmup_steps=rising,
    )
    return keras.optimizers.AdamW(
        schedule,
        weight_decay=hyperparameters.weight_decay,
        use_ema=hyperparameters.weight_averaging > 0,
        ema_momentum=hyperparameters.weight_averaging or 0.99,
    )
