"""Exports trained networks to a folder that can serve: ``model.tflite``, the card and the weights."""

from __future__ import annotations

import hashlib
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from recognition.alphabets import ALPHABETS
from recognition.model.card import CARD_FILE
from recognition.model.network import (
    DRAWING_SIGNATURE,
    FEATURES,
    MODEL_FILE,
    PICTURE_SIGNATURE,
    PROBABILITIES,
    Model,
)
from recognition.model.registry import WEIGHTS_FILE
from training.datasets.strokes import StrokeSet
from training.evaluation.early import choose_early_thresholds, predict_partial
from training.evaluation.evaluate import compute_card_figures
from training.evaluation.lifted import choose_lifted_thresholds
from training.evaluation.metrics import calibrate, predict
from training.evaluation.similarity import measure_similarities
from training.fit.networks import Networks
from training.fit.weights import pack_networks
from training.quiet import hide_output
from training.recipes.catalog import HISTORY_FILE
from training.recipes.data_mix import DataMix
from training.whole_files import write_whole


def export_model(networks: Networks, recipe: str, seed: int, data_mix: DataMix, out: Path) -> dict[str, Any]:
    """Write the LiteRT model, its card and its weights to ``out`` and return the card.

    The calibration is chosen on other samples than the figures are measured on. The original app's models are not
    calibrated.
    """
    out.mkdir(parents=True, exist_ok=True)
    content = convert_to_litert(networks)
    card: dict[str, Any] = {
        "version": f"{recipe}-{hashlib.sha256(content).hexdigest()[:8]}",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "recipe": {"name": recipe, "seed": seed},
        "classes": data_mix.classes,
        "input": f"28×28 gray, ink high, 0..1, {data_mix.layout}",
        "parameters": networks.parameters,
        "sha256": hashlib.sha256(content).hexdigest(),
        "calibration": {},
        "data": [source.describe() for source in data_mix.sources],
    }
    if data_mix.left_out:
        card["left_out"] = [source.name for source in data_mix.left_out]
    if data_mix.natural_set is not None:
        output = predict(Model(content, card), data_mix.validation.to_images())
        card["calibration"] = calibrate(output, data_mix.validation.labels).temperatures
    if isinstance(data_mix.validation, StrokeSet):
        outputs = predict_partial(Model(content, card), data_mix.validation)
        card["early"] = {name: choose_early_thresholds(outputs, name) for name in ALPHABETS}
        if similarities := measure_similarities(Model(content, card), data_mix.validation):
            card["hand"] = similarities
    if data_mix.natural_set is not None and isinstance(
        drawings := data_mix.training[data_mix.natural_set], StrokeSet
    ):
        card["lifted"] = choose_lifted_thresholds(Model(content, card), drawings)
    card["figures"] = {"on": data_mix.test_title, **compute_card_figures(Model(content, card), data_mix.test)}
    card["history"] = json.loads(HISTORY_FILE.read_text(encoding="utf-8"))
    write_whole(out / MODEL_FILE, content)
    write_whole(out / WEIGHTS_FILE, pack_networks(networks))
    write_whole(out / CARD_FILE, (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode())
    return card


def convert_to_litert(networks: Networks) -> bytes:
    """Return the model as a LiteRT flatbuffer for one picture at a time, float32 in and out.

    Each network becomes a signature, `DRAWING_SIGNATURE` or `PICTURE_SIGNATURE`. One run gives both its
    `PROBABILITIES` and its `FEATURES`.

    Weights are stored in 8 bits and activations are quantized on the fly ("dynamic range"). That takes a third of
    the time and a quarter of the size, and on held-out writers the accuracy is the same to a tenth of a percent.
    """
    with hide_output(), tempfile.TemporaryDirectory() as folder:
        names = (DRAWING_SIGNATURE, PICTURE_SIGNATURE)
        signatures = {name: _freeze(network) for name, network in zip(names, networks, strict=False)}
        tf.saved_model.save(tf.Module(), folder, signatures)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=list(signatures))
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        content: bytes = converter.convert()
    return content


def _freeze(network: keras.Model) -> Any:
    """Return the network as a function with its weights as constants: variables would not be converted."""
    spec = tf.TensorSpec((1, *network.input_shape[1:]), tf.float32, name="image")
    features = network.layers[-1].input
    both = keras.Model(network.inputs[0], [network.outputs[0], features])  # Sequential has no `input` here
    frozen = convert_variables_to_constants_v2(
        tf.function(lambda image: both(image, training=False)).get_concrete_function(spec)
    )
    shapes = {PROBABILITIES: (1, network.output_shape[-1]), FEATURES: (1, features.shape[-1])}

    def read(image: tf.Tensor) -> dict[str, tf.Tensor]:
        outputs = zip(shapes.items(), frozen(image), strict=True)
        return {name: tf.ensure_shape(output, shape) for (name, shape), output in outputs}

    return tf.function(read, input_signature=[spec])
