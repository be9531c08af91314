"""How much better a player is read whose hand is known: ``python -m tests.bench.own_hand --data FOLDER``.

Of each person and character, the first half of the drawings may be learned, and the second half is read: with the
character's own alphabet in play, where only the exact character is right, and with everything in play, where its
look-alikes are right too. `tests.bench.lying_hand` measures what a player gains who lies.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import msgspec
import numpy as np
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from game.rules import scoring
from game.rules.hand import should_remember
from game.rules.scoring import Pen
from recognition import Hand, RecognitionError, Recognizer
from recognition.alphabets import ALPHABETS, CLASSES, get_look_alikes
from tests.bench.data import load_people, parse_people_options
from tests.bench.json_output import print_json
from tests.strokes import Drawing, Sample, get_own_alphabet
from training.evaluation.metrics import compute_calibration_error

Lesson = tuple[Drawing, str]
"""A drawing and its label, right or wrong."""


@dataclass(frozen=True, slots=True)
class Person:
    """The drawings of one person.

    Attributes:
        rounds: those that may be learned: the first of each character, the second of each, and so on.
        tested: those that are read.
    """

    rounds: tuple[tuple[Sample, ...], ...]
    tested: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What is learned.

    Attributes:
        title: says so.
        rounds: how many drawings of each character.
        wrong: share of the labels that are wrong.
        hits_only: learn only what was a hit, as in a ranked game.
        part: learn only every second character, beginning with the first (0) or the second (1).
    """

    title: str
    rounds: int
    wrong: float = 0.0
    hits_only: bool = False
    part: int | None = None


