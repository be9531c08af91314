"""Decide whether a challenger replaces the champion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.retrain.bounds import MAX_LOST_SHARE, SIGNIFICANCE
from training.retrain.compare import Comparison


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided.

    Attributes:
        promoted: whether the challenger is promoted.
        reasons: why, one sentence each. The first sums it up.
    """

    promoted: bool
    reasons: tuple[str, ...]


def decide(players: Comparison, base: Sequence[Comparison]) -> Decision:
    """Promote the challenger if it reads held-out players better and stays within the bounds on every base set."""
    objections = [*_list_gain_objections(players)]
    for comparison in base:
        objections += _list_loss_objections(comparison)
    if objections:
        return Decision(False, ("The model in service stays.", *objections))
    gain = _format_percent(players.difference)
    reason = f"The challenger takes over: it reads {gain} more of what held-out players drew"
    if not base:
        return Decision(True, (f"{reason}. There was no base set to test it on.",))
    sets = f"{len(base)} base sets" if len(base) > 1 else "one base set"
    return Decision(True, (f"{reason}, and lost nothing beyond the bounds on the {sets} it was tested on.",))


def _list_gain_objections(players: Comparison) -> list[str]:
    if players.difference <= 0:
        return [f"It does not read held-out players better: {_format_counts(players)}."]
    if players.p >= SIGNIFICANCE:
        counts = f"{_format_counts(players)}, p = {players.p:.2g}, which must be under {SIGNIFICANCE:g}"
        return [f"It reads held-out players better, but that may be chance: {counts}."]
    return []


def _list_loss_objections(base: Comparison) -> list[str]:
    if -base.difference > MAX_LOST_SHARE:
        lost, allowed = _format_percent(-base.difference), _format_percent(MAX_LOST_SHARE)
        return [f"It reads {lost} less of {base.title}. The limit is {allowed}."]
    if base.difference < 0 and base.p < SIGNIFICANCE:
        return [
            f"It reads less of {base.title}, and that is not chance: {_format_counts(base)}, p = {base.p:.2g}."
        ]
    return []


def _format_counts(comparison: Comparison) -> str:
    return f"{comparison.gained} gained and {comparison.lost} lost of {comparison.samples:,}"


def _format_percent(share: float) -> str:
    return f"{100 * share:.2f} %"
