"""Games that honest people play as fast as they can, as traces of their hits and without a server.

Real drawings decide how much ink the model needs to understand them. Their recordings have no time stamps, so the
pace is that of a fast hand, and devices and networks are simulated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count as count_up
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt

from game.rules import scoring, tuning
from game.rules.plausibility import HitTrace, get_fast_hand_ms, trace_hit
from game.rules.scoring import Pen
from recognition import Recognizer
from tests.bench.hand import MESSAGE_GAP
from tests.strokes import Sample

LOOKS: Final = 8
"""The model looks at this many beginnings of each drawing, each longer by the same number of points."""
PACE_SPREAD: Final = 0.15
"""How much the time for drawings of the same length varies: the standard deviation of its logarithm."""
SHORTEST_MS: Final = 80
"""Time for a quick 1."""
LENGTH_WEIGHT: Final = 0.7
"""A drawing with twice the points takes 2 ** 0.7 times as long: people draw long lines faster."""
CLOCKS_MS: Final = (12_000, 30_000, tuning.DURATION_MS, tuning.LONGEST_MS)
"""How long games last. The short ones are those that players leave."""
SIZE: Final = 0.6
"""Longer side of a drawing on the pad. The same for all, so that repeats are most likely."""

PADS: Final = (1024, 300, 150)
"""Widths in pixels: a graphics tablet, a phone, and a very coarse screen."""

_MESSAGE_MS: Final = round(1000 * MESSAGE_GAP)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class KnownDrawing:
    """A real drawing and how the model reads it.

    Attributes:
        label: the character.
        amount: its points, relative to the median of its person's drawings of that kind.
        early: share of its points from which the model understands it while it is drawn; None if it never does.
        shapes: the hash of its shape on a pad that is as many pixels wide.
    """

    label: str
    amount: float
    early: float | None
    shapes: Mapping[int, int | None]

    def take_shape(self, shape: int) -> KnownDrawing:
        """Return a drawing that is like this one but for its shape."""
        return KnownDrawing(self.label, self.amount, self.early, dict.fromkeys(PADS, shape))


Person = dict[str, list[KnownDrawing]]
"""Drawings of one person by character. The model understands each of them once the pen rests."""


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody draws: pen times relative to a fast hand's, and the time in ms to read the prompt."""

    pace: float = 1.0
    reading_ms: tuple[float, float] = (150, 250)


@dataclass(frozen=True, slots=True)
class Device:
    """What a hand draws on: pixels across its pad, and the grain of its time stamps in ms."""

    pixels: int = 1024
    stamp_ms: float = 1


@dataclass(frozen=True, slots=True)
class Network:
    """What is between a player and the server.

    Attributes:
        one_way_ms: how long a message takes.
        jitter_ms: what is added on average.
        stall_share: share of rounds in which nothing gets through for a while, and then everything at once.
        stall_ms: how long that lasts on average.
    """

    one_way_ms: float = 1
    jitter_ms: float = 0
    stall_share: float = 0
    stall_ms: float = 0


def read_people(samples: Iterable[Sample], recognizer: Recognizer, per_character: int = 4) -> list[Person]:
    """Return the people who drew ``samples``, with at most so many drawings of each character.

    Drawings that the model does not understand are left out: they are no hits.
    """
    by_writer: dict[int, list[Sample]] = defaultdict(list)
    counts: dict[tuple[int, str], int] = defaultdict(int)
    for sample in samples:
        if counts[sample.writer, sample.label] < per_character:
            counts[sample.writer, sample.label] += 1
            by_writer[sample.writer].append(sample)
    return [_read_person(drawn, recognizer) for drawn in by_writer.values()]


def _read_person(samples: Sequence[Sample], recognizer: Recognizer) -> Person:
    counts: dict[int, list[int]] = defaultdict(list)
    for sample in samples:
        counts[get_fast_hand_ms(sample.label)].append(sample.point_count)
    person: Person = defaultdict(list)
    for sample in samples:
        usual = float(np.median(counts[get_fast_hand_ms(sample.label)]))
        if known := _read_drawing(sample, usual, recognizer):
            person[sample.label].append(known)
    return dict(person)


