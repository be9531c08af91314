"""Recipes: a network and how it is taught, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import keras

from recognition.alphabets import CLASSES
from training.recipes import original, residual


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made.

    Attributes:
        network: returns the untrained network for a number of classes.
        epochs: passes over the data.
        batch: samples a step.
        learning_rate: AdamW's, at its highest; it falls to nothing along a half cosine.
        weight_decay: AdamW's.
        warm_up: share of all steps in which the learning rate rises from nothing.
        label_smoothing: share of the truth given to all classes alike, which labels that are wrong deserve.
        averaging: weight of the past in the running average of the weights, which is what is kept; none where 0.
    """

    network: Callable[[int], keras.Model]
    epochs: int
    batch: int
    learning_rate: float
    weight_decay: float = 0.0
    warm_up: float = 0.0
    label_smoothing: float = 0.0
    averaging: float = 0.0


RECIPES: Final[Mapping[str, Recipe]] = {
    "original-62": Recipe(original.network, epochs=10, batch=128, learning_rate=1e-3),
    "residual-62": Recipe(
        residual.network,
        epochs=12,
        batch=128,
        learning_rate=2e-3,
        weight_decay=0.02,
        warm_up=0.05,
        label_smoothing=0.05,
        averaging=0.999,
    ),
}


def build(name: str) -> keras.Model:
    """Return the untrained network of the recipe ``name`` for all 62 classes.

    Raises:
        KeyError: if there is no such recipe.
    """
    return RECIPES[name].network(len(CLASSES))
