"""Whether a challenger takes the champion's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.retrain.bounds import MOST_LOST, SIGNIFICANCE
from training.retrain.compare import Comparison


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided.

    Attributes:
        promoted: whether the challenger is put to use.
        reasons: why, a sentence each; the first says it in short.
    """

    promoted: bool
    reasons: tuple[str, ...]


def decide(players: Comparison, base: Sequence[Comparison]) -> Decision:
    """Return whether the challenger is better for held-out players and not worse on any base set."""
    against = [*_not_better(players), *(sentence for one in base for sentence in _worse(one))]
    if against:
        return Decision(False, ("The model in use stays.", *against))
    more = _points(players.difference)
    reason = (
        f"The challenger takes over: it reads {more} more of what held-out players drew, and no less elsewhere."
    )
    return Decision(True, (reason,))


def _not_better(players: Comparison) -> list[str]:
    if players.difference <= 0:
        return [f"Held-out players are not read better: {_counted(players)}."]
    if players.p >= SIGNIFICANCE:
        counted = f"{_counted(players)}, p = {players.p:.2g}, and less than {SIGNIFICANCE:g} is asked for"
        return [f"That held-out players are read better may be chance: {counted}."]
    return []


def _worse(base: Comparison) -> list[str]:
    if -base.difference > MOST_LOST:
        return [f"It reads {_points(-base.difference)} less of {base.title}; {_points(MOST_LOST)} may be lost."]
    if base.difference < 0 and base.p < SIGNIFICANCE:
        return [f"It reads less of {base.title}, and that is not chance: {_counted(base)}, p = {base.p:.2g}."]
    return []


def _counted(one: Comparison) -> str:
    return f"{one.gained} drawings are won and {one.lost} lost of {one.samples:,}"


def _points(share: float) -> str:
    return f"{100 * share:.2f} %"
