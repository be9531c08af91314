"""Selects the stored rounds that can be used, without loading a network, and checks that they are enough."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback.records import Round
from training.errors import TooFewRounds
from training.retrain.bounds import MIN_TRAINING_ROUNDS
from training.retrain.held_out import NEVER_TRAINED, Judges, choose_judges
from training.retrain.rounds.gates import GATES, Mask, apply_gates
from training.retrain.rounds.labeled_round import LabeledRound, RejectReason, label_rounds


@dataclass(frozen=True, slots=True)
class UsableRounds:
    """Rounds that passed the gates that need no model.

    Attributes:
        rounds: those rounds, oldest first.
        rejected: how many rounds were rejected, by reason.
        stored: how many rounds there were in all.
        judges: the players who judge.
        ids: the ids of all those stored rounds.
    """

    rounds: tuple[LabeledRound, ...]
    rejected: Counter[RejectReason]
    stored: int
    judges: Judges
    ids: frozenset[str]

    @property
    def judging(self) -> list[LabeledRound]:
        """The rounds of the judges."""
        return self.judges.separate(self.rounds)[1]

    @property
    def digest(self) -> str:
        """A hash of the rounds and their labels."""
        labels = [(round_.round_id, round_.label, round_.label_by) for round_ in self.rounds]
        return hashlib.sha256(repr(labels).encode()).hexdigest()


def filter_rounds(
    rounds: Iterable[Round], decided: Mapping[str, str], trained_from: float = NEVER_TRAINED
) -> UsableRounds:
    """Return the rounds that could train a model or test one.

    Args:
        rounds: stored rounds, oldest first.
        decided: what people decided on rounds in quarantine, by round id: a label, or "" to drop the round.
        trained_from: the lowest number of a player that the champion was trained on (see `choose_judges`).

    Raises:
        TooFewRounds: if they cannot be enough to train on.
    """
    stored = list(rounds)
    labeled, unlabeled = label_rounds(stored, decided)
    judges = choose_judges((round_.player for round_ in labeled), trained_from)

    def find_unconfirmed(rounds: Sequence[LabeledRound]) -> Mask:
        """Find rounds whose only label is the target of the prompt, unless their player is a judge."""
        return np.array(
            [round_.label_by == "prompt" and not judges.is_judge(round_.player) for round_ in rounds], dtype=bool
        )

    passed, stopped = apply_gates(labeled, ((RejectReason.UNLABELLED, find_unconfirmed), *GATES))
    rejected = Counter(reason for _, reason in [*unlabeled, *stopped])
    usable = UsableRounds(tuple(passed), rejected, len(stored), judges, frozenset(round_.id for round_ in stored))
    check_enough(judges.separate(passed)[0], f"of {len(stored):,} stored")
    return usable


def check_enough(training: Sequence[LabeledRound], where: str) -> None:
    """Check that there are enough rounds to train on.

    Raises:
        TooFewRounds: if not. ``where`` says in its text which rounds were counted.
    """
    if len(training) < MIN_TRAINING_ROUNDS:
        raise TooFewRounds(
            f"Too little to learn from yet: {len(training)} rounds {where} can be trained on. "
            f"{MIN_TRAINING_ROUNDS} are needed."
        )
