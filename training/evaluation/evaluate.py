"""Evaluates a model on a test set: figures, confusions, reliability, acceptance and latency."""

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
from training.datasets.strokes import StrokeSet
from training.errors import TrainingError
from training.evaluation.acceptance import Acceptance, compute_acceptance_curve
from training.evaluation.early import EarlyAcceptance, compute_early_figures, predict_partial
from training.evaluation.lifted import (
    LiftedAcceptance,
    compute_lifted_figures,
    measure_beginnings,
    predict_lifted,
)
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

_TIMED: Final = 500  # samples that the latency is measured on
_CONFUSIONS: Final = 10
_EXAMPLES: Final = 6
_PLACES: Final = 5  # decimal places of a share


@dataclass(frozen=True, slots=True)
class CharacterFigures:
    """How well one character is read; shares of 1.

    Attributes:
        samples: the number of samples.
        alone: share read right in the alphabet of its kind: digits, uppercase or lowercase letters.
        folded: share read right or as a look-alike, in the widest alphabet.
        mistaken_for: what it is most often misread as in the widest alphabet, apart from look-alikes; may be
            empty.
    """

    character: str
    samples: int
    alone: float
    folded: float
    mistaken_for: str


@dataclass(frozen=True, slots=True)
class Confusion:
    """Samples of one character that were read as another, which is not a look-alike.

    Attributes:
        truth: the character of the samples.
        read_as: the character that was read.
        count: how often.
        share: share of all samples of ``truth``.
        examples: indices of the samples that the model was surest of, surest first.
    """

    truth: str
    read_as: str
    count: int
    share: float
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WriterFigures:
    """How well one person's drawings are read in an alphabet.

    Attributes:
        writer: the number of the person in the set.
        samples: the number of drawings of the alphabet's characters.
        folded: share read right or as a look-alike.
    """

    writer: int
    samples: int
    folded: float


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from a raw sample to the scores, one sample at a time on one core."""

    p50: float
    p95: float
    samples: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of evaluating one model on a test set.

    Attributes:
        version: the model's version.
        parameters: the number of weights in the model.
        trained_on_it: whether the model was trained on the very file that the test set comes from.
        widest: the widest alphabet that the model knows; characters and confusions are measured in it.
        by_alphabet: figures for each alphabet that the model knows and the samples contain.
        by_character: figures for each character that the samples contain, in label order.
        by_writer: figures for each writer, worst first, by alphabet; empty for pictures.
        confusions: the most frequent confusions, most frequent first.
        reliability: bins of confidence, by alphabet.
        acceptance: what each threshold does, by alphabet.
        early: what happens if drawings are accepted before they are finished, by alphabet; empty for pictures.
        lifted: what happens if drawings are taken when the pen is lifted, by alphabet; empty for pictures.
        latency: how long one sample takes.
    """

    version: str
    parameters: int
    trained_on_it: bool
    widest: str
    by_alphabet: dict[str, Figures]
    by_character: tuple[CharacterFigures, ...]
    by_writer: dict[str, tuple[WriterFigures, ...]]
    confusions: tuple[Confusion, ...]
    reliability: dict[str, tuple[Bin, ...]]
    acceptance: dict[str, tuple[Acceptance, ...]]
    early: dict[str, EarlyAcceptance]
    lifted: dict[str, LiftedAcceptance]
    latency: Latency


class NothingToEvaluate(TrainingError):
    """No sample of the test set is in an alphabet that the model knows."""


def evaluate(model: Model, test_set: TestSet[Any]) -> Evaluation:
    """Evaluate a model on a test set.

    Raises:
        NothingToEvaluate: if none of the samples is in an alphabet that the model knows.
    """
    names = find_alphabets(model.classes, test_set.labels)
    if not names:
        raise NothingToEvaluate(
            f"{model.card['version']} knows only {model.classes}, and there is none of these in {test_set.title}."
        )
    output, labels, widest = predict(model, test_set.images), test_set.labels, names[0]
    trained_on = {file for source in model.card.get("data", ()) for file in source.get("files", ())}
    return Evaluation(
        version=str(model.card["version"]),
        parameters=int(model.card.get("parameters", 0)),
        trained_on_it=not trained_on.isdisjoint(test_set.files),
        widest=widest,
        by_alphabet={name: compute_figures(output, labels, name) for name in names},
        by_character=_measure_characters(output, labels, widest),
        by_writer=_measure_writers(output, test_set, names),
        confusions=_find_confusions(output, labels, widest),
        reliability={name: compute_reliability(*_compute_confidence(output, labels, name)) for name in names},
        acceptance={name: tuple(compute_acceptance_curve(output, labels, name)) for name in names},
        early=_measure_early(model, test_set, names),
        lifted=_measure_lifted(model, test_set, names),
        latency=_measure_latency(model, test_set),
    )


def compute_card_figures(model: Model, samples: Samples) -> dict[str, Any]:
    """Return the figures for a model's card, by alphabet and by character.

    Those of drawings also tell, by alphabet and character, how often a drawing that is read as the character when
    the pen is lifted is the beginning of another one.
    """
    output, labels = predict(model, samples.to_images()), samples.labels
    names = find_alphabets(model.classes, labels)
    figures = {
        "by_alphabet": {name: _round_shares(asdict(compute_figures(output, labels, name))) for name in names},
        "by_character": [
            _round_shares(asdict(figures)) for figures in _measure_characters(output, labels, names[0])
        ],
    }
    if isinstance(samples, StrokeSet):
        lifted = predict_lifted(model, samples)
        figures["begins_another"] = {name: _round_shares(measure_beginnings(lifted, name)) for name in names}
    return figures


