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
from training.evaluation.acceptance import Acceptance, acceptance_curve
from training.evaluation.early import Early, early_figures, watch
from training.evaluation.metrics import (
    Bin,
    Figures,
    Floats,
    Ints,
    Reading,
    figures,
    judged_alphabets,
    look_alike_matrix,
    masked,
    predict,
    reliability,
)
from training.evaluation.test_sets import Exam
from training.recipes.data_mix import Samples

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
class Judgement:
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
    taught_from: bool
    widest: str
    by_alphabet: dict[str, Figures]
    by_character: tuple[CharacterFigures, ...]
    confusions: tuple[Confusion, ...]
    reliability: dict[str, tuple[Bin, ...]]
    acceptance: dict[str, tuple[Acceptance, ...]]
    early: dict[str, Early]
    latency: Latency


class NothingToJudge(Exception):
    """No sample of the exam is of an alphabet that the model knows."""


def judge(model: Model, exam: Exam[Any]) -> Judgement:
    """Judge a model.

    Raises:
        NothingToJudge: if none of the samples is of an alphabet that it knows.
    """
    names = judged_alphabets(model.classes, exam.labels)
    if not names:
        raise NothingToJudge(
            f"{model.card['version']} knows {model.classes}, and nothing of it is in {exam.title}."
        )
    reading, labels, widest = predict(model, exam.images), exam.labels, names[0]
    taught = {file for source in model.card.get("data", ()) for file in source.get("files", ())}
    return Judgement(
        version=str(model.card["version"]),
        parameters=int(model.card.get("parameters", 0)),
        taught_from=not taught.isdisjoint(exam.files),
        widest=widest,
        by_alphabet={name: figures(reading, labels, name) for name in names},
        by_character=_by_character(reading, labels, widest),
        confusions=_confusions(reading, labels, widest),
        reliability={name: reliability(*_sure_and_right(reading, labels, name)) for name in names},
        acceptance={name: tuple(acceptance_curve(reading, labels, name)) for name in names},
        early=_early(model, exam, names),
        latency=_latency(model, exam),
    )


def card_figures(model: Model, samples: Samples) -> dict[str, Any]:
    """Return what a card says of how well a model reads: figures by alphabet and by character."""
    reading, labels = predict(model, samples.seen()), samples.labels
    names = judged_alphabets(model.classes, labels)
    return {
        "by_alphabet": {name: _rounded(asdict(figures(reading, labels, name))) for name in names},
        "by_character": [_rounded(asdict(one)) for one in _by_character(reading, labels, names[0])],
    }


def _rounded(shares: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, _PLACES) if isinstance(v, float) else v for k, v in shares.items()}


def _sure_and_right(reading: Reading, labels: Ints, alphabet: str) -> tuple[Floats, npt.NDArray[np.bool_]]:
    _, among, truth = masked(reading, labels, alphabet)
    return among.max(axis=1), among.argmax(axis=1) == truth


def _read(reading: Reading, labels: Ints, alphabet: str) -> tuple[Ints, Ints, Floats, Ints]:
    """Return classes read, classes drawn, how sure the model was, and indices, of the alphabet's samples."""
    members, among, truth = masked(reading, labels, alphabet)
    (index,) = np.isin(labels, members).nonzero()
    return members[among.argmax(axis=1)], members[truth], among.max(axis=1), index


def _by_character(reading: Reading, labels: Ints, widest: str) -> tuple[CharacterFigures, ...]:
    read, drawn, _, _ = _read(reading, labels, widest)
    alike = look_alike_matrix(widest)
    alone: dict[int, float] = {}
    for name, members in (("digits", DIGITS), ("upper", UPPER), ("lower", LOWER)):
        if set(members) & {CLASSES[label] for label in np.unique(drawn)}:
            in_kind, truth, _, _ = _read(reading, labels, name)
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


def _confusions(reading: Reading, labels: Ints, widest: str) -> tuple[Confusion, ...]:
    read, drawn, sure, index = _read(reading, labels, widest)
    wrong = ~look_alike_matrix(widest)[drawn, read]
    pairs = Counter(zip(drawn[wrong].tolist(), read[wrong].tolist(), strict=True))
    found = []
    for (truth, answer), count in pairs.most_common(_CONFUSIONS):
        (cases,) = ((drawn == truth) & (read == answer)).nonzero()
        surest = cases[np.argsort(-sure[cases], kind="stable")][:_EXAMPLES]
        share = count / int((drawn == truth).sum())
        found.append(Confusion(CLASSES[truth], CLASSES[answer], count, share, tuple(index[surest].tolist())))
    return tuple(found)


def _early(model: Model, exam: Exam[Any], names: Sequence[str]) -> dict[str, Early]:
    if exam.drawings is None or not model.early:
        return {}
    watched = watch(model, exam.drawings)
    return {name: early_figures(watched, name, model.early.get(name, {})) for name in names}


def _latency(model: Model, exam: Exam[Any]) -> Latency:
    chosen = np.random.default_rng(62).permutation(len(exam))[:_TIMED].tolist()
    model.compute_scores(exam.prepare(exam.raw[chosen[0]])[0])  # the first call builds what the others use
    taken = []
    for i in chosen:
        raw = exam.raw[i]
        begun = time.perf_counter()
        model.compute_scores(exam.prepare(raw)[0])
        taken.append(1000 * (time.perf_counter() - begun))
    p50, p95 = np.percentile(taken, [50, 95]).tolist()
    return Latency(p50, p95, len(taken))
