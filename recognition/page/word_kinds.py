"""Which kinds of words people write: numbers, lowercase, Capitalized and UPPERCASE words, codes, and any mixture.

The priors are chosen by hand, and broadly: a person may write anything. Half of the words in letters are expected
to be spelled like those of a language, in which some pairs of letters are likelier than others
(`letter_pairs.py`). In other words, in numbers and in codes, all characters of a set are equally likely.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.alphabets import DIGITS, LOWER, UPPER, get_characters
from recognition.page.letter_pairs import read_letters

Floats = npt.NDArray[np.float64]

_SETS: Final = (DIGITS, UPPER, LOWER)
_KINDS: Final = ("number", "lowercase", "capitalized", "uppercase", "code", "name and number", "any")
_LINE_MODES: Final = {
    "numbers": (0.42, (0.930, 0.01, 0.005, 0.005, 0.01, 0.01, 0.03)),
    "text": (0.24, (0.060, 0.62, 0.170, 0.050, 0.01, 0.05, 0.04)),
    "uppercase": (0.10, (0.060, 0.02, 0.020, 0.780, 0.07, 0.02, 0.03)),
    "mixed": (0.24, (0.050, 0.06, 0.030, 0.030, 0.09, 0.14, 0.60)),
}
"""What the words of a line are like: the prior probability of each mode, and in it that of each kind of word."""

_SPELLED_KINDS: Final = [_KINDS.index(kind) for kind in ("lowercase", "capitalized", "uppercase")]
_SPELLED: Final = 0.5  # share of the words of these kinds that are spelled like those of a language
_MODE_PRIOR: Final = np.log([prior for prior, _ in _LINE_MODES.values()])
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


class _Word:
    """A word, on each line that it may be on.

    Attributes:
        by_kind: float64 (lines, kinds), the logarithm of its likelihood as each kind of word: those in `_KINDS`,
            then those in `_SPELLED_KINDS`, spelled like words of a language.
    """

    def __init__(self, likelihoods: Floats, alphabet: str) -> None:
        lines, length, _ = likelihoods.shape
        self._likelihoods = likelihoods
        self._set_shares = _list_set_shares(alphabet)
        self._patterns = patterns = _list_patterns(length)
        self._of_patterns = (likelihoods @ self._set_shares).swapaxes(0, 1) @ patterns.shares.transpose(1, 2, 0)
        np.maximum(self._of_patterns, _TINY, out=self._of_patterns)  # (N, lines, P)
        self._fits = np.log(self._of_patterns).sum(axis=0) + patterns.log_prior
        highest = self._fits.max(axis=1, keepdims=True)
        sums = np.add.reduceat(np.exp(self._fits - highest), patterns.starts, axis=1)
        unspelled = np.log(np.maximum(sums, _TINY)) + highest
        self._letters = _list_letters(alphabet)
        upper, lower = (likelihoods @ letters for letters in self._letters)
        capitalized = np.concatenate((upper[:, :1], lower[:, 1:]), axis=1)
        log_spelled, spelled = read_letters(np.concatenate((lower, capitalized, upper)))
        self._spelled = spelled.reshape(len(_SPELLED_KINDS), lines, length, -1)
        self.by_kind = np.concatenate((unspelled, log_spelled.reshape(-1, lines).T), axis=1)

    def compute_probabilities(self, kinds: Floats) -> Floats:
        """Return float64 (lines, N, K), of each character, from float64 (lines, kinds), of each kind of word."""
        patterns = self._patterns
        weights = kinds[:, patterns.kinds] * np.exp(self._fits - self.by_kind[:, patterns.kinds])
        in_sets = (weights / self._of_patterns) @ patterns.shares.swapaxes(0, 1)  # (N, lines, sets)
        probabilities: Floats = self._likelihoods * (in_sets @ self._set_shares.T).swapaxes(0, 1)
        of_letters = kinds.T[len(_KINDS) :, :, None, None] * self._spelled
        upper, lower = self._letters
        probabilities += (of_letters[0] + of_letters[1]) @ lower.T + of_letters[2] @ upper.T
        probabilities[:, 0] += of_letters[1, :, 0] @ (upper - lower).T
        return probabilities


def read_words(likelihoods: Floats, alphabet: str, words: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Read the words of a line, for each line that they may be on.

    Args:
        likelihoods: float64 (lines, N, K), of each of the alphabet's K characters at each of the N places.
        alphabet: the alphabet in play.
        words: int64 (N,), the number of the word that each character is in, in order.

    Returns:
        float64 (lines,), the logarithm of the likelihood of each line, and float64 (lines, N, K), the probability
        of each character. It sums to 1.
    """
    starts = np.flatnonzero(np.diff(words, prepend=words[0] - 1)).tolist()
    places = [slice(start, end) for start, end in zip(starts, [*starts[1:], len(words)], strict=True)]
    read = [_Word(likelihoods[:, place], alphabet) for place in places]
    by_mode = _MODE_PRIOR + sum(_log_sum(word.by_kind[:, None] + _KIND_PRIOR) for word in read)
    total = _log_sum(by_mode)
    modes = np.exp(by_mode - total[:, None])
    probabilities = np.empty_like(likelihoods)
    for place, word in zip(places, read, strict=True):
        in_mode = word.by_kind[:, None] + _KIND_PRIOR
        kinds = np.einsum("gm,gmk->gk", modes, np.exp(in_mode - _log_sum(in_mode)[..., None]))
        probabilities[:, place] = word.compute_probabilities(kinds)
    return total, probabilities


@cache
def _list_set_shares(alphabet: str) -> Floats:
    """Return float64 (K, sets): how likely each character is in each set, without regard to words."""
    is_in_set = np.array([[character in of_set for of_set in _SETS] for character in get_characters(alphabet)])
    shares: Floats = is_in_set / np.maximum(is_in_set.sum(axis=0), 1)
    return shares


@cache
def _list_letters(alphabet: str) -> Floats:
    """Return float64 (2, K, 26): 1 where a character is that capital or that small letter, 0 elsewhere."""
    characters = get_characters(alphabet)
    return np.array([[[float(c == letter) for letter in case] for c in characters] for case in (UPPER, LOWER)])


@cache
def _list_patterns(length: int) -> _Patterns:
    """Return the patterns of a word with so many characters."""
    digit, upper, lower = np.eye(3)
    sizes = np.array([len(of_set) for of_set in _SETS])
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


def _make_kind_prior() -> Floats:
    """Return float64 (modes, kinds): the logarithm of the prior of the kinds in the order of `_Word.by_kind`."""
    prior = np.array([kinds for _, kinds in _LINE_MODES.values()])
    spelled = _SPELLED * prior[:, _SPELLED_KINDS]
    prior[:, _SPELLED_KINDS] -= spelled
    by_kind: Floats = np.log(np.concatenate((prior, spelled), axis=1))
    return by_kind


_KIND_PRIOR: Final = _make_kind_prior()
