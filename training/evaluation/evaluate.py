"""Everything a report says about one model: figures, confusions, reliability, acceptance, latency."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER
from recognition.model.network import Model
from training.datasets.samples import Samples
from training.evaluation.acceptance import Acceptance, compute_acceptance_curve
from training.evaluation.early import EarlyAcceptance, compute_early_figures, predict_partial
from training.evaluation.metrics import (
    Bin,
    Figures,
    Floats,
    Ints,
    ModelOutput,
    compute_figures,
    compute_reliability,
    find_alphabets,
    make_look_alike_matrix,
    mask_alphabet,
    predict,
)
from training.evaluation.test_sets import TestSet

_TIMED: Final = 500  # samples
_CONFUSIONS: Final = 10
_EXAMPLES: Final = 6
_PLACES: Final = 5  # of a share


@dataclass(frozen=True, slots=True)
class CharacterFigures:
    """How well one character is read; shares of 1.

    Attributes:
        samples: how many there were.
        alone: right, in the alphabet of its own kind: digits, capitals or small letters.
        folded: right or a look-alike, in the widest alphabet.
        mistaken_for: what it is most often taken for in the widest alphabet, look-alikes aside; empty if nothing.
    """

    character: str
    samples: int
    alone: float
    folded: float
    mistaken_for: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """Drawings of one character that were read as another, which is no look-alike.

    Attributes:
        truth: what was drawn.
        read_as: what was read.
        count: how often.
        share: of all drawings of ``truth``.
        examples: indices of the ones that the model was surest of, surest first.
    """

    truth: str
    read_as: str
    count: int
    share: float
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from what a caller hands in to the scores, one sample at a time on one core."""

    p50: float
    p95: float
    samples: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is known of one model after an exam.

    Attributes:
        version: the model's.
        parameters: numbers in the network.
        taught_from: whether the model was taught from the very file that it is judged on.
        widest: the alphabet that characters and confusions are of.
        by_alphabet: figures of each alphabet that the model knows and samples are of.
        by_character: in label order, those that there are samples of.
        confusions: the most frequent first.
        reliability: bins of confidence, by alphabet.
        acceptance: what each threshold does, by alphabet.
        early: by alphabet, what comes of believing drawings before they are finished; nothing for pictures.
        latency: how long one sample takes.
    """

    version: str
    parameters: int
    trained_on_it: bool
    widest: str
    by_alphabet: dict[str, Figures]
    by_character: tuple[CharacterFigures, ...]
    confusions: tuple[Confusion, ...]
    reliability: dict[str, tuple[Bin, ...]]
    acceptance: dict[str, tuple[Acceptance, ...]]
    early: dict[str, EarlyAcceptance]
    latency: Latency


class NothingToEvaluate(Exception):
    """No sample of the exam is of an alphabet that the model knows."""


def evaluate(model: Model, test_set: TestSet[Any]) -> Evaluation:
    """Judge a model.

    Raises:
        NothingToJudge: if none of the samples is of an alphabet that it knows.
    """
    names = find_alphabets(model.classes, test_set.labels)
    if not names:
        raise NothingToEvaluate(
            f"{model.card['version']} knows {model.classes}, and nothing of it is in {test_set.title}."
        )
    reading, labels, widest = predict(model, test_set.images), test_set.labels, names[0]
    taught = {file for source in model.card.get("data", ()) for file in source.get("files", ())}
    return Evaluation(
        version=str(model.card["version"]),
        parameters=int(model.card.get("parameters", 0)),
        trained_on_it=not taught.isdisjoint(test_set.files),
        widest=widest,
        by_alphabet={name: compute_figures(reading, labels, name) for name in names},
        by_character=_measure_characters(reading, labels, widest),
        confusions=_find_confusions(reading, labels, widest),
        reliability={name: compute_reliability(*_compute_confidence(reading, labels, name)) for name in names},
        acceptance={name: tuple(compute_acceptance_curve(reading, labels, name)) for name in names},
        early=_measure_early(model, test_set, names),
        latency=_measure_latency(model, test_set),
    )


def compute_card_figures(model: Model, samples: Samples) -> dict[str, Any]:
    """Return what a card says of how well a model reads: figures by alphabet and by character."""
    reading, labels = predict(model, samples.to_images()), samples.labels
    names = find_alphabets(model.classes, labels)
    return {
        "by_alphabet": {name: _round_shares(asdict(compute_figures(reading, labels, name))) for name in names},
        "by_character": [_round_shares(asdict(one)) for one in _measure_characters(reading, labels, names[0])],
    }


def _round_shares(shares: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, _PLACES) if isinstance(v, float) else v for k, v in shares.items()}


def _compute_confidence(reading: ModelOutput, labels: Ints, alphabet: str) -> tuple[Floats, npt.NDArray[np.bool_]]:
    _, among, truth = mask_alphabet(reading, labels, alphabet)
    return among.max(axis=1), among.argmax(axis=1) == truth


def _read_classes(reading: ModelOutput, labels: Ints, alphabet: str) -> tuple[Ints, Ints, Floats, Ints]:
    """Return classes read, classes drawn, how sure the model was, and indices, of the alphabet's samples."""
    members, among, truth = mask_alphabet(reading, labels, alphabet)
    (index,) = np.isin(labels, members).nonzero()
    return members[among.argmax(axis=1)], members[truth], among.max(axis=1), index


