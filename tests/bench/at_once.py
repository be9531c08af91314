"""How soon hits come, and how many come too soon: ``python -m tests.bench.at_once --data FOLDER``.

Plays rounds by the game's own rules on a simulated clock, with the drawings of people whom the model was not
trained on. Each drawing is drawn for its own character, and for every other one that is not a look-alike: with a
client that says when the pen is lifted, and with one that does not. `tests.bench.bot` plays over a real socket.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from random import Random
from types import MappingProxyType
from typing import Any, Final

import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from game.rules.challenge import Challenge, RoundResult
from game.rules.moves import AddPoints
from recognition import Hand, Prediction, RecognitionError, Recognizer
from recognition.alphabets import ALPHABETS, get_characters, get_look_alikes
from tests.bench.data import add_data_option, load_samples, require_data
from tests.bench.hand import InkBatch, pace_drawing, place_randomly
from tests.bench.json_output import print_json
from tests.strokes import Sample, Samples

PATIENCE_MS: Final = 800
"""How long a finished drawing waits for its hit."""
ABSENT_SHARE: Final = 0.5
"""Share of the rounds in which another character is drawn than was asked for: far more than people do."""

NO_HANDS: Final[Mapping[int, Hand]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PacedDrawing:
    """A drawing in the messages that it is sent in, and what the model sees after each of them."""

    label: str
    batches: list[InkBatch]
    predictions: list[Prediction]


class AtOnceRow(msgspec.Struct, frozen=True, kw_only=True):
    """The rounds of one alphabet with one client. Shares are means over characters.

    Attributes:
        alphabet: the alphabet in play.
        says_lifts: whether the client says when the pen is lifted.
        drawings: how many were drawn.
        understood: share of the drawings that became a hit when their character was asked for.
        wait_ms: median time from the last point of such a hit to the hit.
        strokes_left: share of these hits that came before the last stroke was begun.
        on_the_way: of all hits, the share that was on its way to another character if every second drawing is of
            another character than was asked for.
    """

    alphabet: str
    says_lifts: bool
    drawings: int
    understood: float
    wait_ms: float
    strokes_left: float
    on_the_way: float


def pace_drawings(
    samples: Sequence[Sample],
    recognizer: Recognizer,
    alphabet: str,
    rng: Random,
    hands: Mapping[int, Hand] = NO_HANDS,
) -> Iterator[PacedDrawing]:
    """Yield each sample as a hand would draw it, somewhere on the pad.

    Args:
        samples: the drawings.
        recognizer: recognizes them while they grow.
        alphabet: the alphabet in play.
        rng: the chance in pace and place.
        hands: by person, what is remembered of them.
    """
    for sample in samples:
        batches = pace_drawing(place_randomly(sample, rng), rng)
        beginnings: list[list[list[tuple[int, int]]]] = []
        strokes: list[list[tuple[int, int]]] = []
        for batch in batches:
            added = list(zip(batch.points[::3], batch.points[1::3], strict=True))
            is_new = batch.stroke == len(strokes)
            strokes = [*strokes, added] if is_new else [*strokes[:-1], strokes[-1] + added]
            beginnings.append(strokes)
        yield PacedDrawing(
            sample.label, batches, recognizer.recognize_many(beginnings, alphabet, hands.get(sample.writer))
        )


def play_round(
    drawing: PacedDrawing, target: str, alphabet: str, *, says_lifts: bool
) -> tuple[RoundResult, int] | None:
    """Return the hit and when it came in ms, or None: the round of ``target`` in which ``drawing`` is drawn."""
    challenge = Challenge("practice", alphabet, repeat(target))
    challenge.begin(0)
    for batch, prediction in zip(drawing.batches, drawing.predictions, strict=True):
        at_ms = round(1000 * batch.at)
        if hit := _wait(challenge, at_ms):
            return hit
        challenge.move(AddPoints(1, batch.stroke, batch.points, up=batch.up and says_lifts), at_ms)
        if request := challenge.request_guess():
            challenge.take_guess(request, prediction)
        if result := challenge.settle(at_ms):
            return result, at_ms
    return _wait(challenge, at_ms + PATIENCE_MS)


def _wait(challenge: Challenge, until_ms: int) -> tuple[RoundResult, int] | None:
    wake_ms = challenge.wake_ms
    if wake_ms is None or wake_ms > until_ms:
        return None
    result = challenge.settle(wake_ms)
    return (result, wake_ms) if result else None


def measure(drawings: Sequence[PacedDrawing], alphabet: str, *, says_lifts: bool) -> AtOnceRow:
    """Play each drawing for each target."""
    understood: dict[str, list[bool]] = defaultdict(list)
    strokes_left: dict[str, list[bool]] = defaultdict(list)
    hits_for_others: dict[str, list[float]] = defaultdict(list)
    on_the_way: dict[str, list[float]] = defaultdict(list)
    waits = []
    for drawing in drawings:
        points = sum(len(batch.points) for batch in drawing.batches) // 3
        if hit := play_round(drawing, drawing.label, alphabet, says_lifts=says_lifts):
            result, at_ms = hit
            waits.append(at_ms - result.duration_ms)
            strokes_left[drawing.label].append(len(result.drawing) <= drawing.batches[-1].stroke)
        understood[drawing.label].append(hit is not None)
        others = [c for c in get_characters(alphabet) if c not in get_look_alikes(drawing.label, alphabet)]
        taken = [play_round(drawing, other, alphabet, says_lifts=says_lifts) for other in others]
        unfinished = [hit for hit in taken if hit and sum(len(xs) for xs, _, _ in hit[0].drawing) < points]
        hits_for_others[drawing.label].append(sum(hit is not None for hit in taken) / len(others))
        on_the_way[drawing.label].append(len(unfinished) / len(others))
    own, other, wrong = _average(understood), _average(hits_for_others), _average(on_the_way)
    hits = (1 - ABSENT_SHARE) * own + ABSENT_SHARE * other
    return AtOnceRow(
        alphabet=alphabet,
        says_lifts=says_lifts,
        drawings=len(drawings),
        understood=own,
        wait_ms=float(np.median(waits)),
        strokes_left=_average(strokes_left),
        on_the_way=ABSENT_SHARE * wrong / hits,
    )


def _average(by_character: dict[str, list[bool]] | dict[str, list[float]]) -> float:
    return float(np.mean([np.mean(shares) for shares in by_character.values()]))


def make_hands(samples: Samples, chosen: Sequence[Sample], recognizer: Recognizer) -> dict[int, Hand]:
    """Return, by person, what is remembered of their drawings that are not ``chosen``."""
    by_writer: dict[int, list[tuple[Sequence[Any], str]]] = defaultdict(list)
    is_chosen = set(map(id, chosen))
    for sample in samples:
        if id(sample) not in is_chosen:
            by_writer[sample.writer].append((sample.strokes, sample.label))
    return {writer: recognizer.make_hand(drawings) for writer, drawings in by_writer.items()}


def measure_alphabets(
    samples: Samples, recognizer: Recognizer, per_character: int, seed: int, *, has_hands: bool = False
) -> list[AtOnceRow]:
    """Measure each alphabet, with both clients and the same drawings."""
    rows = []
    for alphabet in ALPHABETS:
        rng = Random(seed)  # noqa: S311 - no secrets here
        chosen = [
            sample
            for character in get_characters(alphabet)
            for sample in rng.sample(samples.get(character), min(per_character, len(samples.get(character))))
        ]
        hands = make_hands(samples, chosen, recognizer) if has_hands else {}
        drawings = list(pace_drawings(chosen, recognizer, alphabet, rng, hands))
        rows += [measure(drawings, alphabet, says_lifts=says_lifts) for says_lifts in (False, True)]
    return rows


def print_rows(rows: Sequence[AtOnceRow], console: Console) -> None:
    """Print a table."""
    table = Table(title="Rounds with drawings of people the model was not trained on")
    table.add_column("alphabet")
    for heading in ("lifts", "drawings", "understood", "wait", "strokes left", "on the way"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            row.alphabet,
            "said" if row.says_lifts else "not said",
            f"{row.drawings:,}",
            f"{row.understood:.1%}",
            f"{row.wait_ms:.0f} ms",
            f"{row.strokes_left:.2%}",
            f"{row.on_the_way:.2%}",
        )
    console.print(table)
    console.print(
        "wait: median, from the last point to the hit, without the time for guessing and storing; "
        "strokes left: hits before the last stroke was begun; on the way: hits with the beginning of another "
        "character, if every second drawing is of another character than was asked for"
    )


def main() -> int:
    """Measure, print the results, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.at_once", description=__doc__)
    add_data_option(parser, is_required=True)
    parser.add_argument(
        "--per-character", type=int, default=40, help="drawings of each character (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--hands", action="store_true", help="let the recognizer know other drawings of each person"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    require_data(parser, options)
    errors = Console(stderr=True)
    try:
        with errors.status("Playing for some minutes…"):
            rows = measure_alphabets(
                load_samples(options.data),
                Recognizer.load(),
                options.per_character,
                options.seed,
                has_hands=options.hands,
            )
    except (OSError, RecognitionError) as error:
        errors.print(f"[red]{error}[/red]")
        return 1
    if options.json:
        print_json(rows)
    else:
        print_rows(rows, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())
