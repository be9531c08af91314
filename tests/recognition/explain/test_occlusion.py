"""Why a drawing is read as it is, on real drawings: only what must hold of any model that reads them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition import EmptyDrawing, Explanation, Recognizer, TooMuchInk, UnknownAlphabet, UnknownCharacter
from recognition.alphabets import ALPHABETS, CLASSES, get_look_alikes
from recognition.explain.gallery import GALLERY_FILE, load_bundled_gallery
from recognition.render import render
from recognition.strokes import join_batches, parse_strokes
from tests.strokes import Sample, Samples

LARGEST_GALLERY: Final = 300_000
"""Bytes that the gallery may add to the repository."""


def shares(explanation: Explanation) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.concatenate([stroke[:, 2] for stroke in explanation.strokes])


def deciding_stroke(recognizer: Recognizer, sample: Sample, alphabet: str, rival: str) -> int:
    strokes = recognizer.explain(sample.strokes, alphabet, rival).strokes
    return max(range(len(strokes)), key=lambda stroke: float(strokes[stroke][:, 2].max()))


def own_alphabet(character: str) -> str:
    return next(name for name in ("digits", "upper", "lower") if character in ALPHABETS[name])


def halves(explanation: Explanation) -> tuple[list[Any], list[Any]]:
    """Return the runs of points with more than the median share, as strokes, and all others."""
    middle = np.median(shares(explanation))
    decided: list[Any] = []
    other: list[Any] = []
    for stroke in explanation.strokes:
        above = stroke[:, 2] > middle
        for run in np.split(stroke, np.flatnonzero(np.diff(above.astype(int))) + 1):
            (decided if run[0, 2] > middle else other).append(run[:, :2])
    return decided, other


def test_the_dot_makes_an_i_of_a_stroke(recognizer: Recognizer, samples: Samples) -> None:
    dotted = [sample for sample in samples.get("i") if len(sample.strokes) == 2]
    assert len(dotted) >= 3
    decided = []
    for sample in dotted:
        highest = min(range(2), key=lambda stroke: float(sample.strokes[stroke][:, 1].mean()))
        decided.append(deciding_stroke(recognizer, sample, "lower", "l") == highest)
    # Some bodies are no l even without the dot: curved, or drawn with a serif.
    assert sum(decided) > len(decided) / 2


def test_the_tail_makes_a_q_of_an_o(recognizer: Recognizer, samples: Samples) -> None:
    tailed = [sample for sample in samples.get("Q") if len(sample.strokes) == 2]
    assert len(tailed) >= 3
    for sample in tailed:
        extents = [float(np.ptp(stroke, axis=0).max()) for stroke in sample.strokes]
        assert deciding_stroke(recognizer, sample, "upper", "O") == int(np.argmin(extents))


def test_the_half_that_decided_says_more_than_the_other(recognizer: Recognizer, samples: Samples) -> None:
    """Each half is read alone, without what explains: the ink with the larger shares must be the better known."""
    said = []
    for character in CLASSES:
        alphabet = own_alphabet(character)
        why = recognizer.explain(samples.get(character)[0].strokes, alphabet)
        decided, other = (
            recognizer.recognize(half, alphabet).get_probability(why.best.label) for half in halves(why)
        )
        said.append(decided > other)
    assert np.mean(said) >= 0.7


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_the_sides_are_the_best_and_the_next_that_can_be_told_from_it(
    recognizer: Recognizer, samples: Samples, alphabet: str
) -> None:
    for character in ALPHABETS[alphabet][::5]:
        drawing = samples.get(character)[0].strokes
        why = recognizer.explain(drawing, alphabet)
        seen = recognizer.recognize(drawing, alphabet).candidates
        apart = [c for c in seen if c.label not in get_look_alikes(seen[0].label, alphabet)]
        assert (why.best.label, why.best.probability) == pytest.approx(seen[0])
        assert (why.rival.label, why.rival.probability) == pytest.approx(apart[0])


def test_shares_are_scaled_to_the_largest(recognizer: Recognizer, samples: Samples) -> None:
    for character in CLASSES[::4]:
        assert np.abs(shares(recognizer.explain(samples.get(character)[0].strokes))).max() <= 1
    # A dot is all the ink there is.
    assert np.abs(shares(recognizer.explain([[[5, 5]]]))).tolist() == [1]


def test_the_strokes_are_the_ones_that_were_drawn(recognizer: Recognizer, samples: Samples) -> None:
    for character in "i7EB":
        drawing = samples.get(character)[0].strokes
        explained = recognizer.explain(drawing).strokes
        assert len(explained) == len(drawing)
        for stroke, given_stroke in zip(explained, drawing, strict=True):
            assert stroke[0, :2] == pytest.approx(given_stroke[0])
            assert stroke[-1, :2] == pytest.approx(given_stroke[-1])
            apart = np.abs(stroke[:, None, :2] - given_stroke).sum(axis=2).min(axis=0)
            assert apart.max() < 1e-6  # every point of it is there


def test_place_and_size_do_not_change_what_decided(recognizer: Recognizer, samples: Samples) -> None:
    sample = samples.get("5")[0]
    once = recognizer.explain(sample.strokes, "digits", "6")
    again = recognizer.explain([3 * stroke + 700 for stroke in sample.strokes], "digits", "6")
    assert shares(again) == pytest.approx(shares(once), abs=0.05)


def test_a_rival_can_be_chosen_among_those_that_can_be_told_apart(
    recognizer: Recognizer, samples: Samples
) -> None:
    zero = samples.get("0")[0].strokes
    assert recognizer.explain(zero, "digits", "6").rival.label == "6"
    best = recognizer.explain(zero, "any").best.label
    for alike in get_look_alikes(best, "any"):
        assert recognizer.explain(zero, "any", alike).rival.label not in get_look_alikes(best, "any")
    for nothing in ("", "x", "66", "é"):
        with pytest.raises(UnknownCharacter):
            recognizer.explain(zero, "digits", nothing)


def test_what_cannot_be_explained(recognizer: Recognizer) -> None:
    with pytest.raises(EmptyDrawing):
        recognizer.explain([])
    with pytest.raises(UnknownAlphabet):
        recognizer.explain([[[0, 0], [1, 1]]], "greek")
    with pytest.raises(TooMuchInk):
        recognizer.explain([[[x, y] for y in range(200) for x in (0, 200)]])


coordinates = st.integers(0, 40) | st.floats(-1e12, 1e12)


@given(st.lists(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=6), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_is_drawn_has_shares_all_along(recognizer: Recognizer, drawing: Any) -> None:
    explained = recognizer.explain(drawing, "digits").strokes
    assert len(explained) == len(drawing)
    for stroke in explained:
        assert len(stroke) >= 1
        assert np.isfinite(stroke).all()
        assert np.abs(stroke[:, 2]).max() <= 1


def test_the_gallery_holds_drawings_that_are_read_right(recognizer: Recognizer) -> None:
    assert GALLERY_FILE.stat().st_size <= LARGEST_GALLERY
    assert (GALLERY_FILE.parent / "LICENSE.md").is_file()
    right = []
    for character in CLASSES:
        known = load_bundled_gallery().get_drawings(character)
        assert len(known) >= 8
        alphabet = own_alphabet(character)
        right += [seen.label == character for seen in recognizer.recognize_many(known, alphabet)]
    assert np.mean(right) >= 0.97


def test_examples_are_of_their_character_and_the_nearest_first(recognizer: Recognizer, samples: Samples) -> None:
    gallery = load_bundled_gallery()
    for character in "7gQ":
        known = gallery.get_drawings(character)[3]
        why = recognizer.explain(known)
        image = render(join_batches([parse_strokes(known)]))[0]
        # A drawing of the gallery is its own nearest.
        assert gallery.find_nearest(character, image, 1) == (known,)
        assert len(gallery.find_nearest(character, image, 3)) == 3
        assert set(map(id, why.rival.examples)) <= set(map(id, gallery.get_drawings(why.rival.label)))
    crossed = [sample for sample in samples.get("7") if len(sample.strokes) == 2]
    for sample in crossed:
        nearest = recognizer.explain(sample.strokes, "digits").best.examples[0]
        assert len(nearest) == 2  # a crossed 7 finds a crossed one