def _measure_characters(reading: ModelOutput, labels: Ints, widest: str) -> tuple[CharacterFigures, ...]:
    read, drawn, _, _ = _read_classes(reading, labels, widest)
    alike = make_look_alike_matrix(widest)
    alone: dict[int, float] = {}
    for name, members in (("digits", DIGITS), ("upper", UPPER), ("lower", LOWER)):
        if set(members) & {CLASSES[label] for label in np.unique(drawn)}:
            in_kind, truth, _, _ = _read_classes(reading, labels, name)
            alone |= {c: float((in_kind[truth == c] == c).mean()) for c in np.unique(truth).tolist()}
    found = []
    for label in np.unique(drawn).tolist():
        answers = read[drawn == label]
        wrong = Counter(answers[~alike[label][answers]].tolist())
        found.append(
            CharacterFigures(
                character=CLASSES[label],
                samples=len(answers),
                alone=alone[label],
                folded=float(alike[label][answers].mean()),
                mistaken_for=CLASSES[wrong.most_common(1)[0][0]] if wrong else "",
            )
        )
    return tuple(found)


def _find_confusions(reading: ModelOutput, labels: Ints, widest: str) -> tuple[Confusion, ...]:
    read, drawn, sure, index = _read_classes(reading, labels, widest)
    wrong = ~make_look_alike_matrix(widest)[drawn, read]
    pairs = Counter(zip(drawn[wrong].tolist(), read[wrong].tolist(), strict=True))
    found = []
    for (truth, answer), count in pairs.most_common(_CONFUSIONS):
        (cases,) = ((drawn == truth) & (read == answer)).nonzero()
        surest = cases[np.argsort(-sure[cases], kind="stable")][:_EXAMPLES]
        share = count / int((drawn == truth).sum())
        found.append(Confusion(CLASSES[truth], CLASSES[answer], count, share, tuple(index[surest].tolist())))
    return tuple(found)


def _measure_early(model: Model, test_set: TestSet[Any], names: Sequence[str]) -> dict[str, EarlyAcceptance]:
    if test_set.drawings is None or not model.early_thresholds:
        return {}
    watched = predict_partial(model, test_set.drawings)
    return {name: compute_early_figures(watched, name, model.early_thresholds.get(name, {})) for name in names}


def _measure_latency(model: Model, test_set: TestSet[Any]) -> Latency:
    chosen = np.random.default_rng(62).permutation(len(test_set))[:_TIMED].tolist()
    model.compute_scores(test_set.prepare(test_set.raw[chosen[0]])[0])  # the first call builds what the others use
    taken = []
    for i in chosen:
        raw = test_set.raw[i]
        begun = time.perf_counter()
        model.compute_scores(test_set.prepare(raw)[0])
        taken.append(1000 * (time.perf_counter() - begun))
    p50, p95 = np.percentile(taken, [50, 95]).tolist()
    return Latency(p50, p95, len(taken))
