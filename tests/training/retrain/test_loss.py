"""What players were asked for does not become what the model expects people to write."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from recognition.alphabets import CLASSES, DIGITS
from recognition.strokes import parse_strokes
from training.datasets.strokes import StrokeSet
from training.retrain.base_data import ReplaySet
from training.retrain.loss import make_retrain_loss
from training.retrain.replay import Oversampling, ReplayBatches, SamplePool, make_pools
from training.retrain.rounds.labeled_round import LabeledRound

STEPS = 30
SHARES = np.linspace(0.05, 0.6, 56)
"""Of all characters that are digits, as a network may believe."""

ONE_SIDED = {"digits": DIGITS, "letters": CLASSES[len(DIGITS) :], "one character": "7"}


def draw_truths(batches: ReplayBatches) -> npt.NDArray[np.float32]:
    return np.concatenate([batches[step][1] for step in range(STEPS)])


def find_best_share(
    truths: npt.NDArray[np.float32], counts: npt.NDArray[np.float64], base: Oversampling, new: Oversampling
) -> float:
    """Return the share of digits for which the loss of a network that cannot tell them from letters is least."""
    loss = make_retrain_loss(base, new, label_smoothing=0, kind_loss_weight=0.5, distillation_weight=0)
    is_digit = np.arange(len(CLASSES)) < len(DIGITS)
    losses = []
    for share in SHARES.tolist():
        belief = counts * np.where(is_digit, share / counts[is_digit].sum(), (1 - share) / counts[~is_digit].sum())
        outputs = np.tile(np.float32(belief), (len(truths), 2))
        losses.append(float(np.mean(loss(truths, outputs))))
    return float(SHARES[np.argmin(losses)])


@pytest.mark.parametrize("played", ONE_SIDED)
def test_a_one_sided_month_does_not_change_how_often_a_digit_is_expected(drawings: StrokeSet, played: str) -> None:
    counts = np.bincount(drawings.labels, minlength=len(CLASSES)).astype(np.float64)
    natural = counts[: len(DIGITS)].sum() / counts.sum()
    asked_for = [CLASSES.index(character) for character in ONE_SIDED[played]]
    rounds = drawings.take(np.flatnonzero(np.isin(drawings.labels, asked_for)))
    pool = SamplePool(rounds, np.ones(len(rounds)), np.ones(len(rounds), dtype=np.bool_))
    batches = ReplayBatches([pool], [ReplaySet(drawings, len(drawings))], channels=1, steps=STEPS, seed=1)
    truths = draw_truths(batches)
    learned = find_best_share(truths, counts, batches.oversampling_base, batches.oversampling_new)
    assert learned == pytest.approx(natural, abs=0.025)
    as_base_data = find_best_share(truths, counts, batches.oversampling_base, batches.oversampling_base)
    assert abs(as_base_data - natural) > 0.035


def test_sets_of_one_kind_each_are_enough_to_train_on(drawings: StrokeSet) -> None:
    is_digit = drawings.labels < len(DIGITS)
    replay = [ReplaySet(drawings.take(np.flatnonzero(mask)), 100) for mask in (is_digit, ~is_digit)]
    pool = SamplePool(drawings, np.ones(len(drawings)), np.ones(len(drawings), dtype=np.bool_))
    batches = ReplayBatches([pool], replay, channels=1, steps=1, seed=1)
    loss = make_retrain_loss(batches.oversampling_base, batches.oversampling_new, 0.05, 0.5, 1.0)
    even = np.full((len(batches[0][1]), 2 * len(CLASSES)), 1 / len(CLASSES), np.float32)
    assert np.isfinite(np.asarray(loss(batches[0][1], even))).all()


def test_distillation_pulls_toward_the_champion_on_base_data_alone() -> None:
    even = Oversampling(np.ones(len(CLASSES), np.float32), np.ones(len(CLASSES), np.float32))
    with_champion, alone = (make_retrain_loss(even, even, 0, 0.5, weight) for weight in (1.0, 0.0))
    network, champion = (np.full(len(CLASSES), 1e-4, np.float32) for _ in range(2))
    network[1], champion[7] = 1, 1
    outputs = np.concatenate((network / network.sum(), champion / champion.sum()))[None]

    def measure(is_new: bool) -> float:
        truth = np.zeros((1, len(CLASSES) + 4), np.float32)
        truth[0, [1, -4, -3]] = 1
        truth[0, [-2, -1]] = is_new
        return float(with_champion(truth, outputs)[0]) - float(alone(truth, outputs)[0])

    assert measure(is_new=False) > 5
    assert measure(is_new=True) == 0


def make_round(alphabet: str) -> LabeledRound:
    strokes = parse_strokes([[(0, 0), (10, 0), (5, 20)]])
    image = np.zeros((28, 28, 9), np.uint8)
    return LabeledRound(alphabet, "player", "challenge", alphabet, 7, 1.0, "hit", strokes, image)


def test_only_a_game_of_all_characters_shows_how_to_tell_digits_from_letters() -> None:
    alphabets: Sequence[str] = ("any", "digits", "upper", "lower", "letters")
    (pool,) = make_pools([make_round(alphabet) for alphabet in alphabets])
    assert pool.has_all_kinds.tolist() == [True, False, False, False, False]
