"""Which kinds of words people write: numbers, lowercase, Capitalized and UPPERCASE words, codes, and any mixture.

The priors are chosen by hand, and broadly: a person may write anything. All characters of a set are equally
likely, so no language is preferred.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.alphabets import DIGITS, LOWER, UPPER

Floats = npt.NDArray[np.float64]

SETS: Final = (DIGITS, UPPER, LOWER)
"""The sets of characters that kinds of words are made of."""

_KINDS: Final = ("number", "lowercase", "capitalized", "uppercase", "code", "name and number", "any")
_LINE_MODES: Final = {
    "numbers": (0.42, (0.930, 0.01, 0.005, 0.005, 0.01, 0.01, 0.03)),
    "text": (0.24, (0.060, 0.62, 0.170, 0.050, 0.01, 0.05, 0.04)),
    "uppercase": (0.10, (0.060, 0.02, 0.020, 0.780, 0.07, 0.02, 0.03)),
    "mixed": (0.24, (0.050, 0.06, 0.030, 0.030, 0.09, 0.14, 0.60)),
}
"""What the words of a line are like: the prior probability of each mode, and in it that of each kind of word."""

_MODE_PRIOR: Final = np.log([prior for prior, _ in _LINE_MODES.values()])
_KIND_PRIOR: Final = np.log([kinds for _, kinds in _LINE_MODES.values()])
_LONGEST_NAME: Final = 12  # characters of a word that may be a name and a number, such as kokos2
_TINY: Final = 1e-300  # keeps logarithms finite


class _Patterns(NamedTuple):
    """The ways in which a word can be made of sets of characters.

    Attributes:
        shares: float64 (P, N, sets), how likely each character is of each set.
        kinds: int64 (P,), the kind of each pattern.
        starts: int64 (kinds,), the first pattern of each kind.
        log_prior: float64 (P,), of each pattern in its kind.
    """

    shares: Floats
    kinds: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    log_prior: Floats


def compute_set_probabilities(likelihoods: Floats, words: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return how likely lines are, and of which set each of their characters is.

    Args:
        likelihoods: float64 (lines, N, sets), of each of the line's N characters if it is of the set.
        words: int64 (N,), the number of the word that each character is in, in order.

    Returns:
        float64 (lines,), the logarithm of the likelihood, and float64 (lines, N, sets), which sums to 1.
    """
    starts = np.flatnonzero(np.diff(words, prepend=words[0] - 1)).tolist()
    places = [slice(start, end) for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]
    of_characters, fits = zip(*(_fit_patterns(likelihoods[:, place]) for place in places), strict=True)
    by_kind = [_sum_by_kind(fit, place.stop - place.start) for fit, place in zip(fits, places, strict=True)]
    by_mode = _MODE_PRIOR + sum(_log_sum(of_word[:, None] + _KIND_PRIOR) for of_word in by_kind)
    total = _log_sum(by_mode)
    modes = np.exp(by_mode - total[:, None])
    probabilities = np.empty_like(likelihoods)
    for place, of_character, fit, of_word in zip(places, of_characters, fits, by_kind, strict=True):
        patterns = _list_patterns(place.stop - place.start)
        in_mode = of_word[:, None] + _KIND_PRIOR
        kinds = np.einsum("gm,gmk->gk", modes, np.exp(in_mode - _log_sum(in_mode)[..., None]))
        weights = kinds[:, patterns.kinds] * np.exp(fit - of_word[:, patterns.kinds])
        in_sets = (weights / of_character) @ patterns.shares.swapaxes(0, 1)  # (N, lines, sets)
        probabilities[:, place] = likelihoods[:, place] * in_sets.swapaxes(0, 1)
    return total, probabilities


def _fit_patterns(likelihoods: Floats) -> tuple[Floats, Floats]:
    """Return how likely a word of N characters is with each of its P patterns.

    Returns:
        float64 (N, lines, P), of each of its characters, and float64 (lines, P), the logarithm of all together.
    """
    patterns = _list_patterns(likelihoods.shape[1])
    of_characters = likelihoods.swapaxes(0, 1) @ patterns.shares.transpose(1, 2, 0)
    np.maximum(of_characters, _TINY, out=of_characters)
    fits: Floats = np.log(of_characters).sum(axis=0) + patterns.log_prior
    return of_characters, fits


def _sum_by_kind(fits: Floats, length: int) -> Floats:
    """Return float64 (lines, kinds): the same for a word with each kind."""
    highest = fits.max(axis=1, keepdims=True)
    sums = np.add.reduceat(np.exp(fits - highest), _list_patterns(length).starts, axis=1)
    by_kind: Floats = np.log(np.maximum(sums, _TINY)) + highest
    return by_kind


@cache
def _list_patterns(length: int) -> _Patterns:
    """Return the patterns of a word with so many characters."""
    digit, upper, lower = np.eye(3)
    sizes = np.array([len(of_set) for of_set in SETS])
    either = np.array([0.5, 0.5, 0.0])
    listed = {
        "number": [[digit] * length],
        "lowercase": [[lower] * length],
        "capitalized": [[upper] + [lower] * (length - 1)],
        "uppercase": [[upper] * length],
        "code": [[either] * length],
        "name and number": [
            [first] * split + [second] * (length - split)
            for split in range(1, min(length, _LONGEST_NAME + 1))
            for first, second in ((lower, digit), (upper, digit), (digit, lower))
        ]
        or [[either] * length],
        "any": [[sizes / sizes.sum()] * length],
    }
    kinds = np.array([number for number, kind in enumerate(_KINDS) for _ in listed[kind]])
    shares = np.array([pattern for kind in _KINDS for pattern in listed[kind]])
    starts = np.flatnonzero(np.diff(kinds, prepend=-1))
    return _Patterns(shares, kinds, starts, -np.log(np.bincount(kinds)[kinds]))


def _log_sum(logarithms: Floats) -> Floats:
    """Return the logarithm of a sum, from the logarithms of its terms along the last axis."""
    highest = logarithms.max(axis=-1, keepdims=True)
    sums: Floats = np.log(np.exp(logarithms - highest).sum(axis=-1)) + highest[..., 0]
    return sums
