"""What a player gains who lies about their drawings: ``python -m tests.bench.lying_hand --data FOLDER``.

Liars draw one thing, and say that it is another. What they draw is a real character of another class, or a shape
that is no character. Each liar is tried with the model alone, in a ranked game, where hits alone are remembered,
and where what they say is remembered too.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

import msgspec
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from game.rules import scoring, tuning
from game.rules.hand import should_remember
from game.rules.scoring import Pen
from recognition import Hand, RecognitionError, Recognizer
from recognition.alphabets import get_characters, get_look_alikes
from tests.bench.data import load_people, parse_people_options
from tests.bench.json_output import print_json
from tests.strokes import Drawing, Sample

ROUNDS: Final = 8
"""How often a liar is asked for each character."""
ALPHABETS: Final = ("digits", "lower", "any")
_PEOPLE: Final = 12
"""How many people's drawings liars use. With all of them it takes half an hour and says the same."""
_DRIFTS: Final = 2  # other characters that each one goes to
_STEPS: Final = 9  # drawings on the way from one character to another

Draw = Callable[[Random], Drawing]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of liar gets. Shares are of the rounds in which another character was asked for.

    Attributes:
        liar: the kind.
        alphabet: the alphabet in play.
        rounds: how many were played.
        alone: hits with the model alone.
        ranked: hits where hits alone are remembered.
        labeled: hits where labels are remembered too.
    """

    liar: str
    alphabet: str
    rounds: int
    alone: float
    ranked: float
    labeled: float


class Player:
    """A player in a game, and what is remembered of them."""

    def __init__(self, recognizer: Recognizer, alphabet: str, *, learns_hits: bool, learns_labels: bool) -> None:
        self._recognizer = recognizer
        self._alphabet = alphabet
        self._learns_hits = learns_hits
        self._learns_labels = learns_labels
        self._entries: dict[str, list[bytes]] = defaultdict(list)

    def draw(self, drawing: Drawing, target: str) -> bool:
        """Draw once, say that it is the target, and return whether it was a hit."""
        prediction = self._recognizer.recognize(drawing, self._alphabet, self._make_hand())
        is_hit = (
            scoring.is_drawn(drawing)
            and scoring.is_hit(prediction, target, self._alphabet, Pen.RESTING)
            and scoring.may_hand_decide(prediction, target, self._alphabet, drawing)
        )
        learns = self._learns_labels or (self._learns_hits and is_hit)
        if learns and prediction.features and should_remember(prediction, target):
            self._entries[target].insert(0, prediction.features)
        return is_hit

    def _make_hand(self) -> Hand:
        return Hand((label, features) for label, of_label in self._entries.items() for features in of_label)


def draw_dot(rng: Random) -> Drawing:
    """Return a small circle, larger than a tap."""
    size = rng.uniform(1.1, 3) * tuning.LEAST_EXTENT / 2
    x, y = rng.uniform(300, 700), rng.uniform(300, 700)
    angles = [2 * math.pi * step / 12 for step in range(14)]
    return [[(round(x + size * math.cos(a)), round(y + size * math.sin(a))) for a in angles]]


def draw_line(rng: Random) -> Drawing:
    """Return a line, nearly upright."""
    slant = rng.uniform(-60, 60)
    return [[(round(500 + slant * step / 12), round(200 + 600 * step / 12)) for step in range(13)]]


def draw_flat_line(rng: Random) -> Drawing:
    """Return a line, nearly level."""
    return [[(y, x) for x, y in stroke] for stroke in draw_line(rng)]


def draw_zigzag(rng: Random) -> Drawing:
    """Return a line that goes up and down, eight times."""
    return [
        [
            (150 + 90 * step + rng.randint(-9, 9), 300 + 400 * (step % 2) + rng.randint(-30, 30))
            for step in range(9)
        ]
    ]


def draw_spiral(rng: Random) -> Drawing:
    """Return a spiral of three turns."""
    turn = rng.uniform(0, 0.5)
    return [
        [
            (
                round(500 + 8 * step * math.cos(turn + 0.4 * step)),
                round(500 + 8 * step * math.sin(turn + 0.4 * step)),
            )
            for step in range(48)
        ]
    ]


SHAPES: Final[dict[str, Draw]] = {
    "a dot for everything": draw_dot,
    "an upright line for everything": draw_line,
    "a level line for everything": draw_flat_line,
    "a zigzag for everything": draw_zigzag,
    "a spiral for everything": draw_spiral,
}


def play_shape(recognizer: Recognizer, draw: Draw, alphabet: str, *, hits: bool, labels: bool) -> list[bool]:
    """Draw the same shape for every character, again and again, and return which of these were hits."""
    rng = Random(1)  # noqa: S311 - no secrets here
    player = Player(recognizer, alphabet, learns_hits=hits, learns_labels=labels)
    return [player.draw(draw(rng), target) for _ in range(ROUNDS) for target in get_characters(alphabet)]


def play_swap(
    recognizer: Recognizer, people: Sequence[Sequence[Sample]], alphabet: str, *, hits: bool, labels: bool
) -> list[bool]:
    """Let each person draw a character for the one it resembles most, and return which of these were hits."""
    results = []
    for samples in people:
        by_label: dict[str, list[Drawing]] = defaultdict(list)
        for sample in samples:
            if sample.label in get_characters(alphabet):
                by_label[sample.label].append(sample.place())
        for label, drawings in by_label.items():
            others = [c for c in get_characters(alphabet) if c not in get_look_alikes(label, alphabet)]
            first = recognizer.recognize(drawings[0], alphabet)
            target = max(others, key=first.get_probability)
            player = Player(recognizer, alphabet, learns_hits=hits, learns_labels=labels)
            results += [player.draw(drawing, target) for drawing in drawings[:ROUNDS]]
    return results


def play_drift(
    recognizer: Recognizer, people: Sequence[Sequence[Sample]], alphabet: str, *, hits: bool, labels: bool
) -> list[bool]:
    """Go from each character with one stroke to others, step by step, and return whether the last one is a hit.

    Each step is drawn for the first character. The last is a plain drawing of the other one.
    """
    rng = Random(1)  # noqa: S311 - no secrets here
    results = []
    for samples in people:
        by_label = {s.label: s for s in samples if s.label in get_characters(alphabet) and len(s.strokes) == 1}
        for label, sample in by_label.items():
            others = [s for s in by_label.values() if s.label not in get_look_alikes(label, alphabet)]
            for other in rng.sample(others, min(_DRIFTS, len(others))):
                player = Player(recognizer, alphabet, learns_hits=hits, learns_labels=labels)
                steps = [mix(sample.place(), other.place(), step / (_STEPS - 1)) for step in range(_STEPS)]
                for drawing in steps[:-1]:
                    player.draw(drawing, label)
                results.append(player.draw(steps[-1], label))
    return results


def mix(first: Drawing, last: Drawing, share: float, points: int = 32) -> Drawing:
    """Return a drawing with one stroke on the way from one to another, 0 to 1."""
    return [
        [
            (round(x0 + share * (x1 - x0)), round(y0 + share * (y1 - y0)))
            for (x0, y0), (x1, y1) in zip(_resample(first[0], points), _resample(last[0], points), strict=True)
        ]
    ]


def _resample(stroke: Sequence[tuple[int, int]], points: int) -> list[tuple[int, int]]:
    return [stroke[round(number * (len(stroke) - 1) / (points - 1))] for number in range(points)]


def measure(people: Sequence[Sequence[Sample]], recognizer: Recognizer, console: Console) -> list[Row]:
    """Try every liar in every alphabet."""
    plays: dict[str, Callable[..., list[bool]]] = {
        **{
            name: lambda alphabet, draw=draw, **learns: play_shape(recognizer, draw, alphabet, **learns)
            for name, draw in SHAPES.items()
        },
        "a character for the one it resembles most": lambda alphabet, **learns: play_swap(
            recognizer, people, alphabet, **learns
        ),
        "a character that drifts to another": lambda alphabet, **learns: play_drift(
            recognizer, people, alphabet, **learns
        ),
    }
    rows = []
    for name, alphabet in track(
        [(name, alphabet) for name in plays for alphabet in ALPHABETS], "Lying…", console=console
    ):
        alone, ranked, labeled = (
            plays[name](alphabet, hits=hits, labels=labels)
            for hits, labels in ((False, False), (True, False), (True, True))
        )
        rows.append(
            Row(
                liar=name,
                alphabet=alphabet,
                rounds=len(alone),
                alone=sum(alone) / len(alone),
                ranked=sum(ranked) / len(ranked),
                labeled=sum(labeled) / len(labeled),
            )
        )
    return rows


def print_rows(rows: Sequence[Row], console: Console) -> None:
    """Print a table that Markdown reads too."""
    table = Table(box=box.MARKDOWN, title="Hits of liars, in % of their rounds")
    for heading in ("draws", "alphabet in play"):
        table.add_column(heading)
    for heading in ("rounds", "model alone", "hits remembered", "labels too"):
        table.add_column(heading, justify="right")
    for row in rows:
        shares = [f"{100 * share:.1f}" for share in (row.alone, row.ranked, row.labeled)]
        table.add_row(row.liar, row.alphabet, f"{row.rounds:,}", *shares)
    console.print(table)


def main() -> int:
    """Measure, print the results, and return the exit status."""
    options = parse_people_options("python -m tests.bench.lying_hand", __doc__)
    errors = Console(stderr=True)
    try:
        rows = measure(load_people(options.data, options.people)[:_PEOPLE], Recognizer.load(), errors)
    except (OSError, RecognitionError) as error:
        errors.print(f"[red]{error}[/red]")
        return 1
    if options.json:
        print_json(rows)
    else:
        print_rows(rows, Console(width=160))
    return 0


if __name__ == "__main__":
    sys.exit(main())
