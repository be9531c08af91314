"""The network of the bundled model: a small residual network that sees the line and the pen's directions."""

from __future__ import annotations

import keras
from keras import layers

from recognition.render import CHANNELS, SIZE


def build_network(classes: int, *, width: int = 48) -> keras.Model:
    """Return the untrained network.

    It takes pictures (N, 28, 28, `CHANNELS`) in 0..1 and gives probabilities (N, classes). Most of the work is
    done at 14×14 pixels, where a stroke is a pixel or two wide; ``width`` is the number of channels there.
    """
    source = keras.Input((SIZE, SIZE, CHANNELS))
    x = _convolve(source, width // 2)
    x = _convolve(x, width, strides=2)
    x = _add_residual(x, width)
    x = _add_residual(x, width)
    x = _convolve(x, 2 * width, strides=2)
    x = _add_residual(x, 2 * width)
    x = _add_residual(x, 2 * width)
    # Pooling with a weight for each place of the map, because it matters where in a character a feature is.
    x = layers.DepthwiseConv2D(x.shape[1], depth_multiplier=3, use_bias=False)(x)
    x = layers.BatchNormalization()(layers.Flatten()(x))
    x = layers.Dropout(0.3)(layers.ReLU()(x))
    # Probabilities are always of full precision, also where the rest is computed in half precision.
    return keras.Model(source, layers.Dense(classes, activation="softmax", dtype="float32")(x))


def _convolve(x: keras.KerasTensor, filters: int, strides: int = 1) -> keras.KerasTensor:
    return layers.ReLU()(_convolve_and_normalize(x, filters, strides))


def _add_residual(x: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    y = _convolve_and_normalize(_convolve(x, filters), filters)
    return layers.ReLU()(layers.Add()([x, y]))


def _convolve_and_normalize(x: keras.KerasTensor, filters: int, strides: int = 1) -> keras.KerasTensor:
    y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    return layers.BatchNormalization()(y)
