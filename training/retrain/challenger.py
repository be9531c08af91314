"""Turn a retrained network into a model file with its card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from recognition.alphabets import ALPHABETS
from recognition.model.card import CARD_FILE
from recognition.model.network import MODEL_FILE, Model
from recognition.model.registry import WEIGHTS_FILE
from training.datasets.sources import UNIPEN, UNIPEN_VALIDATION
from training.datasets.splits import split_unipen
from training.datasets.strokes import StrokeSet
from training.evaluation.early import choose_early_thresholds, predict_partial
from training.evaluation.evaluate import compute_card_figures
from training.evaluation.lifted import choose_lifted_thresholds
from training.evaluation.metrics import calibrate, predict
from training.evaluation.similarity import measure_similarities
from training.fit.export import convert_to_litert
from training.fit.networks import Networks
from training.fit.weights import pack_networks
from training.retrain.replay import make_pools
from training.retrain.rounds.labeled_round import LabeledRound

_CALIBRATION_DRAWINGS: Final = 3_000


def make_challenger(
    networks: Networks, champion: Mapping[str, Any], learned: Mapping[str, object], data: Path
) -> dict[str, bytes]:
    """Return the files of the challenger by name: the model, its card and its weights.

    If the data folder has drawings of people that no model was trained on, the challenger is calibrated on them.
    Otherwise it keeps the champion's calibration.

    Args:
        networks: the retrained networks.
        champion: the champion's card.
        learned: the card's entry about the rounds that were trained on.
        data: the data folder.

    Raises:
        UnfitModel: if the training went wrong, so that the model gives no probabilities.
    """
    content = convert_to_litert(networks)
    digest = hashlib.sha256(content).hexdigest()
    card = {
        **champion,
        "version": f"{champion['recipe']['name']}-{digest[:8]}",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "sha256": digest,
        "parent": champion["version"],
        "learned": dict(learned),
    }
    if unipen := _split_unipen(data):
        _, drawings = unipen
        sample = drawings.take(np.random.default_rng(62).permutation(len(drawings))[:_CALIBRATION_DRAWINGS])
        outputs = predict(Model(content, card), sample.to_images())
        card["calibration"] = calibrate(outputs, sample.labels).temperatures
    return {
        MODEL_FILE: content,
        CARD_FILE: (json.dumps(card, indent=2, ensure_ascii=False) + "\n").encode(),
        WEIGHTS_FILE: pack_networks(networks),
    }


def complete_card(challenger: Model, judging: Sequence[LabeledRound], data: Path) -> dict[str, Any]:
    """Return the card of a challenger that takes over.

    It gets its figures, its thresholds before a pen rests, and how similar people's drawings are for it.
    The figures come from UNIPEN's validation writers if their drawings are in the data folder, otherwise from the
    judges' rounds.
    """
    card = dict(challenger.card)
    if unipen := _split_unipen(data):
        training, held_out = unipen
        partial = predict_partial(challenger, held_out)
        card["early"] = {name: choose_early_thresholds(partial, name) for name in ALPHABETS}
        card["lifted"] = choose_lifted_thresholds(challenger, training)
        if similarities := measure_similarities(challenger, held_out):
            card["hand"] = similarities
    path = data / UNIPEN_VALIDATION.files[0]
    samples = StrokeSet.load(path) if path.is_file() else make_pools(judging)[0].samples
    writers = "UNIPEN's validation writers" if path.is_file() else "held-out players"
    card["figures"] = {"on": f"{len(samples)} drawings of {writers}", **compute_card_figures(challenger, samples)}
    return card


def _split_unipen(data: Path) -> tuple[StrokeSet, StrokeSet] | None:
    """Return the drawings to train on and those of held-out writers, if they are in the data folder."""
    return split_unipen(data) if (data / UNIPEN.files[0]).is_file() else None
