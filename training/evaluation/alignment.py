"""Aligns what was read on a page with what is written there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recognition.alphabets import CLASSES, get_look_alikes

_WRONG: Final = 100  # cost of a character that is missing, too many, or read as another one
_SIGN_READ: Final = 99  # cost of a sign that is read as a character: rather that than a character too many


@dataclass(frozen=True, slots=True)
class Aligned:
    """What was read on one page, compared with what is written there.

    Attributes:
        wrong: letters and digits that were missed or read as another one that is no look-alike, and characters
            that were read where there is none.
        unwritten: indices of the characters that were read where nothing is written, or a sign.
        on_signs: of those, the ones that were read where a sign is.
    """

    wrong: int
    unwritten: tuple[int, ...]
    on_signs: tuple[int, ...]


def fold(text: Sequence[str], alphabet: str) -> str:
    """Return a text with the first look-alike in place of each letter and digit."""
    return "".join(get_look_alikes(character, alphabet)[:1] or character for character in text)


def align(written: Sequence[str], read: Sequence[str], alphabet: str) -> Aligned:
    """Return how what was read differs from what is written: the fewest differences (Levenshtein 1966).

    Args:
        written: the characters and signs in reading order.
        read: the characters that were read.
        alphabet: the alphabet in play, within which look-alikes count as the same.
    """
    truth, guess = fold(written, alphabet), fold(read, alphabet)
    rows, columns = len(truth) + 1, len(guess) + 1
    is_sign = [character not in CLASSES for character in truth]
    costs = [[0] * columns for _ in range(rows)]
    for r in range(rows):
        for c in range(columns):
            if r or c:
                costs[r][c] = min(
                    cost + costs[r - down][c - across]
                    for down, across, cost in _find_steps(truth, guess, is_sign, r, c)
                )
    wrong = 0
    unwritten: list[int] = []
    on_signs: list[int] = []
    r, c = rows - 1, columns - 1
    while r or c:
        for down, across, cost in _find_steps(truth, guess, is_sign, r, c):
            if costs[r][c] == cost + costs[r - down][c - across]:
                break
        wrong += cost > 0
        if cost == _SIGN_READ:
            on_signs.append(c - 1)
        if across and (cost == _SIGN_READ or not down):
            unwritten.append(c - 1)
        r, c = r - down, c - across
    return Aligned(wrong, tuple(reversed(unwritten)), tuple(reversed(on_signs)))


def _find_steps(truth: str, guess: str, is_sign: list[bool], r: int, c: int) -> list[tuple[int, int, int]]:
    """Return the ways to end an alignment of the first ``r`` and ``c`` characters: steps down, across and cost."""
    steps = []
    if r and c:
        same = truth[r - 1] == guess[c - 1]
        steps.append((1, 1, _SIGN_READ if is_sign[r - 1] else 0 if same else _WRONG))
    if r:
        steps.append((1, 0, 0 if is_sign[r - 1] else _WRONG))
    if c:
        steps.append((0, 1, _WRONG))
    return steps