def _round_shares(shares: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, _PLACES) if isinstance(v, float) else v for k, v in shares.items()}


def _compute_confidence(output: ModelOutput, labels: Ints, alphabet: str) -> tuple[Floats, npt.NDArray[np.bool_]]:
    _, among, truth = mask_alphabet(output, labels, alphabet)
    return among.max(axis=1), among.argmax(axis=1) == truth


def _read_classes(output: ModelOutput, labels: Ints, alphabet: str) -> tuple[Ints, Ints, Floats, Ints]:
    """Return, for the alphabet's samples: classes read, true classes, confidences, and indices."""
    members, among, truth = mask_alphabet(output, labels, alphabet)
    (index,) = np.isin(labels, members).nonzero()
    return members[among.argmax(axis=1)], members[truth], among.max(axis=1), index


def _measure_characters(output: ModelOutput, labels: Ints, widest: str) -> tuple[CharacterFigures, ...]:
    read, drawn, _, _ = _read_classes(output, labels, widest)
    look_alikes = make_look_alike_matrix(widest)
    alone: dict[int, float] = {}
    for name, members in (("digits", DIGITS), ("upper", UPPER), ("lower", LOWER)):
        if set(members) & {CLASSES[label] for label in np.unique(drawn)}:
            in_kind, truth, _, _ = _read_classes(output, labels, name)
            alone |= {c: float((in_kind[truth == c] == c).mean()) for c in np.unique(truth).tolist()}
    characters = []
    for label in np.unique(drawn).tolist():
        answers = read[drawn == label]
        wrong = Counter(answers[~look_alikes[label][answers]].tolist())
        characters.append(
            CharacterFigures(
                character=CLASSES[label],
                samples=len(answers),
                alone=alone[label],
                folded=float(look_alikes[label][answers].mean()),
                mistaken_for=CLASSES[wrong.most_common(1)[0][0]] if wrong else "",
            )
        )
    return tuple(characters)


def _measure_writers(
    output: ModelOutput, test_set: TestSet[Any], names: Sequence[str]
) -> dict[str, tuple[WriterFigures, ...]]:
    if test_set.drawings is None:
        return {}
    by_writer = {}
    for name in names:
        read, drawn, _, index = _read_classes(output, test_set.labels, name)
        is_right, writers = make_look_alike_matrix(name)[drawn, read], test_set.drawings.writers[index]
        figures = [
            WriterFigures(writer, int((writers == writer).sum()), float(is_right[writers == writer].mean()))
            for writer in np.unique(writers).tolist()
        ]
        by_writer[name] = tuple(sorted(figures, key=lambda of_writer: of_writer.folded))
    return by_writer


def _find_confusions(output: ModelOutput, labels: Ints, widest: str) -> tuple[Confusion, ...]:
    read, drawn, sure, index = _read_classes(output, labels, widest)
    wrong = ~make_look_alike_matrix(widest)[drawn, read]
    pairs = Counter(zip(drawn[wrong].tolist(), read[wrong].tolist(), strict=True))
    confusions = []
    for (truth, answer), count in pairs.most_common(_CONFUSIONS):
        (cases,) = ((drawn == truth) & (read == answer)).nonzero()
        surest = cases[np.argsort(-sure[cases], kind="stable")][:_EXAMPLES]
        share = count / int((drawn == truth).sum())
        confusions.append(Confusion(CLASSES[truth], CLASSES[answer], count, share, tuple(index[surest].tolist())))
    return tuple(confusions)


def _measure_early(model: Model, test_set: TestSet[Any], names: Sequence[str]) -> dict[str, EarlyAcceptance]:
    if test_set.drawings is None or not model.early_thresholds:
        return {}
    outputs = predict_partial(model, test_set.drawings)
    return {name: compute_early_figures(outputs, name, model.early_thresholds.get(name, {})) for name in names}


def _measure_lifted(model: Model, test_set: TestSet[Any], names: Sequence[str]) -> dict[str, LiftedAcceptance]:
    if test_set.drawings is None or not model.lifted_thresholds:
        return {}
    outputs = predict_lifted(model, test_set.drawings)
    return {name: compute_lifted_figures(outputs, name, model.lifted_thresholds.get(name, {})) for name in names}


def _measure_latency(model: Model, test_set: TestSet[Any]) -> Latency:
    chosen = np.random.default_rng(62).permutation(len(test_set))[:_TIMED].tolist()
    model.compute_scores(test_set.prepare(test_set.raw[chosen[0]])[0])  # the first call sets up the interpreter
    times = []
    for i in chosen:
        raw = test_set.raw[i]
        started = time.perf_counter()
        model.compute_scores(test_set.prepare(raw)[0])
        times.append(1000 * (time.perf_counter() - started))
    p50, p95 = np.percentile(times, [50, 95]).tolist()
    return Latency(p50, p95, len(times))
