"""From rounds to those that teach and those that judge."""

from __future__ import annotations

import pytest

from tests.strokes import Samples
from tests.training.playing import drawing_of, drawn, month, players
from training.retrain.held_out import split
from training.retrain.rounds.samples import Refused
from training.retrain.split_data import gather


@pytest.mark.parametrize("outcome", ["skip", "timeout"])
def test_what_was_not_understood_judges_as_what_was_asked_for_and_never_teaches(
    samples: Samples, outcome: str
) -> None:
    labelled = month(Samples(tuple(samples)[::3]), teaching=2, judging=2)
    seven = samples.get("7")[0]
    missed = [
        drawn(
            seven,
            player=next(players(judging=judging)),
            drawing=drawing_of(seven, narrower=narrower),
            target="7",
            outcome=outcome,
            label=None,
            label_by=None,
        )
        for judging, narrower in ((False, 0.7), (True, 0.6))
    ]
    before, after = gather(labelled, {}), gather([*labelled, *missed], {})
    teaching, judging = split(after.found)
    assert missed[0].id not in {one.round for one in after.found}
    assert after.refused[Refused.UNLABELLED] == 1
    assert [one.round for one in judging if one.said_by == "prompt"] == [missed[1].id]
    assert [one.round for one in teaching] == [one.round for one in split(before.found)[0]]