def _read_drawing(sample: Sample, usual_points: float, recognizer: Recognizer) -> KnownDrawing | None:
    strokes = sample.place()
    beginnings = [_take_first(strokes, sample.point_count * look // LOOKS) for look in range(1, LOOKS + 1)]
    alphabet = _find_own_alphabet(sample.label)
    predictions = recognizer.recognize_many(beginnings, alphabet)
    if not scoring.is_hit(predictions[-1], sample.label, alphabet, Pen.RESTING):
        return None
    early = (
        look / LOOKS
        for look, (beginning, prediction) in enumerate(zip(beginnings, predictions, strict=True), 1)
        if scoring.is_drawn(beginning) and scoring.is_hit(prediction, sample.label, alphabet, Pen.DRAWING)
    )
    shapes = {pixels: _hash_on_pad(sample, pixels) for pixels in PADS}
    return KnownDrawing(sample.label, sample.point_count / usual_points, next(early, None), shapes)


def _find_own_alphabet(character: str) -> str:
    return "digits" if character.isdigit() else "upper" if character.isupper() else "lower"


def _take_first(strokes: list[list[tuple[int, int]]], points: int) -> list[list[tuple[int, int]]]:
    left = max(1, points)
    beginning = []
    for stroke in strokes:
        if left <= 0:
            break
        beginning.append(stroke[:left])
        left -= len(stroke)
    return beginning


def _hash_on_pad(sample: Sample, pixels: int) -> int | None:
    """Return the hash of a drawing as a pad of so many pixels sends it: no point twice in its pixel."""
    step = 1024 / pixels
    drawing = []
    for stroke in sample.place(SIZE):
        points = [(round(x / step), round(y / step)) for x, y in stroke]
        xs, ys = zip(*(point for point, _ in groupby(points)), strict=True)
        drawing.append([[round(step * x) for x in xs], [round(step * y) for y in ys], [0] * len(xs)])
    return trace_hit(sample.label, 0, drawing).shape


def play_games(
    person: Person, games: int, hand: Hand, device: Device, network: Network, rng: np.random.Generator
) -> Iterator[list[HitTrace]]:
    """Yield the hits of games that a person plays."""
    fastest_ms = min(get_fast_hand_ms(character) for character in person)
    for _ in range(games):
        clock_ms = int(rng.choice(CLOCKS_MS))
        # Enough for hits that take half as long as usual on average. All further ones are cut off again.
        drawn = _choose_drawings(person, round(clock_ms / (hand.reading_ms[0] + hand.pace * fastest_ms / 2)), rng)
        traces = _draw(drawn, hand, device, network, rng)
        ends = np.cumsum([trace.duration_ms for trace in traces])
        yield traces[: int(np.searchsorted(ends, clock_ms))]


def _choose_drawings(person: Person, count: int, rng: np.random.Generator) -> list[KnownDrawing]:
    """Return drawings for prompts as they come: each character once before any comes again.

    No drawing comes twice as it is. Once a person's drawings of a character are used up, others take their shape.
    """
    characters = list(person)
    new_shapes = count_up(2**40)
    chosen: list[KnownDrawing] = []
    for deck in range(-(-count // len(characters))):
        for index in rng.permutation(len(characters)).tolist():
            of_character = person[characters[index]]
            drawing = of_character[(deck + index) % len(of_character)]
            is_used_up = deck >= len(of_character)
            chosen.append(drawing.take_shape(next(new_shapes)) if is_used_up else drawing)
    return chosen[:count]


def _draw(
    drawn: Sequence[KnownDrawing], hand: Hand, device: Device, network: Network, rng: np.random.Generator
) -> list[HitTrace]:
    """Return the traces of drawings that are each sent in messages and understood as early as the model can."""
    count = len(drawn)
    pen_ms = draw_pen_times(drawn, hand.pace, rng)
    early = np.array([1.0 if drawing.early is None else drawing.early for drawing in drawn])
    # The message that completes what the model has to see. The last one goes when the pen lifts.
    sent_ms = np.minimum(np.ceil(early * pen_ms / _MESSAGE_MS) * _MESSAGE_MS, pen_ms)
    stall_from = np.where(rng.random(count) < network.stall_share, rng.uniform(0, 1, count) * pen_ms, np.inf)
    stall_until = stall_from + rng.exponential(network.stall_ms or 1, count)
    is_stalled = (sent_ms >= stall_from) & (sent_ms < stall_until)
    arrived_ms = np.where(is_stalled, stall_until, sent_ms)
    seen_ms = np.where(is_stalled, np.minimum(pen_ms, arrived_ms // _MESSAGE_MS * _MESSAGE_MS), sent_ms)
    late_ms = 2 * network.one_way_ms + rng.exponential(network.jitter_ms or 1e-9, count)
    duration_ms = rng.uniform(*hand.reading_ms, count) + arrived_ms + late_ms
    phase = rng.uniform(0, device.stamp_ms, count)
    claimed_ms = ((phase + seen_ms) // device.stamp_ms - phase // device.stamp_ms) * device.stamp_ms
    return [
        HitTrace(drawing.label, int(duration), int(claimed), drawing.shapes[device.pixels])
        for drawing, duration, claimed in zip(drawn, duration_ms, claimed_ms, strict=True)
    ]


def draw_pen_times(drawn: Sequence[KnownDrawing], pace: float, rng: np.random.Generator) -> Floats:
    """Return how long each drawing takes in ms, ``pace`` times as long as a fast hand takes."""
    usual = np.array([get_fast_hand_ms(drawing.label) for drawing in drawn])
    amounts = np.array([drawing.amount for drawing in drawn])
    varied: Floats = pace * usual * amounts**LENGTH_WEIGHT * np.exp(rng.normal(0, PACE_SPREAD, len(drawn)))
    return np.maximum(SHORTEST_MS, varied)
