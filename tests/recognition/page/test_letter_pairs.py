"""Words are read letter by letter, exactly as the probabilities of the pairs of letters say."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition.alphabets import LOWER
from recognition.page.letter_pairs import PAIRS_FILE, read_letters


def test_every_letter_has_a_row_of_counts() -> None:
    counts = np.array(json.loads(PAIRS_FILE.read_text("utf-8")))
    assert counts.shape == (27, 27)
    assert (counts.sum(axis=0) == counts.sum(axis=1)).all()  # a letter is left as often as it is reached
    assert counts[LOWER.index("q") + 1].argmax() == LOWER.index("u") + 1


@given(st.integers(1, 3), st.integers(0, 2**32))
@settings(max_examples=15)
def test_all_words_are_weighed(length: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    likelihoods = random.dirichlet(np.full(26, 0.2), length)
    log_likelihood, probabilities = read_letters(likelihoods[None])
    words = np.array(list(itertools.product(range(26), repeat=length)))
    sure = np.eye(26)[words]  # (words, length, 26)
    log_words, of_sure = read_letters(sure)
    np.testing.assert_allclose(of_sure, sure, rtol=1e-6, atol=1e-12)  # `approx` would compare a million in Python
    assert np.exp(log_words).sum() == pytest.approx(1)  # the words of one length are all there are
    weights = np.exp(log_words) * likelihoods[np.arange(length), words].prod(axis=1)
    assert np.exp(log_likelihood[0]) == pytest.approx(weights.sum())
    assert probabilities[0] == pytest.approx(np.einsum("w,wnl->nl", weights / weights.sum(), sure))


@given(st.integers(1, 40), st.integers(0, 2**32))
@settings(max_examples=15)
def test_words_are_read_apart(length: int, seed: int) -> None:
    likelihoods = np.random.default_rng(seed).dirichlet(np.full(26, 0.05), (3, length))
    together, probabilities = read_letters(likelihoods)
    assert probabilities.sum(axis=2) == pytest.approx(1)
    for word, log_likelihood, of_word in zip(likelihoods, together, probabilities, strict=True):
        alone, of_alone = read_letters(word[None])
        assert alone[0] == pytest.approx(log_likelihood)
        assert of_alone[0] == pytest.approx(of_word)


def test_any_word_is_possible() -> None:
    log_likelihood, _ = read_letters(np.eye(26)[[[LOWER.index(letter) for letter in "xqzjvw"]]])
    assert -60 < log_likelihood[0] < 6 * np.log(1 / 26)
