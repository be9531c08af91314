"""Recipes: a network, what it is taught and how, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import keras

from recognition.alphabets import CLASSES
from training.recipes import original, residual
from training.recipes.data_mix import Lesson, emnist_letters, every_character, every_picture, mnist_digits
from training.recipes.hyperparameters import Altered, AsItComes, Further


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made.

    Attributes:
        network: returns the untrained network for a number of classes.
        lesson: reads what is taught from the data folder.
        course: how it is taught.
    """

    network: Callable[[int], keras.Model]
    lesson: Callable[[Path], Lesson]
    course: Altered | AsItComes


RECIPES: Final[Mapping[str, Recipe]] = {
    # The two models of the app that Inkrush began as, to compare with. They cannot serve the game.
    "original-digits": Recipe(original.network, mnist_digits, AsItComes(epochs=10, batch=128)),
    "original-letters": Recipe(original.network, emnist_letters, AsItComes(epochs=10, batch=128)),
    # Models of all 62 classes, to serve.
    "original-62": Recipe(original.network, every_character, Altered(epochs=10, batch=128, learning_rate=1e-3)),
    "pictures-62": Recipe(original.network, every_picture, Altered(epochs=6, batch=128, learning_rate=1e-3)),
    "residual-62": Recipe(
        residual.network,
        every_character,
        Altered(
            epochs=16,
            batch=128,
            learning_rate=2e-3,
            weight_decay=0.02,
            warm_up=0.05,
            label_smoothing=0.05,
            within_kind=0.5,
            folds=3,
            averaging=0.999,
            pictures=Further(copies=6, epochs=1, learning_rate=1e-3, averaging=0.998),
        ),
    ),
}


def build(name: str) -> keras.Model:
    """Return the untrained network of the recipe ``name``, for all 62 classes.

    Raises:
        KeyError: if there is no such recipe.
    """
    return RECIPES[name].network(len(CLASSES))
