"""When a trial takes place, and what people are told if none does."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from recognition.render import render
from recognition.strokes import parse_strokes
from training.errors import TooFewRounds
from training.retrain.bounds import FALSE_PROMOTIONS, MAX_DRAWINGS_BETWEEN_TRIALS
from training.retrain.evidence import Evidence, PastTrial, compute_spent
from training.retrain.power import compute_power, compute_smallest_gain
from training.retrain.rounds.labeled_round import LabeledRound
from training.retrain.trial import hold_trial, plan_trial

IMAGE = render(parse_strokes([np.array([[0.0, 0.0], [0.0, 9.0]])]))[0]
NO_TRIAL = Evidence("champion", 0, "", ())
IDS = count()


def make_rounds(players: int, each: int) -> list[LabeledRound]:
    return [
        LabeledRound(f"{next(IDS):09}", f"p{player}", "challenge", "digits", 1, 1.0, "hit", None, IMAGE)
        for _ in range(each)
        for player in range(players)
    ]


def after_trial(judging: list[LabeledRound], evidence: Evidence = NO_TRIAL) -> Evidence:
    trial = PastTrial("challenger", 6, len(judging), 3, 2, 0.3, 0.02)
    return evidence.add_trial(trial, judging, judging[-1].round_id)


@pytest.mark.parametrize(
    ("players", "each", "message"),
    [
        (0, 0, "^Too little to judge by yet: 0 players .* At least 5 are needed"),
        (4, 400, "^Too little to judge by yet: 4 players"),
        (30, 9, "^Too little to judge by yet: 0 players with at least 10 drawings"),
        (6, 10, r"^Too little to judge by yet: 6 players who judge drew 60 times\. 108 more"),
    ],
)
def test_what_is_missing_is_said(players: int, each: int, message: str) -> None:
    with pytest.raises(TooFewRounds, match=message) as raised:
        plan_trial(NO_TRIAL, make_rounds(players, each))
    assert "each player's own handwriting is learned at once" in str(raised.value)


def test_what_is_missing_is_enough() -> None:
    judging = make_rounds(6, 28)
    assert plan_trial(NO_TRIAL, judging).limit >= 0.5**6
    with pytest.raises(TooFewRounds, match=r" 1 more drawings|^Too little"):
        plan_trial(NO_TRIAL, judging[:167])


def test_no_new_rounds_no_new_trial() -> None:
    judging = make_rounds(12, 50)
    evidence = after_trial(judging)
    with pytest.raises(TooFewRounds, match=r"have drawn 0 times since the last one.* 600 more"):
        plan_trial(evidence, judging)
    later = make_rounds(12, 49)
    with pytest.raises(TooFewRounds, match=r"have drawn 588 times since the last one.* 12 more"):
        plan_trial(evidence, judging + later)
    plan = plan_trial(evidence, judging + later + make_rounds(12, 1))
    assert plan.drawings == 1200
    assert plan.limit == pytest.approx(compute_spent(1200) - compute_spent(600))


def test_after_a_won_trial_the_next_one_takes_place_with_the_next_round() -> None:
    judging = make_rounds(12, 50)
    won = PastTrial("challenger", 12, len(judging), 30, 2, 0.01, 0.02)  # base data stopped this challenger
    evidence = NO_TRIAL.add_trial(won, judging, judging[-1].round_id)
    with pytest.raises(TooFewRounds):
        plan_trial(evidence, judging)
    assert plan_trial(evidence, judging + make_rounds(1, 1)).limit == won.limit


def test_a_trial_is_never_further_away_than_what_a_retrain_reads() -> None:
    evidence = Evidence("champion", 10**6, "", ())
    assert plan_trial(evidence, make_rounds(40, 250)).next_after == MAX_DRAWINGS_BETWEEN_TRIALS


def test_a_small_group_that_has_used_up_its_trials_needs_more_people() -> None:
    first = make_rounds(5, 400)
    plan_trial(NO_TRIAL, first)
    with pytest.raises(TooFewRounds, match=r"can no longer show .* judged 1 time\. At least 2 more"):
        plan_trial(after_trial(first), first + make_rounds(5, 400))
    assert plan_trial(after_trial(first), first + make_rounds(8, 400)).limit >= 0.5**8


def test_a_trial_counts_people_and_drawings() -> None:
    judging = make_rounds(6, 50)
    champion = np.arange(len(judging)) % 10 != 0
    plan = plan_trial(NO_TRIAL, judging)
    comparison, trial = hold_trial(plan, judging, champion, np.ones(len(judging), bool))
    assert (comparison.gained, comparison.lost, comparison.samples) == (30, 0, 300)
    assert (trial.judges, trial.gaining, trial.losing) == (6, 3, 0)  # of six, every tenth drawing is one of three
    assert trial.p == comparison.p == 1 / 8
    assert comparison.low < comparison.difference < comparison.high


def test_more_drawings_and_more_people_show_smaller_gains() -> None:
    few, more_drawings, more_people = (
        compute_smallest_gain(people, each, 0.03, 0.02) or 0 for people, each in [(12, 50), (12, 200), (30, 200)]
    )
    assert few > more_drawings > more_people > 0
    assert compute_smallest_gain(5, 400, 0.03, 0.02) is None  # 1 in 32 is more than 2 %
    assert compute_smallest_gain(9, 400, 0.03, FALSE_PROMOTIONS) is not None


def test_what_would_suffice_suffices() -> None:
    power = compute_power([50] * 12, 0.03, 600, 0.02)
    assert power.smallest_gain is not None
    assert power.target is not None
    assert power.more_players is not None
    assert power.target < power.smallest_gain
    judges = 12 + power.more_players // 2
    limit = compute_spent(600 + max(600, 50 * judges - 600)) - compute_spent(600)
    shown = compute_smallest_gain(judges, 50, 0.03, limit)
    assert shown is not None
    assert shown <= power.target
    assert compute_power([400] * 200, 0.02, 80_000, 0.02).target is None  # smaller gains hardly matter
