"""Judges all marks of a page once more by how many of them are signs.

Letters and digits are seldom among many signs: what looks like a few of them on a wooden desk is the grain of the
wood, and the sides of empty boxes are no digits, however much one of them looks like a 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

_USUAL_SHARE: Final = 0.93  # of the marks on a page that are characters
_WEIGHT: Final = 10  # marks that the usual share counts as much as
_ROUNDS: Final = 20  # of the iteration; it has then converged


def _compute_log_odds(share: float) -> float:
    return math.log(share / (1 - share))


UNKNOWN: Final = _compute_log_odds(_USUAL_SHARE)
"""The lead of a mark that was not looked at: it is a character as often as the marks of a page usually are."""


def adapt_leads(leads: Sequence[float]) -> list[float]:
    """Return the leads of the marks of a page, lower if more of them than usual are signs.

    The share of characters is found by expectation maximization, which adapts a classifier to other priors
    (Saerens, Latinne and Decaestecker 2002). The usual share counts as some marks do, so that few marks hardly
    change it.

    Args:
        leads: of each mark, the logarithm of the odds that it is a character and no sign.
    """
    usual = np.array(leads, dtype=np.float64)
    adapted, share = usual, _USUAL_SHARE
    for _ in range(_ROUNDS):
        adapted = usual + _compute_log_odds(share) - UNKNOWN
        expected = float((1 / (1 + np.exp(-adapted))).sum())
        share = (_WEIGHT * _USUAL_SHARE + expected) / (_WEIGHT + len(leads))
        # A page without signs says little about the one mark on it that looks like a sign.
        share = min(share, _USUAL_SHARE)
    return [float(lead) for lead in adapted]
