"""Selects the stored rounds that can be used, without loading a network, and checks that they are enough."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.records import Round
from training.errors import TooFewRounds
from training.retrain.bounds import MIN_JUDGE_ROUNDS, MIN_JUDGES, MIN_TRAINING_ROUNDS
from training.retrain.held_out import is_judge
from training.retrain.rounds.gates import GATES, Mask, apply_gates
from training.retrain.rounds.labeled_round import LabeledRound, RejectReason, label_rounds


@dataclass(frozen=True, slots=True)
class UsableRounds:
    """Rounds that passed the gates that need no model.

    Attributes:
        rounds: those rounds, oldest first.
        rejected: how many rounds were rejected, by reason.
        stored: how many rounds there were in all.
    """

    rounds: tuple[LabeledRound, ...]
    rejected: Counter[RejectReason]
    stored: int

    @property
    def digest(self) -> str:
        """A hash of the rounds and their labels."""
        labels = [(round_.round_id, round_.label, round_.label_by) for round_ in self.rounds]
        return hashlib.sha256(repr(labels).encode()).hexdigest()


def filter_rounds(rounds: Iterable[Round], decided: Mapping[str, str]) -> UsableRounds:
    """Return the rounds that could train a model or test one.

    Args:
        rounds: stored rounds, oldest first.
        decided: what people decided on rounds in quarantine, by round id: a label, or "" to drop the round.

    Raises:
        TooFewRounds: if they cannot be enough.
    """
    stored = list(rounds)
    labeled, unlabeled = label_rounds(stored, decided)
    passed, stopped = apply_gates(labeled, ((RejectReason.UNLABELLED, _find_unconfirmed), *GATES))
    check_enough(passed, f"of {len(stored):,} stored")
    return UsableRounds(tuple(passed), Counter(reason for _, reason in [*unlabeled, *stopped]), len(stored))


def check_enough(rounds: Collection[LabeledRound], where: str) -> None:
    """Check that there are enough rounds to train on and to judge by.

    Raises:
        TooFewRounds: if not. ``where`` says in its text which rounds were counted.
    """
    judging = [round_ for round_ in rounds if is_judge(round_.player)]
    players = len({round_.player for round_ in judging})
    training = len(rounds) - len(judging)
    if training < MIN_TRAINING_ROUNDS:
        raise TooFewRounds(
            f"Too little to learn from yet: {training} rounds {where} can be trained on. "
            f"{MIN_TRAINING_ROUNDS} are needed."
        )
    if len(judging) < MIN_JUDGE_ROUNDS or players < MIN_JUDGES:
        raise TooFewRounds(
            "Too little to judge by yet: about one player in four is held out to judge and never trained on. "
            f"So far {players} of them drew {len(judging)} rounds {where}. {MIN_JUDGE_ROUNDS} rounds of "
            f"{MIN_JUDGES} players are needed."
        )


def _find_unconfirmed(rounds: Sequence[LabeledRound]) -> Mask:
    """Find rounds whose only label is the target of the prompt, unless their player is a judge."""
    return np.array([round_.label_by == "prompt" and not is_judge(round_.player) for round_ in rounds], dtype=bool)
