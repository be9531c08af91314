"""Decide whether a challenger replaces the champion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.retrain.base_gate import describe_losses, list_objections
from training.retrain.bounds import FALSE_PROMOTIONS
from training.retrain.compare import Comparison
from training.retrain.power import Power
from training.retrain.trial import Trial


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided.

    Attributes:
        promoted: whether the challenger is promoted.
        reasons: why, one sentence or a few each. The first sums it up.
    """

    promoted: bool
    reasons: tuple[str, ...]


def decide(players: Comparison, trial: Trial, base: Sequence[Comparison]) -> Decision:
    """Promote the challenger if it reads held-out players better and stays within the bounds on every base set."""
    objections = [*_list_gain_objections(players, trial), *list_objections(base)]
    if objections:
        changes = f"The challenger {_describe_changes(players, trial)}."
        return Decision(False, ("The model in service stays.", changes, *objections))
    return Decision(
        True,
        (
            f"The challenger takes over: it {_describe_changes(players, trial)}.",
            f"Chance alone replaces a model at most {_format_odds(FALSE_PROMOTIONS)}, however often you retrain.",
            describe_losses(base),
        ),
    )


def is_gain_shown(players: Comparison, trial: Trial) -> bool:
    """Return whether the trial showed that the challenger reads people better."""
    return players.difference > 0 and trial.p <= trial.limit


def explain_power(power: Power) -> str:
    """Return what a trial can show and what would show more, in a few sentences."""
    if power.smallest_gain is None:
        shown = "With so few people, a gain would show only if nearly all of them gained."
    else:
        gain = _format_gain(power.smallest_gain)
        shown = f"With so many people and drawings, only a gain above about {gain} would show."
    ways = []
    if power.more_drawings is not None:
        ways.append(f"{power.more_drawings:,} more drawings by the same people")
    if power.more_players is not None:
        ways.append(f"{power.more_players:,} more players, half of whom judge")
    if power.target is None or not ways:
        return shown
    return f"{shown} To show a gain of {_format_gain(power.target)}, about {', or '.join(ways)}, would be enough."


def _list_gain_objections(players: Comparison, trial: Trial) -> list[str]:
    if is_gain_shown(players, trial):
        return []
    verdict = "That is no gain." if players.difference <= 0 else "That may be chance."
    return [
        verdict,
        explain_power(trial.power),
        f"The next trial takes place when people who judge have drawn {trial.next_after:,} more.",
    ]


def _describe_changes(players: Comparison, trial: Trial) -> str:
    return (
        f"read {players.gained:,} more and {players.lost:,} fewer of {players.samples:,} drawings by "
        f"{trial.judges:,} people that no model was trained on"
    )


def _format_odds(share: float) -> str:
    return f"once in {round(1 / share)} times"


def _format_gain(share: float) -> str:
    return f"{100 * share:.2g} %"
