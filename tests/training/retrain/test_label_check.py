"""Which labels are doubted, and which players are distrusted."""

from __future__ import annotations

import numpy as np

from recognition.alphabets import CLASSES
from tests.strokes import Samples
from tests.training.player_rounds import make_drawn_round
from training.evaluation.metrics import Floats
from training.retrain.label_check import MIN_LABELS_TO_DISTRUST, find_contradicted, find_distrusted_players
from training.retrain.rounds.labeled_round import label_rounds


def make_sure_of(characters: str) -> Floats:
    """Return probabilities (N, 62) that are almost all on one character each."""
    probabilities = np.full((len(characters), len(CLASSES)), 1e-4)
    probabilities[np.arange(len(characters)), [CLASSES.index(c) for c in characters]] = 0.99
    return probabilities


def test_a_player_who_labels_everything_7_is_distrusted_and_one_who_errs_now_and_then_is_not(
    samples: Samples,
) -> None:
    digits = "0123456789"
    vandal = [make_drawn_round(samples.get(c)[0], player="eve", label="7") for c in digits]
    honest = [make_drawn_round(samples.get(c)[1], player="ada", label="9" if c == "1" else c) for c in digits]
    hits = [
        make_drawn_round(samples.get(c)[2], player="eve", target=c, outcome="hit", label=None, label_by=None)
        for c in digits * 3
    ]
    rounds, _ = label_rounds([*vandal, *honest, *hits], {})
    contradicted = find_contradicted(rounds, make_sure_of(digits * 5))
    assert contradicted[:10].sum() == 9
    assert contradicted[10:20].sum() == 1
    assert find_distrusted_players(rounds, contradicted) == {"eve"}  # the hits do not help
    few = MIN_LABELS_TO_DISTRUST - 1
    assert not find_distrusted_players(rounds[:few], contradicted[:few])


def test_a_look_alike_does_not_contradict(samples: Samples) -> None:
    rounds, _ = label_rounds([make_drawn_round(samples.get(c)[0]) for c in "Osg"], {})
    assert find_contradicted(rounds, make_sure_of("0S9")).tolist() == [False, False, True]


def test_a_curator_is_never_contradicted(samples: Samples) -> None:
    round_ = make_drawn_round(samples.get("1")[0], label="7")
    rounds, _ = label_rounds([round_], {round_.id: "1"})
    assert not find_contradicted(rounds, make_sure_of("7")).any()


def test_what_was_only_asked_for_is_not_contradicted(samples: Samples) -> None:
    skip = make_drawn_round(samples.get("1")[0], target="7", outcome="skip", label=None, label_by=None)
    rounds, _ = label_rounds([skip], {})
    assert not find_contradicted(rounds, make_sure_of("1")).any()
