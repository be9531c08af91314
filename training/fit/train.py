"""Trains the networks of a recipe, with progress bars, checkpoints and a seed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import keras
import numpy as np

from recognition.alphabets import CLASSES
from training.datasets.pictures import PictureSet
from training.datasets.samples import Samples
from training.datasets.strokes import StrokeSet
from training.fit.batches import EQUAL_SETS_POWER, SMALL_SETS_POWER, Batches
from training.fit.checkpoint import Checkpoint
from training.fit.committee import (
    average_weights,
    copy_network,
    join_networks,
    make_joint_accuracy,
    make_joint_loss,
)
from training.fit.label_noise import cross_validate, find_doubtful
from training.fit.losses import make_loss, make_teacher_loss
from training.fit.networks import Networks
from training.fit.progress import ProgressBars
from training.recipes.catalog import Recipe
from training.recipes.data_mix import DataMix
from training.recipes.hyperparameters import AugmentedTraining, PictureFineTuning, PlainTraining

KERAS_FILE: Final = "model.keras"
PICTURES_FILE: Final = "pictures.keras"
_CHECKPOINTS: Final = "checkpoints"
_FOLDS: Final = "folds"


def train(recipe: Recipe, data_mix: DataMix, out: Path, seed: int, processes: int = 0) -> Networks:
    """Train the networks of a recipe, save them in ``out`` and return them.

    The files are ``model.keras`` and, if there are two networks, ``pictures.keras``. A checkpoint is saved in
    ``out`` after every epoch. A run that was stopped resumes from it when it is started again with the same
    folder. `delete_checkpoints` deletes what such a run needs.

    Args:
        recipe: what is trained and how.
        data_mix: the data of the recipe.
        out: folder for the networks.
        seed: decides the batches.
        processes: how many processes make batches, see `Batches`.
    """
    out.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(seed)
    model = recipe.build_network(len(data_mix.classes))
    pictures = None
    match recipe.hyperparameters:
        case PlainTraining() as plain:
            _train_plain(model, data_mix, plain, _make_checkpoint(out, "model", plain, seed))
        case AugmentedTraining() as augmented:
            sets = _drop_doubtful(data_mix, augmented, out, seed)
            teachers = _train_teachers(recipe, sets, augmented, out, seed, processes)
            batches = _make_batches(sets, model, augmented, seed, processes)
            checkpoint = _make_checkpoint(out, "model", augmented, seed)
            fit_networks([model], batches, augmented, checkpoint, teachers=teachers)
            if augmented.pictures:
                pictures = fine_tune_on_pictures(
                    model, data_mix, augmented, augmented.pictures, out, seed, processes
                )
                pictures.save(out / PICTURES_FILE)
    model.save(out / KERAS_FILE)
    return Networks(model, pictures)


def delete_checkpoints(out: Path) -> None:
    """Delete what a stopped run would resume from."""
    shutil.rmtree(out / _CHECKPOINTS, ignore_errors=True)


def fine_tune_on_pictures(
    network: keras.Model,
    data_mix: DataMix,
    hyperparameters: AugmentedTraining,
    fine_tuning: PictureFineTuning,
    out: Path,
    seed: int,
    processes: int = 0,
) -> keras.Model:
    """Return a copy of the network, fine-tuned on the pictures of the data mix alone.

    Every set is drawn from equally often: a few photos tell more about photos than many scans do.
    """
    sets = [samples for samples in data_mix.training if isinstance(samples, PictureSet)]
    shorter = replace(
        hyperparameters,
        epochs=fine_tuning.epochs,
        batch=fine_tuning.batch,
        learning_rate=fine_tuning.learning_rate,
        weight_decay=fine_tuning.weight_decay,
        weight_averaging=fine_tuning.weight_averaging,
        picture_share=None,
        distillation=None,
    )
    copies = [copy_network(network) for _ in range(fine_tuning.copies)]
    for number, copy in enumerate(copies):
        batches = _make_batches(sets, copy, shorter, seed * len(copies) + number, processes, EQUAL_SETS_POWER)
        checkpoint = _make_checkpoint(out, f"pictures-{number + 1}", shorter, seed)
        fit_networks([copy], batches, shorter, checkpoint, f"pictures, copy {number + 1} of {len(copies)}, ")
    copies[0].set_weights(average_weights(copies))
    return copies[0]


def _train_teachers(
    recipe: Recipe,
    sets: Sequence[Samples],
    hyperparameters: AugmentedTraining,
    out: Path,
    seed: int,
    processes: int,
) -> list[keras.Model]:
    """Return the trained teachers of a recipe; none if its network learns from labels alone."""
    distillation = hyperparameters.distillation
    if distillation is None or recipe.build_teacher is None:
        return []
    teachers = [recipe.build_teacher(len(CLASSES), width) for width in distillation.widths]
    of_teachers = replace(
        hyperparameters,
        epochs=distillation.epochs,
        learning_rate=distillation.learning_rate,
        label_smoothing=distillation.label_smoothing,
        picture_share=distillation.picture_share,
        distillation=None,
    )
    checkpoint = _make_checkpoint(out, "teachers", of_teachers, seed)
    batches = _make_batches(sets, teachers[0], of_teachers, seed, processes)
    fit_networks(teachers, batches, of_teachers, checkpoint, "teachers, ")
    return teachers


def _make_batches(
    sets: Sequence[Samples],
    network: keras.Model,
    hyperparameters: AugmentedTraining,
    seed: int,
    processes: int,
    small_sets: float = SMALL_SETS_POWER,
) -> Batches:
    return Batches(
        sets,
        network.input_shape[-1],
        hyperparameters.batch,
        seed,
        small_sets,
        picture_share=hyperparameters.picture_share,
        processes=processes,
    )


def _make_checkpoint(
    out: Path, name: str, hyperparameters: PlainTraining | AugmentedTraining, seed: int
) -> Checkpoint:
    """Return a callback that saves a checkpoint after each epoch. It stays until the model is exported."""
    return Checkpoint(out / _CHECKPOINTS / name, f"{hyperparameters}, seed {seed}", print)


def _train_plain(
    model: keras.Model, data_mix: DataMix, hyperparameters: PlainTraining, checkpoint: Checkpoint
) -> None:
    (samples,) = data_mix.training
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    model.fit(
        *_to_arrays(samples, data_mix.classes),
        epochs=hyperparameters.epochs,
        initial_epoch=checkpoint.restore(model),
        batch_size=hyperparameters.batch,
        validation_data=_to_arrays(data_mix.validation, data_mix.classes),
        callbacks=[checkpoint, ProgressBars(hyperparameters.epochs)],
        verbose=0,
    )


def _to_arrays(
    samples: Samples, classes: str
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return pictures (N, 28, 28, 1) in 0..1 and columns (N,) of the network's output."""
    if not isinstance(samples, PictureSet):
        raise TypeError("Plain training takes pictures only.")
    column = np.array([classes.find(c) for c in CLASSES])
    return samples.images[..., None] * np.float32(1 / 255), column[samples.labels]


