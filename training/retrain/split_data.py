"""Split the usable rounds into those to train on, those that judge, and those set aside as doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from feedback.quarantine import Doubt
from feedback.records import SYNTHETIC
from training.retrain.compare import ComparisonSet
from training.retrain.held_out import Judges
from training.retrain.label_check import LabelCheck, find_contradicted, is_by_distrusted, make_doubt
from training.retrain.rounds.gates import apply_gates, find_excess
from training.retrain.rounds.labeled_round import LabeledRound, RejectReason, stack_images, stack_labels
from training.retrain.rounds.usable import UsableRounds, check_enough


@dataclass(frozen=True, slots=True)
class SplitData:
    """The rounds of a retrain, divided by their use.

    Attributes:
        training: rounds of players who do not judge, and generated ones. None of their labels is in doubt.
        judging: rounds of the judges. Rounds whose label is in doubt stay among them: a doubt must not choose the
            winner. So do drawings that were not recognized, with the target as their label: the champion reads
            every hit, so on hits alone it would always win. Rounds of distrusted judges are left out.
        doubts: the rounds in doubt, for a person to decide on.
        quarantined: the same rounds as labeled rounds, by id.
        rejected: how many rounds were rejected, by reason.
        stored: how many rounds there were in all.
        distrusted: the players who have too many contradicted labels.
        judges: the players who judge.
        ids: the ids of all those stored rounds.
    """

    training: tuple[LabeledRound, ...]
    judging: tuple[LabeledRound, ...]
    doubts: tuple[Doubt, ...]
    quarantined: Mapping[str, LabeledRound]
    rejected: Counter[RejectReason]
    stored: int
    distrusted: frozenset[str]
    judges: Judges
    ids: frozenset[str]

    def check_enough(self) -> None:
        """Check that enough rounds are left to train on.

        Raises:
            TooFewRounds: if not.
        """
        where = f"left after {len(self.doubts):,} were set aside as doubtful"
        check_enough(self.training, where)

    def summarize_training(self) -> dict[str, object]:
        """Return the entry of a model's card about the rounds it was trained on."""
        players = {round_.player for round_ in self.training} - {SYNTHETIC}
        sources = Counter(round_.source for round_ in self.training)
        return {
            "rounds": len(self.training),
            "players": len(players),
            "by_source": dict(sorted(sources.items())),
            "trained_from": self.judges.below,
        }

    def make_comparison_set(self) -> ComparisonSet:
        """Return the judges' rounds for both models to read."""
        players = len({round_.player for round_ in self.judging})
        return ComparisonSet(
            title=f"drawings of {players} held-out players",
            images=stack_images(self.judging),
            labels=stack_labels(self.judging),
            alphabets=[round_.alphabet for round_ in self.judging],
        )


def split_data(usable: UsableRounds, label_check: LabelCheck) -> SplitData:
    """Set aside doubtful labels and the rounds of distrusted players, and split the rest."""
    probabilities, distrusted = label_check.check_rounds(usable.rounds, usable.judges)
    contradicted = find_contradicted(usable.rounds, probabilities).tolist()
    trusted: list[LabeledRound] = []
    doubts: list[Doubt] = []
    quarantined: dict[str, LabeledRound] = {}
    rejected = Counter(usable.rejected)
    for round_, is_contradicted, row in zip(usable.rounds, contradicted, probabilities, strict=True):
        if is_by_distrusted(distrusted, round_):
            reason = RejectReason.NOT_BELIEVED
        elif is_contradicted and not usable.judges.is_judge(round_.player):
            reason = RejectReason.DOUBTED
        else:
            trusted.append(round_)
            continue
        rejected[reason] += 1
        quarantined[round_.round_id] = round_
        doubts.append(make_doubt(round_, row, reason))
    passed, stopped = apply_gates(trusted, ((RejectReason.TOO_MANY, find_excess),))
    rejected.update(reason for _, reason in stopped)
    training, judging = usable.judges.separate(passed)
    return SplitData(
        tuple(training),
        tuple(judging),
        tuple(doubts),
        quarantined,
        rejected,
        usable.stored,
        distrusted,
        usable.judges,
        usable.ids,
    )
