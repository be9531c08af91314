"""The network of the original app, which Inkrush grew from, for any number of classes."""

from __future__ import annotations

import keras
from keras import layers

from recognition.render import SIZE


def build_network(classes: int) -> keras.Model:
    """Return the untrained network: from pictures (N, 28, 28, 1) in 0..1 to probabilities (N, classes)."""
    return keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 1)),
            layers.Conv2D(32, kernel_size=3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, kernel_size=3, activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(32, kernel_size=5, strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.4),
            layers.Conv2D(64, kernel_size=3, activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(64, kernel_size=3, activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(64, kernel_size=5, strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.4),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(classes, activation="softmax"),
        ]
    )
