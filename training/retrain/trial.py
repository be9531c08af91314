"""A trial: the judges' rounds, read by champion and challenger, and what is fixed before they are compared."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from training.errors import TooFewRounds
from training.retrain.bounds import (
    FALSE_PROMOTIONS,
    MAX_DRAWINGS_BETWEEN_TRIALS,
    MIN_JUDGE_ROUNDS,
    MIN_JUDGES,
    MIN_REGULAR_ROUNDS,
)
from training.retrain.compare import Comparison, Mask, compare_people
from training.retrain.evidence import Evidence, compute_spent, count_drawings
from training.retrain.power import Power, compute_power
from training.retrain.rounds.labeled_round import LabeledRound

OWN_HAND: Final = "Meanwhile, each player's own handwriting is learned at once, without a retrain."


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """What a trial is decided by, fixed before champion and challenger are compared.

    Attributes:
        number: how many trials there have been against the champion, this one included.
        limit: what p may be at most for a promotion.
        drawings: how many drawings of judges there have been for all trials, this one included.
    """

    number: int
    limit: float
    drawings: int

    @property
    def next_after(self) -> int:
        """How many more drawings of judges the trial after this one needs."""
        return min(self.drawings, MAX_DRAWINGS_BETWEEN_TRIALS)


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome of a trial. The names of the fields are keys in ``report.json``.

    Attributes:
        judges: number of people who judged.
        gaining: how many of them the challenger reads better.
        losing: how many of them it reads worse.
        p: the probability that chance alone makes people gain so much, from the test by people.
        limit: what p may be at most.
        number: how many trials there have been against this champion, this one included.
        next_after: how many more drawings of judges the next trial needs.
        power: what such a trial can show, and what would show more.
    """

    judges: int
    gaining: int
    losing: int
    p: float
    limit: float
    number: int
    next_after: int
    power: Power


def plan_trial(evidence: Evidence, judging: Sequence[LabeledRound]) -> TrialPlan:
    """Return the plan of the next trial against the champion.

    Args:
        evidence: the trials against it so far.
        judging: the judges' rounds.

    Raises:
        TooFewRounds: if no trial is due, or none could be won. The text says what is missing.
    """
    new = evidence.count_new(judging)
    drawings, number = evidence.drawings + new, len(evidence.trials) + 1
    if new and evidence.trials and evidence.trials[-1].is_won:
        # Without a gain, luck would have had to win that trial already. So holding this one at once adds no risk.
        return TrialPlan(number, evidence.trials[-1].limit, drawings)
    due = min(evidence.drawings, MAX_DRAWINGS_BETWEEN_TRIALS)
    if evidence.drawings and new < due:
        raise TooFewRounds(
            f"No new trial yet: the players who judge have drawn {_count(new, 'time')} since the last one. The "
            f"next trial takes place when they have drawn {due - new:,} more. {OWN_HAND}"
        )
    counts = Counter(round_.player for round_ in judging)
    judges = sum(count >= MIN_REGULAR_ROUNDS for count in counts.values())
    if judges < MIN_JUDGES:
        raise TooFewRounds(
            f"Too little to judge by yet: {_count(judges, 'player')} with at least {MIN_REGULAR_ROUNDS} drawings "
            f"can judge. At least {MIN_JUDGES} are needed, so that no single player decides. About half of the "
            f"players judge and are never trained on. {OWN_HAND}"
        )
    spent = compute_spent(evidence.drawings)
    needed = spent + 0.5**judges  # p is never less than this power of one half
    if needed >= FALSE_PROMOTIONS:
        more = math.floor(-math.log2(FALSE_PROMOTIONS - spent)) + 1 - judges
        raise TooFewRounds(
            f"{_count(judges, 'player')} who judge can no longer show that a model is better: they have judged "
            f"{_count(len(evidence.trials), 'time')}. At least {more} more such players are needed. {OWN_HAND}"
        )
    missing = max(MIN_JUDGE_ROUNDS, math.ceil(count_drawings(needed))) - drawings
    if missing > 0:
        since = " since the last trial" if evidence.until else ""
        raise TooFewRounds(
            f"Too little to judge by yet: {_count(judges, 'player')} who judge drew {_count(new, 'time')}{since}. "
            f"{missing:,} more drawings of such players are needed. {OWN_HAND}"
        )
    return TrialPlan(number, compute_spent(drawings) - spent, drawings)


def hold_trial(
    plan: TrialPlan, judging: Sequence[LabeledRound], champion: Mask, challenger: Mask
) -> tuple[Comparison, Trial]:
    """Return the comparison on the judges' drawings, and the outcome of the trial.

    Args:
        plan: what it is decided by.
        judging: the judges' rounds, N.
        champion: bool (N,), which of them the champion reads right.
        challenger: bool (N,), which of them the challenger reads right.
    """
    players = [round_.player for round_ in judging]
    counts = list(Counter(players).values())
    comparison, scores = compare_people(
        f"drawings of {len(counts)} held-out players", champion, challenger, players
    )
    regular = [count for count in counts if count >= MIN_REGULAR_ROUNDS]
    changed = (comparison.gained + comparison.lost) / comparison.samples
    return comparison, Trial(
        judges=len(counts),
        gaining=int((scores > 0).sum()),
        losing=int((scores < 0).sum()),
        p=comparison.p,
        limit=plan.limit,
        number=plan.number,
        next_after=plan.next_after,
        power=compute_power(regular, changed, plan.drawings, plan.limit),
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + "s" * (number != 1)
