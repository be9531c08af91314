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
from training.datasets.strokes import StrokeSet
from training.fit.batches import ALL_ALIKE, Batches
from training.fit.label_noise import cross_validated, doubtful
from training.fit.losses import accuracy, cross_entropy
from training.fit.networks import Networks
from training.fit.progress import Shown
from training.recipes import Recipe
from training.recipes.data_mix import Lesson, Samples
from training.recipes.hyperparameters import Altered, AsItComes, Further

KERAS_FILE: Final = "model.keras"
PICTURES_FILE: Final = "pictures.keras"
_CHECKPOINTS: Final = "checkpoints"
_FOLDS: Final = "folds"


def train(recipe: Recipe, lesson: Lesson, out: Path, seed: int) -> Networks:
    """Return the taught networks, also left in ``out``: ``model.keras`` and, of two, ``pictures.keras``.

    A checkpoint is left there after every epoch; a run that was broken off goes on from it when started again
    with the same folder.
    """
    out.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(seed)
    model = recipe.network(len(lesson.classes))
    callbacks = [_kept(out, "model"), Shown(recipe.course.epochs)]
    match recipe.course:
        case AsItComes() as course:
            _teach_as_it_comes(model, lesson, course, callbacks)
        case Altered() as course:
            _teach_altered(model, lesson, course, callbacks, out, seed)
    pictures = None
    if isinstance(recipe.course, Altered) and recipe.course.pictures:
        pictures = taught_on_pictures(model, lesson, recipe.course, recipe.course.pictures, out, seed)
        pictures.save(out / PICTURES_FILE)
    model.save(out / KERAS_FILE)
    shutil.rmtree(out / _CHECKPOINTS, ignore_errors=True)
    return Networks(model, pictures)


def _kept(out: Path, what: str) -> keras.callbacks.Callback:
    """Return what keeps a checkpoint of each epoch; it stays until everything is taught."""
    return keras.callbacks.BackupAndRestore(out / _CHECKPOINTS / what, delete_checkpoint=False)


def taught_on_pictures(
    network: keras.Model, lesson: Lesson, course: Altered, further: Further, out: Path, seed: int
) -> keras.Model:
    """Return a copy of the network that reads the lesson's pictures better, and nothing else.

    Every set is drawn from equally often: a few photos tell more of photos than many scans.
    """
    shown = [samples for samples in lesson.taught if isinstance(samples, PictureSet)]
    weights = []
    for number in range(further.copies):
        copy = keras.models.clone_model(network)
        copy.set_weights(network.get_weights())
        copy_seed = seed * further.copies + number
        batches = Batches(shown, copy.input_shape[-1], course.batch, copy_seed, ALL_ALIKE)
        callbacks = [
            _kept(out, f"pictures-{number + 1}"),
            Shown(further.epochs, f"pictures, copy {number + 1} of {further.copies}, "),
        ]
        shorter = replace(
            course, epochs=further.epochs, learning_rate=further.learning_rate, averaging=further.averaging
        )
        _fit(copy, batches, shorter, callbacks)
        weights.append(copy.get_weights())
    copy.set_weights([np.mean(each, axis=0) for each in zip(*weights, strict=True)])
    return copy


def _teach_as_it_comes(
    model: keras.Model, lesson: Lesson, course: AsItComes, callbacks: list[keras.callbacks.Callback]
) -> None:
    (taught,) = lesson.taught
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    model.fit(
        *_arrays(taught, lesson.classes),
        epochs=course.epochs,
        batch_size=course.batch,
        validation_data=_arrays(lesson.chosen_by, lesson.classes),
        callbacks=callbacks,
        verbose=0,
    )


def _arrays(
    samples: object, classes: str
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return pictures (N, 28, 28, 1) in 0..1 and columns (N,) of the network's output."""
    if not isinstance(samples, PictureSet):
        raise TypeError("Only pictures can be taught as they come.")
    column = np.array([classes.find(c) for c in CLASSES])
    return samples.images[..., None] * np.float32(1 / 255), column[samples.labels]


def _teach_altered(
    model: keras.Model,
    lesson: Lesson,
    course: Altered,
    callbacks: list[keras.callbacks.Callback],
    out: Path,
    seed: int,
) -> None:
    batches = Batches(_sifted(lesson, course, out, seed), model.input_shape[-1], course.batch, seed)
    _fit(model, batches, course, callbacks)


def _fit(model: keras.Model, batches: Batches, course: Altered, callbacks: list[keras.callbacks.Callback]) -> None:
    model.compile(
        _optimizer(course, steps=course.epochs * len(batches)),
        cross_entropy(batches.tilt, course.label_smoothing, course.within_kind),
        metrics=[accuracy],
    )
    # A run that goes on does so at its place in the shuffled data.
    placed = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, _: batches.start_at(epoch))
    model.fit(batches, epochs=course.epochs, callbacks=[*callbacks, placed], verbose=0)


def _sifted(lesson: Lesson, course: Altered, out: Path, seed: int) -> tuple[Samples, ...]:
    """Return what is taught, without the drawings whose labels are doubtful."""
    doubted = None if lesson.natural is None else lesson.taught[lesson.natural]
    if not course.folds or not isinstance(doubted, StrokeSet):
        return lesson.taught
    wrong = doubtful(doubted.labels, cross_validated(doubted, course.folds, seed, out / _FOLDS))
    kept = doubted.take(np.flatnonzero(~wrong))
    return tuple(kept if one is doubted else one for one in lesson.taught)


def _optimizer(course: Altered, steps: int) -> keras.optimizers.Optimizer:
    rising = round(course.warm_up * steps)
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if rising else course.learning_rate,
        decay_steps=steps - rising,
        warmup_target=course.learning_rate if rising else None,
        warmup_steps=rising,
    )
    return keras.optimizers.AdamW(
        schedule,
        weight_decay=course.weight_decay,
        use_ema=course.averaging > 0,
        ema_momentum=course.averaging or 0.99,
    )
