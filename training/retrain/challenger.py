"""A taught network made into a model file with its card."""

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
from training.evaluation.metrics import calibrate, predict
from training.fit.export import convert_to_litert
from training.fit.networks import Networks
from training.fit.weights import pack_networks
from training.retrain.replay import pools_of
from training.retrain.rounds.samples import Candidate

_CALIBRATED_BY: Final = 3_000  # drawings


def make_challenger(
    networks: Networks, champion: Mapping[str, Any], learned: Mapping[str, object], data: Path, folder: Path
) -> None:
    """Write model, card and weights to ``folder``.

    The calibration is chosen anew where drawings of people that nobody was taught from are there; else the
    champion's is kept.
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
    if drawings := _apart(data):
        some = drawings.take(np.random.default_rng(62).permutation(len(drawings))[:_CALIBRATED_BY])
        reading = predict(Model(content, card), some.to_images())
        card["calibration"] = calibrate(reading, some.labels).temperatures
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS_FILE).write_bytes(pack_networks(networks))
    (folder / CARD_FILE).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / MODEL_FILE).write_bytes(content)


def finished_card(challenger: Model, judging: Sequence[Candidate], data: Path) -> dict[str, Any]:
    """Return the card of a challenger that takes over: with figures, and with when it may be believed early.

    The figures are of writers that are for reporting only, where those are there; else of the held-out players.
    """
    card = dict(challenger.card)
    if drawings := _apart(data):
        watched = predict_partial(challenger, drawings)
        card["early"] = {name: choose_early_thresholds(watched, name) for name in ALPHABETS}
    path = data / UNIPEN_VALIDATION.files[0]
    samples = StrokeSet.load(path) if path.is_file() else pools_of(judging)[0].samples
    whose = "UNIPEN's validation writers" if path.is_file() else "held-out players"
    card["figures"] = {"on": f"{len(samples)} drawings of {whose}", **compute_card_figures(challenger, samples)}
    return card


def _apart(data: Path) -> StrokeSet | None:
    return split_unipen(data)[1] if (data / UNIPEN.files[0]).is_file() else None
