"""What the gates reject, and what they let pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from feedback.records import SYNTHETIC
from tests.strokes import Samples
from tests.training.player_rounds import make_drawing, make_drawn_round
from training.datasets.strokes import StrokeSet
from training.retrain.rounds.gates import apply_gates, find_excess, find_repeats, measure_line_length
from training.retrain.rounds.labeled_round import (
    MAX_ROUNDS_PER_PLAYER,
    LabeledRound,
    RejectReason,
    label_rounds,
)


def test_a_scribble_is_rejected_unless_a_curator_labeled_it(samples: Samples) -> None:
    zigzag = [[[0, 900] * 12, list(range(0, 960, 40)), [0] * 24]]
    seven = samples.get("7")[0]
    by_player, by_curator = (
        make_drawn_round(seven, drawing=zigzag, label_by=label_by) for label_by in ("player", "curator")
    )
    for round_, rejected in ((by_player, [(by_player.id, RejectReason.SCRIBBLE)]), (by_curator, [])):
        labeled, _ = label_rounds([round_], {})
        assert apply_gates(labeled) == ([] if rejected else labeled, rejected)


def test_no_real_character_is_a_scribble(drawings: StrokeSet) -> None:
    lengths = [measure_line_length(drawings.take(np.array([i])).strokes) for i in range(len(drawings))]
    assert 0 < min(lengths) < max(lengths) < 6.5


def test_the_same_drawing_counts_once_wherever_it_was_drawn(samples: Samples) -> None:
    seven = samples.get("7")[0]
    moved = [[[x + 3 for x in xs], ys, times] for xs, ys, times in make_drawing(seven)]
    rounds = [
        make_drawn_round(seven),
        make_drawn_round(seven, drawing=moved, player="eve"),
        make_drawn_round(samples.get("8")[0]),
    ]
    labeled, _ = label_rounds(rounds, {})
    assert find_repeats(labeled).tolist() == [False, True, False]


@given(st.lists(st.sampled_from(["ada", "bob", SYNTHETIC]), max_size=30), st.integers(1, 5))
def test_only_the_newest_rounds_of_a_player_pass_up_to_the_limit(players: list[str], limit: int) -> None:
    usual = LabeledRound("r", "ada", "draw", "any", 7, 1.0, "player", None, np.zeros((28, 28, 9), np.uint8))
    rounds = [replace(usual, round_id=str(number), player=player) for number, player in enumerate(players)]
    rejected = find_excess(rounds, limit)
    for player in ("ada", "bob"):
        own = [is_rejected for is_rejected, p in zip(rejected, players, strict=True) if p == player]
        assert own == [True] * (len(own) - limit) + [False] * min(limit, len(own))
    assert not any(is_rejected for is_rejected, p in zip(rejected, players, strict=True) if p == SYNTHETIC)
    assert MAX_ROUNDS_PER_PLAYER >= 100
