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
from recognition.hand import LEAST_VOTE, MOST_PER_CLASS, MOST_VOTE, pack_features
from recognition.model.similarity import SimilarityScale
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


@given(entries=entries, seed=st.integers(0, 1000))
def test_votes_are_bounded_and_only_for_what_the_player_drew(entries: list[tuple[str, bytes]], seed: int) -> None:
    votes = Hand(entries).compute_votes(make_features(seed))
    drawn = {label for label, _ in entries}
    assert LEAST_VOTE <= votes.min() <= votes.max() <= MOST_VOTE
    assert {label for label, vote in zip(CLASSES, votes.tolist(), strict=True) if vote} <= drawn


@given(seed=st.integers(0, 1000))
def test_the_same_drawing_gets_the_highest_vote_and_a_very_different_one_the_least(seed: int) -> None:
    features = make_features(seed)
    others = np.where(features > 0, 0, 1).astype(np.float32)
    hand = Hand([("a", pack_features(features)), ("b", pack_features(others))])
    votes = hand.compute_votes(3 * features)
    assert votes[CLASSES.index("a")] == pytest.approx(MOST_VOTE, abs=0.01)
    assert votes[CLASSES.index("b")] == LEAST_VOTE


@given(seed=st.integers(0, 1000), size=st.floats(1e-6, 1e6))
def test_packed_features_keep_their_direction(seed: int, size: float) -> None:
    features = make_features(seed)
    packed = np.frombuffer(pack_features(np.float32(size) * features), np.int8).astype(np.float32)
    assert packed @ features / np.linalg.norm(packed) / np.linalg.norm(features) == pytest.approx(1, abs=1e-4)


def test_features_of_zero_can_be_packed_and_remembered() -> None:
    zero = np.zeros(SIZE, np.float32)
    assert np.isfinite(Hand([("a", pack_features(zero))]).compute_votes(zero)).all()


def test_of_one_character_eight_drawings_count() -> None:
    entries = [("a", pack_features(make_features(seed))) for seed in range(10)]
    assert len(Hand(entries)) == MOST_PER_CLASS == 8
    features = make_features(100)
    np.testing.assert_array_equal(Hand(entries).compute_votes(features), Hand(entries[:8]).compute_votes(features))


def test_features_of_another_size_are_refused() -> None:
    hand = Hand([("a", bytes(SIZE))])
    with pytest.raises(ValueError, match="features a drawing"):
        hand.compute_votes(np.ones(SIZE + 1, np.float32))
    with pytest.raises(ValueError, match="of one size"):
        Hand([("a", bytes(SIZE)), ("b", bytes(SIZE + 1))])


@given(seed=st.integers(0, 1000))
def test_what_is_similar_depends_on_the_model(seed: int) -> None:
    features = make_features(seed)
    hand = Hand([("a", pack_features(make_features(seed + 1)))] * MOST_PER_CLASS)
    similarity = hand.compute_similarities(features)[CLASSES.index("a")]
    votes = [
        hand.compute_votes(features, SimilarityScale(same=similarity + same, other=similarity - other)).sum()
        for same, other in ((0, 0.1), (0.1, 0.1), (0.1, 0))
    ]
    assert MOST_VOTE >= votes[0] > 0.5 > votes[1] > -0.5 > votes[2] >= LEAST_VOTE


@given(seed=st.integers(0, 1000))
def test_one_drawing_needs_less_likeness_than_eight(seed: int) -> None:
    features, packed = make_features(seed), pack_features(make_features(seed + 1))
    similarity = Hand([("a", packed)]).compute_similarities(features)[CLASSES.index("a")]
    scale = SimilarityScale(same=similarity + 0.1, other=similarity - 0.1)
    one, eight = (Hand([("a", packed)] * count).compute_votes(features, scale).sum() for count in (1, 8))
    assert one > eight


def test_a_hand_without_characters_of_the_alphabet_changes_nothing(
    recognizer: Recognizer, samples: Samples
) -> None:
    four = samples.get("4")[0].strokes
    hand = recognizer.make_hand([(samples.get("a")[0].strokes, "a")])
    assert recognizer.recognize(four, "digits", hand).candidates == recognizer.recognize(four, "digits").candidates


def test_a_hand_learns_a_character_that_the_model_misreads(recognizer: Recognizer, samples: Samples) -> None:
    misread = [sample for sample in samples if recognizer.recognize(sample.strokes).label != sample.label]
    assert len(misread) >= 10
    learned = [
        # The same drawing, a bit narrower: as its writer would draw it again.
        recognizer.recognize(
            [stroke * [0.95, 1] for stroke in sample.strokes],
            hand=recognizer.make_hand([(sample.strokes, sample.label)]),
        ).label
        == sample.label
        for sample in misread
    ]
    assert sum(learned) >= 0.7 * len(learned)


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
