"""Reads the characters of a line together: their sizes tell a c from a C, and their neighbors a 5 from an S.

Each character has probabilities as if it stood alone. What else is known of it multiplies them (Bayes' theorem):

- `line_geometry.py`: how well its height and its place fit, on each line that the characters may be on.
- `word_kinds.py`: how likely the word that it is in is as a number, a lowercase word, a code and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.model.calibration import ALPHABET_INDICES, IS_ALIKE
from recognition.page.line_geometry import PART_SHARES, measure_fits
from recognition.page.word_kinds import read_words

Floats = npt.NDArray[np.float64]

_DOUBT: Final = 0.01  # share of the characters about which the model is wrong, however sure it is
_TRUST: Final = 0.85  # exponent of the probabilities: what misleads the model does so several times on a line
_TRUST_AMONG_ALIKE: Final = 0.5  # the same among look-alikes
_UNLIKELY: Final = 9.0  # nats below the best, from which a line is not looked at
_MOST_TOGETHER: Final = 100  # characters; a longer line bends, and would take much memory
_TINY: Final = 1e-300  # keeps logarithms finite


def read_in_context(probabilities: Floats, alphabet: str, bounds: npt.ArrayLike, words: Sequence[int]) -> Floats:
    """Return the probabilities of the characters of one line, given all the others.

    Args:
        probabilities: float64 (N, K), of the alphabet's K characters, each as if it stood alone.
        alphabet: the alphabet in play.
        bounds: float64 (N, 4): left, top, right and bottom of each character, in one unit, y downwards.
        words: the number of the word that each character is in, in order.

    Returns:
        float64 (N, K). Each row sums to 1. A character that is alone on its line keeps its probabilities, and
        digits keep them if only digits are in play: all are equally tall.
    """
    if len(probabilities) < 2 or alphabet == "digits":
        return probabilities
    return np.concatenate([together for together, _ in _read_parts(probabilities, alphabet, bounds, words)])


def measure_evidence(probabilities: Floats, alphabet: str, bounds: npt.ArrayLike, words: Sequence[int]) -> float:
    """Return the logarithm of how likely the characters of one line are together. The arguments are the same."""
    return sum(evidence for _, evidence in _read_parts(probabilities, alphabet, bounds, words))


def _read_parts(
    probabilities: Floats, alphabet: str, bounds: npt.ArrayLike, words: Sequence[int]
) -> Iterator[tuple[Floats, float]]:
    """Yield for each part of a line its probabilities and the logarithm of its likelihood."""
    if not len(probabilities):
        return
    parts = -(-len(probabilities) // _MOST_TOGETHER)
    corners, numbers = np.asarray(bounds, dtype=np.float64), np.asarray(words)
    for indices in np.array_split(np.arange(len(probabilities)), parts):
        yield _read_part(probabilities[indices], alphabet, corners[indices], numbers[indices])


def _read_part(
    probabilities: Floats, alphabet: str, bounds: Floats, words: npt.NDArray[np.int64]
) -> tuple[Floats, float]:
    part_shares, is_alike = _list_shares(alphabet)
    alone = probabilities**_TRUST
    alone = (1 - _DOUBT) * alone / alone.sum(axis=1, keepdims=True) + _DOUBT / len(part_shares)
    flat = alone**_TRUST_AMONG_ALIKE
    alone = flat * (alone @ is_alike) / (flat @ is_alike)
    fits, log_prior = measure_fits(alone @ part_shares, bounds)
    by_line = np.log(np.maximum(fits * (alone @ part_shares), _TINY).sum(axis=2)).sum(axis=1) + log_prior
    is_likely = by_line > by_line.max() - _UNLIKELY
    fits, log_prior = fits[is_likely], log_prior[is_likely]
    log_likelihoods, readings = read_words(alone * (fits @ part_shares.T), alphabet, words)
    log_posterior = log_likelihoods + log_prior
    highest = log_posterior.max()
    lines = np.exp(log_posterior - highest)
    evidence = float(highest + np.log(lines.sum()))
    together: Floats = np.einsum("g,gnk->nk", lines / lines.sum(), readings)
    together /= together.sum(axis=1, keepdims=True)
    return together, evidence


@cache
def _list_shares(alphabet: str) -> tuple[Floats, Floats]:
    """Return what is known of the K characters of an alphabet.

    Returns:
        float64 (K, parts), how often each fills each part, and float64 (K, K), 1 for look-alikes.
    """
    indices = ALPHABET_INDICES[alphabet]
    return PART_SHARES[indices], IS_ALIKE[np.ix_(indices, indices)].astype(np.float64)