CASES: Final = (
    *(Case(f"{rounds} a character", rounds) for rounds in (0, 1, 2, 4, 8)),
    Case("8, of these 5 % with wrong labels", 8, wrong=0.05),
    Case("8, of these 20 % with wrong labels", 8, wrong=0.2),
    Case("hits alone, up to 8", 8, hits_only=True),
    Case("8 of every second character", 8, part=0),
    Case("8 of the other characters", 8, part=1),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one drawing was read.

    Attributes:
        person: the number of the person.
        is_known: whether the hand has its character.
        own: whether it was read right with its own alphabet in play.
        own_confidence: of that.
        any: whether it was read right with everything in play.
        any_confidence: of that.
    """

    person: int
    is_known: bool
    own: bool
    own_confidence: float
    any: bool
    any_confidence: float


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """The readings of one case. Shares of 1; those of people compare with no hand.

    Attributes:
        title: the case.
        drawings: how many were read.
        own: share read right with the own alphabet in play.
        own_better: people who were read better.
        own_worse: people who were read worse.
        own_least: the change of the person who lost most, or gained least.
        own_calibration: expected calibration error.
        any: as ``own``, with everything in play and look-alikes accepted.
        any_better: as ``own_better``.
        any_worse: as ``own_worse``.
        any_least: as ``own_least``.
        any_calibration: as ``own_calibration``.
    """

    title: str
    drawings: int
    own: float
    own_better: int
    own_worse: int
    own_least: float
    own_calibration: float
    any: float
    any_better: int
    any_worse: int
    any_least: float
    any_calibration: float


def split_person(samples: Sequence[Sample]) -> Person:
    """Return a person's drawings, half of each character to learn and half to read."""
    by_label: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_label[sample.label].append(sample)
    learned = [of_label[: len(of_label) // 2] for of_label in by_label.values()]
    rounds = [
        tuple(of_label[number] for of_label in learned if number < len(of_label))
        for number in range(max(map(len, learned)))
    ]
    tested = [sample for of_label in by_label.values() for sample in of_label[len(of_label) // 2 :]]
    return Person(tuple(rounds), tuple(tested))


def learn(person: Person, case: Case, recognizer: Recognizer, rng: Random) -> Hand:
    """Return the hand of a person in one case, remembering what the game would."""
    labels = sorted({sample.label for sample in person.tested})
    lessons: list[Lesson] = []
    for samples in person.rounds[: case.rounds]:
        hand = recognizer.make_hand(lessons) if case.hits_only else None
        for sample in samples:
            if case.part is not None and CLASSES.index(sample.label) % 2 != case.part:
                continue
            label = rng.choice(labels) if rng.random() < case.wrong else sample.label
            drawing = sample.place()
            alphabet = get_own_alphabet(label)
            prediction = recognizer.recognize(drawing, alphabet, hand)
            if case.hits_only and not (
                scoring.is_hit(prediction, label, alphabet, Pen.RESTING)
                and scoring.may_hand_decide(prediction, label, alphabet, drawing)
            ):
                continue
            if should_remember(prediction, label):
                lessons.append((drawing, label))
    return recognizer.make_hand(lessons)


def read(number: int, person: Person, hand: Hand, known: set[str], recognizer: Recognizer) -> Iterator[Reading]:
    """Yield how each tested drawing of a person is read.

    Args:
        number: the number of the person.
        person: the drawings.
        hand: what is remembered.
        known: the characters in it.
        recognizer: reads them.
    """
    drawings = [sample.place() for sample in person.tested]
    among_all = recognizer.recognize_many(drawings, "any", hand)
    own = {
        place: prediction
        for alphabet in ("digits", "upper", "lower")
        if (places := [n for n, sample in enumerate(person.tested) if sample.label in ALPHABETS[alphabet]])
        for place, prediction in zip(
            places, recognizer.recognize_many([drawings[n] for n in places], alphabet, hand), strict=True
        )
    }
    for place, (sample, prediction) in enumerate(zip(person.tested, among_all, strict=True)):
        yield Reading(
            person=number,
            is_known=sample.label in known,
            own=own[place].label == sample.label,
            own_confidence=own[place].confidence,
            any=prediction.label in get_look_alikes(sample.label, "any"),
            any_confidence=prediction.get_probability(get_look_alikes(prediction.label, "any")),
        )


def measure(people: Sequence[Person], recognizer: Recognizer, console: Console) -> list[Row]:
    """Measure all cases."""
    by_case: dict[str, list[Reading]] = {}
    for case in track(CASES, "Learning and reading…", console=console):
        rng = Random(1)  # noqa: S311 - no secrets here
        by_case[case.title] = [
            reading
            for number, person in enumerate(people)
            for reading in read_case(number, person, case, recognizer, rng)
        ]
    bare = by_case[CASES[0].title]
    rows = [summarize(case.title, by_case[case.title], bare) for case in CASES if case.part is None]
    halves = [
        (reading, before)
        for case in CASES
        if case.part is not None
        for reading, before in zip(by_case[case.title], bare, strict=True)
    ]
    for title, is_known in (("half of the characters drawn: these", True), ("those never drawn", False)):
        pairs = [pair for pair in halves if pair[0].is_known == is_known]
        before = [pair[1] for pair in pairs]
        rows.append(summarize(f"{title}, without a hand", before, before))
        rows.append(summarize(title, [pair[0] for pair in pairs], before))
    return rows


def read_case(number: int, person: Person, case: Case, recognizer: Recognizer, rng: Random) -> Iterator[Reading]:
    """Yield how a person's drawings are read in one case."""
    hand = learn(person, case, recognizer, rng)
    yield from read(number, person, hand, set(hand.labels), recognizer)


def summarize(title: str, readings: Sequence[Reading], before: Sequence[Reading]) -> Row:
    """Return the row of a case, given the same drawings read without a hand."""
    own = _compare([r.person for r in readings], [r.own for r in readings], [r.own for r in before])
    among_all = _compare([r.person for r in readings], [r.any for r in readings], [r.any for r in before])
    return Row(
        title=title,
        drawings=len(readings),
        own=float(np.mean([reading.own for reading in readings])),
        own_better=own[0],
        own_worse=own[1],
        own_least=own[2],
        own_calibration=_measure_calibration(
            [reading.own_confidence for reading in readings], [reading.own for reading in readings]
        ),
        any=float(np.mean([reading.any for reading in readings])),
        any_better=among_all[0],
        any_worse=among_all[1],
        any_least=among_all[2],
        any_calibration=_measure_calibration(
            [reading.any_confidence for reading in readings], [reading.any for reading in readings]
        ),
    )


def _compare(people: Sequence[int], after: Sequence[bool], before: Sequence[bool]) -> tuple[int, int, float]:
    """Return how many people were read better, how many worse, and the least change."""
    changes = np.array(after, np.float64) - np.array(before, np.float64)
    counts = np.bincount(people)
    of_people = (np.bincount(people, changes) / np.maximum(counts, 1))[counts > 0]
    return int((of_people > 0).sum()), int((of_people < 0).sum()), float(of_people.min())


def _measure_calibration(confidences: Sequence[float], is_right: Sequence[bool]) -> float:
    return compute_calibration_error(np.minimum(confidences, 1 - 1e-9), np.array(is_right))


def print_rows(rows: Sequence[Row], people: int, console: Console) -> None:
    """Print a table that Markdown reads too."""
    table = Table(box=box.MARKDOWN, title=f"{people} people. In %; look-alikes are accepted among everything")
    table.add_column("learned")
    for alphabet in ("own alphabet", "everything"):
        for heading in (alphabet, "people better / worse", "least change", "calibration error"):
            table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            row.title,
            f"{100 * row.own:.2f}",
            f"{row.own_better} / {row.own_worse}",
            f"{100 * row.own_least:+.1f}",
            f"{100 * row.own_calibration:.1f}",
            f"{100 * row.any:.2f}",
            f"{row.any_better} / {row.any_worse}",
            f"{100 * row.any_least:+.1f}",
            f"{100 * row.any_calibration:.1f}",
        )
    console.print(table)


def main() -> int:
    """Measure, print the results, and return the exit status."""
    options = parse_people_options("python -m tests.bench.own_hand", __doc__)
    errors = Console(stderr=True)
    try:
        people = [split_person(samples) for samples in load_people(options.data, options.people)]
        rows = measure(people, Recognizer.load(), errors)
    except (OSError, RecognitionError) as error:
        errors.print(f"[red]{error}[/red]")
        return 1
    if options.json:
        print_json(rows)
    else:
        print_rows(rows, len(people), Console(width=200))
    return 0


if __name__ == "__main__":
    sys.exit(main())
