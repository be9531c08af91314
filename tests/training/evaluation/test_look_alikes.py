"""Which characters a reader cannot tell apart."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.alphabets import CLASSES
from recognition.strokes import StrokeBatch
from training.datasets.strokes import StrokeSet
from training.evaluation.look_alikes import PairFigures, measure_pairs

WRITERS, OF_EACH = 30, 6  # drawings of each character by each writer


def make_drawings(characters: str) -> StrokeSet:
    """Return drawings without content: what they look like is in the probabilities."""
    labels = np.tile(np.repeat([CLASSES.index(c) for c in characters], OF_EACH), WRITERS)
    count = len(labels)
    strokes = StrokeBatch(np.zeros((count, 2)), np.ones(count, np.int64), np.ones(count, np.int64))
    return StrokeSet(strokes, labels, np.repeat(np.arange(WRITERS), len(characters) * OF_EACH))


def measure_pair(
    drawings: StrokeSet, pair: str, is_second: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> PairFigures:
    """Return the figures of a pair for a reader that gives its second character these probabilities."""
    probabilities = np.full((len(drawings), len(CLASSES)), 1e-6)
    probabilities[:, CLASSES.index(pair[0])] = 1 - is_second
    probabilities[:, CLASSES.index(pair[1])] = is_second
    (figures,) = (figures for figures in measure_pairs(drawings, probabilities) if figures.pair == pair)
    return figures


def test_what_a_reader_guesses_by_chance_should_be_look_alikes() -> None:
    drawings = make_drawings("5s")
    figures = measure_pair(drawings, "5s", np.random.default_rng(1).uniform(0.1, 0.9, len(drawings)))
    assert (figures.drawings, figures.writers, figures.both) == (2 * OF_EACH * WRITERS, WRITERS, WRITERS)
    assert figures.low < 0.5 < figures.high
    assert figures.should_be_alike
    assert not figures.is_alike_today


@pytest.mark.parametrize(("pair", "is_alike"), [("5s", False), ("Cc", True)])
def test_what_a_reader_tells_apart_should_not(pair: str, is_alike: bool) -> None:
    drawings = make_drawings(pair)
    is_second = np.where(drawings.labels == CLASSES.index(pair[1]), 0.9, 0.1)
    is_second[:: 4 * OF_EACH] = 0.95  # a first character of every second writer is misread
    figures = measure_pair(drawings, pair, is_second)
    assert 0 < figures.high < 0.1
    assert not figures.should_be_alike
    assert figures.is_alike_today == is_alike


def test_more_of_one_character_does_not_hide_an_error() -> None:
    """A reader that always answers with the more frequent character has an error of a half."""
    drawings = make_drawings("5ssss")
    figures = measure_pair(drawings, "5s", np.full(len(drawings), 0.8))
    assert figures.error == 0.5


def test_a_hand_tells_apart_what_people_write_the_other_way_round() -> None:
    """Half of the writers write a 5 as the others write an s."""
    drawings = make_drawings("5s")
    looks_like_s = (drawings.labels == CLASSES.index("s")) ^ (drawings.writers < WRITERS // 2)
    noise = np.random.default_rng(2).normal(0, 0.02, len(drawings))
    figures = measure_pair(drawings, "5s", np.where(looks_like_s, 0.8, 0.2) + noise)
    assert figures.error_of_both == pytest.approx(0.5, abs=0.15)
    assert figures.with_hand < 0.05
