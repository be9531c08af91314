"""The bot draws as a person does, within the limits of the protocol."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.bench.hand import MESSAGE_GAP, pace_drawing, place_randomly
from tests.strokes import SQUARE, Sample, load_fixture

SAMPLES = st.sampled_from(list(load_fixture()))
HANDS = st.integers(0, 2**32).map(Random)


@given(sample=SAMPLES, rng=HANDS)
def test_every_point_is_sent_in_order_and_within_the_square(sample: Sample, rng: Random) -> None:
    drawing = place_randomly(sample, rng)
    received: list[list[tuple[int, int]]] = [[] for _ in drawing]
    for batch in pace_drawing(drawing, rng):
        assert len(batch.points) % 3 == 0
        xs, ys, dts = batch.points[::3], batch.points[1::3], batch.points[2::3]
        assert min(dts) >= 0
        received[batch.stroke] += zip(xs, ys, strict=True)
    assert received == drawing
    assert all(0 <= value <= SQUARE for stroke in drawing for point in stroke for value in point)


@given(sample=SAMPLES, rng=HANDS)
def test_nothing_is_sent_before_it_is_drawn_and_only_the_ends_of_a_stroke_come_sooner_than_the_gap(
    sample: Sample, rng: Random
) -> None:
    batches = pace_drawing(place_randomly(sample, rng), rng)
    for earlier, later in pairwise(batches):
        is_end = later.up or later.stroke > earlier.stroke
        assert is_end or later.at - earlier.at >= MESSAGE_GAP - 1e-9
    assert all(earlier.up == (later.stroke > earlier.stroke) for earlier, later in pairwise(batches))
    assert batches[-1].up
    drawn_ms = 0
    for batch in batches:
        drawn_ms += sum(batch.points[2::3])
        assert drawn_ms <= 1000 * batch.at + 1
