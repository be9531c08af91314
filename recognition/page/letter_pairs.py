"""How likely letters follow each other in words: u often follows q, and x never does, or hardly ever.

The pairs were counted in the words of this project's own texts in English, German, Spanish and French, each word
once. ``python -m training pairs`` counts them again. Any pair is possible, only less likely.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PAIRS_FILE: Final = Path(__file__).parent.parent / "bundled" / "letter_pairs.json"
"""27 rows of 27 counts: how often each letter, in the columns, follows another one, in the rows. The first row is
the beginning of a word, the first column its end; then a to z."""

_SMOOTHING: Final = 80.0  # counts that are added to each row, shared among the letters as often as each occurs
_TINY: Final = 1e-300  # keeps logarithms finite


def read_letters(likelihoods: Floats) -> tuple[Floats, Floats]:
    """Read words letter by letter, where each letter depends on the one before it (a hidden Markov model).

    Args:
        likelihoods: float64 (words, N, 26), of each letter at each of N places, apart from any word.

    Returns:
        float64 (words,), the logarithm of the likelihood of all letters together, among words of N letters; and
        float64 (words, N, 26), the probability of each letter, given all others. Each sums to 1.
    """
    starts, follows, ends, log_norm = _load_pairs(likelihoods.shape[1])
    forward = np.empty_like(likelihoods)
    log_likelihood = np.full(len(likelihoods), -log_norm)
    state = np.broadcast_to(starts, likelihoods[:, 0].shape)
    for place in range(likelihoods.shape[1]):
        state = (state @ follows if place else state) * likelihoods[:, place]
        total = np.maximum(state.sum(axis=1), _TINY)
        state = state / total[:, None]
        log_likelihood += np.log(total)
        forward[:, place] = state
    log_likelihood += np.log(np.maximum(state @ ends, _TINY))
    backward = np.broadcast_to(ends, state.shape)
    for place in reversed(range(likelihoods.shape[1])):
        forward[:, place] *= backward
        backward = (backward * likelihoods[:, place]) @ follows.T
        backward = backward / np.maximum(backward.sum(axis=1, keepdims=True), _TINY)
    forward /= np.maximum(forward.sum(axis=2, keepdims=True), _TINY)
    return log_likelihood, forward


@cache
def _load_pairs(length: int) -> tuple[Floats, Floats, Floats, float]:
    """Return how likely letters begin words, follow each other and end words.

    The fourth is the logarithm of the probability that a word has so many letters.
    """
    counts = np.array(json.loads(PAIRS_FILE.read_text("utf-8")), dtype=np.float64)
    letters = counts.sum(axis=0) + 1
    shares = counts + _SMOOTHING * letters / letters.sum()
    shares /= shares.sum(axis=1, keepdims=True)
    starts, follows, ends = shares[0, 1:], shares[1:, 1:], shares[1:, 0]
    state = starts
    for _ in range(length - 1):
        state = state @ follows
    return starts, follows, ends, float(np.log(state @ ends))
