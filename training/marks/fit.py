"""Trains the network of marks and writes it as a LiteRT file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from keras import layers
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from recognition.page.marks import FRAME_SIDE, KINDS
from training.fit.checkpoint import Checkpoint
from training.fit.progress import ProgressBars
from training.marks.candidates import Candidates
from training.quiet import hide_output
from training.whole_files import write_whole

BATCH: Final = 128
_RATE: Final = 2e-3
_SMOOTHING: Final = 0.02
_SHIFT: Final = 2  # pixels, by which a frame is moved at most
_TEMPERATURES: Final = np.exp(np.linspace(np.log(0.5), np.log(3), 61))

Floats = npt.NDArray[np.float32]


def build_network() -> keras.Model:
    """Return the untrained network: frames (N, side, side, 2) in 0..1, probabilities (N, kinds)."""
    source = keras.Input((FRAME_SIDE, FRAME_SIDE, 2))
    x = _convolve(source, 20, 5, 2)
    x = _convolve(x, 36, 3, 2)
    x = layers.ReLU()(layers.Add()([x, _convolve(x, 36, 3, 1)]))
    x = _convolve(x, 56, 3, 2)
    x = layers.ReLU()(layers.Add()([x, _convolve(x, 56, 3, 1)]))
    # Pooling with a weight for each place, because it matters where in the frame something is.
    x = layers.DepthwiseConv2D(x.shape[1], depth_multiplier=3, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(layers.Flatten()(x)))
    x = layers.Dropout(0.2)(x)
    x = layers.Dense(48, activation="relu")(x)
    return keras.Model(source, layers.Dense(len(KINDS), activation="softmax")(x))


def _convolve(x: keras.KerasTensor, filters: int, side: int, strides: int) -> keras.KerasTensor:
    x = layers.Conv2D(filters, side, strides=strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


class _Batches(keras.utils.PyDataset):
    """Batches of marks, each moved a little and with ink of another strength."""

    def __init__(self, candidates: Candidates, seed: int, epoch: int) -> None:
        super().__init__()
        self._candidates, self._seed = candidates, seed
        self._epoch = epoch
        self._shuffle()

    def __len__(self) -> int:
        return len(self._candidates) // BATCH

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._shuffle()

    def _shuffle(self) -> None:
        self._order = np.random.default_rng((self._seed, self._epoch)).permutation(len(self._candidates))

    def __getitem__(self, step: int) -> tuple[Floats, npt.NDArray[np.int64]]:
        chosen = self._order[step * BATCH : (step + 1) * BATCH]
        random = np.random.default_rng((self._seed, self._epoch, step))
        return augment(self._candidates.frames[chosen], random), self._candidates.kinds[chosen]


def augment(frames: npt.NDArray[np.uint8], random: np.random.Generator) -> Floats:
    """Return frames, float32 in 0..1, each moved a little, with ink of another strength."""
    count = len(frames)
    levels: Floats = frames * np.float32(1 / 255)
    gain = np.exp(random.normal(0, 0.15, (count, 1, 1, 1))).astype(np.float32)
    np.minimum(1, levels * gain, out=levels)
    for group, (down, across) in enumerate(random.integers(-_SHIFT, _SHIFT + 1, (8, 2)).tolist()):
        levels[group::8] = np.roll(levels[group::8], (down, across), (1, 2))
    return levels


def train_marks(
    training: Candidates, validation: Candidates, out: Path, seed: int, epochs: int, say: Callable[[str], None]
) -> keras.Model:
    """Return a trained network. A run that was stopped resumes after its last whole epoch."""
    keras.utils.set_random_seed(seed)
    network = build_network()
    steps = len(training) // BATCH
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, epochs * steps, warmup_target=_RATE, warmup_steps=min(300, epochs * steps // 10 + 1)
    )
    network.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=1e-3),
        loss=_compute_loss,
        metrics=["accuracy"],
    )
    checkpoint = Checkpoint(out / "checkpoint", f"marks {seed} {epochs} {len(training)}", say)
    first = checkpoint.restore(network)
    images = validation.frames.astype(np.float32) / 255
    network.fit(
        _Batches(training, seed, first),
        initial_epoch=first,
        epochs=epochs,
        validation_data=(images, validation.kinds),
        callbacks=[checkpoint, ProgressBars(epochs)],
        verbose=0,
    )
    return network


def _compute_loss(truth: Any, probabilities: Any) -> Any:
    smooth = tf.one_hot(tf.cast(tf.reshape(truth, [-1]), tf.int32), len(KINDS)) * (1 - _SMOOTHING)
    return keras.losses.categorical_crossentropy(smooth + _SMOOTHING / len(KINDS), probabilities)


def calibrate(network: keras.Model, validation: Candidates) -> float:
    """Divide the network's last scores by the temperature that fits the validation set best, and return it."""
    probabilities = network.predict(validation.frames.astype(np.float32) / 255, batch_size=256, verbose=0)
    scores = np.log(np.maximum(probabilities.astype(np.float64), 1e-12))
    losses = []
    for temperature in _TEMPERATURES:
        scaled = scores / temperature
        total = np.log(np.exp(scaled - scaled.max(axis=1, keepdims=True)).sum(axis=1)) + scaled.max(axis=1)
        losses.append(float((total - scaled[np.arange(len(scores)), validation.kinds]).mean()))
    temperature = float(_TEMPERATURES[int(np.argmin(losses))])
    last = network.layers[-1]
    last.set_weights([weights / temperature for weights in last.get_weights()])
    return temperature


def write_marks(network: keras.Model, path: Path) -> None:
    """Write the network as a LiteRT flatbuffer with 8-bit weights, for one frame at a time."""
    spec = tf.TensorSpec((1, FRAME_SIDE, FRAME_SIDE, 2), tf.float32, name="frame")
    read = tf.function(lambda frame: network(frame, training=False)).get_concrete_function(spec)
    with hide_output():
        # Variables would not be converted.
        converter = tf.lite.TFLiteConverter.from_concrete_functions([convert_variables_to_constants_v2(read)])
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        content: bytes = converter.convert()
    write_whole(path, content)
