"""What a hand adds to the scores of the drawings of its player."""

from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import Hand, Recognizer
from recognition.alphabets import CLASSES
from recognition.hand import pack_features
from tests.strokes import Samples

SIZE = 288


def make_features(seed: int) -> npt.NDArray[np.float32]:
    """Return features as a network gives them: not negative, many of them zero."""
    return np.maximum(np.random.default_rng(seed).normal(size=SIZE), 0).astype(np.float32)


entries = st.lists(
    st.tuples(st.sampled_from(CLASSES), st.integers(0, 1000).map(lambda seed: pack_features(make_features(seed)))),
    max_size=8,
)


@given(entries=entries, seed=st.integers(0, 1000), random=st.randoms(use_true_random=False))
def test_the_order_of_the_entries_makes_no_difference(
    entries: list[tuple[str, bytes]], seed: int, random: Random
) -> None:
    features = make_features(seed)
    shuffled = list(entries)
    random.shuffle(shuffled)
    np.testing.assert_allclose(
        Hand(entries).compute_votes(features), Hand(shuffled).compute_votes(features), atol=1e-5
    )


def test_an_empty_hand_changes_nothing(recognizer: Recognizer, samples: Samples) -> None:
    strokes = samples.get("a")[0].strokes
    alone, with_hand = recognizer.recognize(strokes), recognizer.recognize(strokes, hand=Hand([]))
    assert alone.candidates == with_hand.candidates


def test_a_hand_of_another_model_is_ignored(recognizer: Recognizer, samples: Samples) -> None:
    strokes = samples.get("a")[0].strokes
    features = recognizer.recognize(strokes).features
    assert features is not None
    hand = Hand([("b", features)], "another-model")
    assert recognizer.recognize(strokes, hand=hand).candidates == recognizer.recognize(strokes).candidates


@pytest.mark.parametrize("label", ["", "ab", "ä"])
def test_a_label_that_is_no_character_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="is not one of the 62"):
        Hand([(label, bytes(SIZE))])


def test_the_shared_probability_is_that_without_a_hand(recognizer: Recognizer, samples: Samples) -> None:
    sample = samples.get("9")[0]
    hand = recognizer.make_hand([(sample.strokes, "g")])
    alone, with_hand = (recognizer.recognize(sample.strokes, "any", hand=hand) for hand in (None, hand))
    assert with_hand.get_probability("g") > alone.get_probability("g")
    assert with_hand.get_shared_probability("g") == alone.get_probability("g") == alone.get_shared_probability("g")
    assert with_hand.plausibility == alone.plausibility
    assert with_hand.features == alone.features