def fit_networks(
    networks: Sequence[keras.Model],
    batches: Batches,
    hyperparameters: AugmentedTraining,
    checkpoint: Checkpoint,
    title: str = "",
    *,
    teachers: Sequence[keras.Model] = (),
) -> None:
    """Train networks on the same batches, and on what the teachers answer if there are any.

    Args:
        networks: what is trained, in place.
        batches: what they are trained on.
        hyperparameters: how.
        checkpoint: where the training resumes if it was stopped.
        title: what stands before the number of the epoch in the progress bars.
        teachers: networks that are trained already.
    """
    kind_loss_weight, distillation = hyperparameters.kind_loss_weight, hyperparameters.distillation
    loss = make_loss(batches.oversampling, hyperparameters.label_smoothing, kind_loss_weight)
    if teachers and distillation:
        teacher_loss = make_teacher_loss(batches.oversampling, kind_loss_weight)
        joint_loss = make_joint_loss(loss, teacher_loss, distillation.weight)
    else:
        joint_loss = make_joint_loss(loss)
    joined = join_networks(networks, teachers)
    steps = hyperparameters.epochs * len(batches)
    joined.compile(_make_optimizer(hyperparameters, steps), joint_loss, metrics=[make_joint_accuracy()])
    # A resumed run continues at its place in the shuffled data.
    resume = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: batches.start_at(epoch))
    with batches:
        joined.fit(
            batches,
            epochs=hyperparameters.epochs,
            initial_epoch=checkpoint.restore(joined),
            callbacks=[checkpoint, ProgressBars(hyperparameters.epochs, title), resume],
            shuffle=False,
            verbose=0,
        )


def _drop_doubtful(
    data_mix: DataMix, hyperparameters: AugmentedTraining, out: Path, seed: int
) -> tuple[Samples, ...]:
    """Return the sets to train on, without the drawings whose labels are doubtful."""
    natural = None if data_mix.natural_set is None else data_mix.training[data_mix.natural_set]
    if not hyperparameters.folds or not isinstance(natural, StrokeSet):
        return data_mix.training
    doubtful = find_doubtful(natural.labels, cross_validate(natural, hyperparameters.folds, seed, out / _FOLDS))
    checked = natural.take(np.flatnonzero(~doubtful))
    return tuple(checked if samples is natural else samples for samples in data_mix.training)


def _make_optimizer(hyperparameters: AugmentedTraining, steps: int) -> keras.optimizers.Optimizer:
    warm_up_steps = round(hyperparameters.warm_up * steps)
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warm_up_steps else hyperparameters.learning_rate,
        decay_steps=steps - warm_up_steps,
        warmup_target=hyperparameters.learning_rate if warm_up_steps else None,
        warmup_steps=warm_up_steps,
    )
    return keras.optimizers.AdamW(
        schedule,
        weight_decay=hyperparameters.weight_decay,
        use_ema=hyperparameters.weight_averaging > 0,
        ema_momentum=hyperparameters.weight_averaging or 0.99,
    )
