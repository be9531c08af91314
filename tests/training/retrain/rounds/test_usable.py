"""Which rounds are usable, and whether they are enough."""

from __future__ import annotations

import pytest

from feedback.records import Round
from tests.strokes import Samples
from tests.training.player_rounds import list_player_ids, make_drawing, make_drawn_round, make_month
from training.errors import TooFewRounds
from training.retrain.bounds import MIN_TRAINING_ROUNDS
from training.retrain.rounds.labeled_round import RejectReason
from training.retrain.rounds.usable import filter_rounds


@pytest.mark.parametrize("outcome", ["skip", "timeout"])
def test_a_drawing_that_was_not_recognized_judges_by_its_target_and_never_trains(
    samples: Samples, outcome: str
) -> None:
    labeled = make_month(Samples(tuple(samples)[::3]), trainers=2, judges=2)
    seven = samples.get("7")[0]

    def miss(player: str, narrower: float) -> Round:
        drawing = make_drawing(seven, narrower=narrower)
        unlabeled = {"target": "7", "outcome": outcome, "label": None, "label_by": None}
        return make_drawn_round(seven, player=player, drawing=drawing, **unlabeled)

    by_trainer = miss(next(list_player_ids(judges=False)), 0.7)
    by_judge = miss(next(list_player_ids(judges=True)), 0.6)
    before = filter_rounds(labeled, {})
    after = filter_rounds([*labeled, by_trainer, by_judge], {})
    added = {round_.round_id for round_ in after.rounds} - {round_.round_id for round_ in before.rounds}
    assert added == {by_judge.id}
    assert after.rejected[RejectReason.UNLABELLED] == 1
    assert after.stored == len(labeled) + 2


def test_too_few_rounds_are_counted(samples: Samples) -> None:
    some = Samples(tuple(samples)[:MIN_TRAINING_ROUNDS])
    enough = make_month(some, trainers=1, judges=1)
    with pytest.raises(TooFewRounds, match=f"^Too little to learn from yet: {MIN_TRAINING_ROUNDS - 1} rounds"):
        filter_rounds(enough[1:], {})
    usable = filter_rounds(enough, {})
    assert len(usable.rounds) == 2 * len(usable.judging) == 2 * len(some)
    assert usable.ids == {round_.id for round_ in enough}
