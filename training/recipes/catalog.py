"""The recipes by name: a network, the data it is trained on, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recognition.alphabets import CLASSES
from training.datasets.sources import PHOTOS, Source
from training.recipes.data_mix import (
    DataMix,
    load_all_characters,
    load_all_pictures,
    load_emnist_letters,
    load_mnist_digits,
)
from training.recipes.hyperparameters import AugmentedTraining, Distillation, PictureFineTuning, PlainTraining

if TYPE_CHECKING:
    import keras

HISTORY_FILE: Final = Path(__file__).parent / "history.json"
"""What was tried on the way to the bundled model, and what it gave. It goes into the card and docs/accuracy.md."""


# TensorFlow takes seconds to import, so it is imported only when a network is built.


def _build_original(classes: int) -> keras.Model:
    from training.recipes import original  # noqa: PLC0415

    return original.build_network(classes)


def _build_residual(classes: int) -> keras.Model:
    from training.recipes import residual  # noqa: PLC0415

    return residual.build_network(classes)


def _build_teacher(classes: int, width: int) -> keras.Model:
    from training.recipes import residual  # noqa: PLC0415

    return residual.build_network(classes, width=width)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made.

    Attributes:
        summary: what it makes, in a line.
        build_network: returns the untrained network for a number of classes.
        load_data: reads the data from the data folder.
        hyperparameters: how the network is trained.
        optional: data sets that the recipe uses but can do without.
        build_teacher: returns an untrained teacher for a number of classes and a width; needed for distillation.
    """

    summary: str
    build_network: Callable[[int], keras.Model]
    load_data: Callable[[Path], DataMix]
    hyperparameters: AugmentedTraining | PlainTraining
    optional: tuple[Source, ...] = ()
    build_teacher: Callable[[int, int], keras.Model] | None = None


RECIPES: Final[Mapping[str, Recipe]] = {
    "residual-62": Recipe(
        "the bundled model: all 62 characters, drawings and pictures, two residual networks",
        _build_residual,
        load_all_characters,
        AugmentedTraining(
            epochs=62,
            batch=1024,
            learning_rate=5e-3,
            weight_decay=0.05,
            warm_up=0.03,
            label_smoothing=0.05,
            kind_loss_weight=0.5,
            folds=3,
            weight_averaging=0.998,
            picture_share=0.35,
            distillation=Distillation(
                widths=(96, 96, 96, 48, 48, 48, 48),
                epochs=45,
                learning_rate=4e-3,
                label_smoothing=0.03,
                picture_share=0.25,
                weight=0.8,
            ),
            pictures=PictureFineTuning(
                copies=6, epochs=2, batch=128, learning_rate=1e-3, weight_decay=0.02, weight_averaging=0.998
            ),
        ),
        optional=(PHOTOS,),
        build_teacher=_build_teacher,
    ),
    "original-62": Recipe(
        "all 62 characters, drawings and pictures, with the small network of the original app",
        _build_original,
        load_all_characters,
        AugmentedTraining(epochs=10, batch=128, learning_rate=1e-3),
        optional=(PHOTOS,),
    ),
    "pictures-62": Recipe(
        "all 62 characters, from the pictures of MNIST and EMNIST alone",
        _build_original,
        load_all_pictures,
        AugmentedTraining(epochs=6, batch=128, learning_rate=1e-3),
    ),
    "original-digits": Recipe(
        "the original app's model of digits, to compare with; it cannot serve the game",
        _build_original,
        load_mnist_digits,
        PlainTraining(epochs=10, batch=128),
    ),
    "original-letters": Recipe(
        "the original app's model of letters, to compare with; it cannot serve the game",
        _build_original,
        load_emnist_letters,
        PlainTraining(epochs=10, batch=128),
    ),
}


def build_network(name: str) -> keras.Model:
    """Return the untrained network of the recipe ``name``, for all 62 classes.

    Raises:
        KeyError: if there is no such recipe.
    """
    return RECIPES[name].build_network(len(CLASSES))
