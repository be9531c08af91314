"""How much of base data a challenger may lose."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from recognition.alphabets import ALPHABETS, DIGITS
from recognition.model.network import BUNDLED, Model
from recognition.render import Images
from training.datasets.sources import UNIPEN_VALIDATION
from training.datasets.splits import split_unipen
from training.datasets.strokes import StrokeSet
from training.retrain.base_data import load_base_sets
from training.retrain.base_gate import (
    BaseSet,
    compare_on_base_data,
    describe_losses,
    list_objections,
)
from training.retrain.bounds import MAX_LOST_SHARE
from training.retrain.compare import Comparison, compare


class DigitBlind(Model):
    """The bundled model, except that it reads every digit as a letter."""

    def compute_scores(self, image: Images, *, may_repeat: bool = True) -> npt.NDArray[np.float64]:
        scores = super().compute_scores(image, may_repeat=may_repeat)
        scores[: len(DIGITS)] -= 1000
        return scores


def make_comparison(gained: int, lost: int, samples: int = 10_000) -> Comparison:
    champion = np.arange(samples) < samples // 2
    challenger = champion.copy()
    challenger[:lost] = False
    challenger[samples // 2 : samples // 2 + gained] = True
    return compare("digits of 53 writers", champion, challenger)


@pytest.mark.parametrize(("lost", "is_too_much"), [(0, False), (49, False), (50, True), (51, True)], ids=str)
def test_half_a_percentage_point_is_too_much_to_lose(lost: int, is_too_much: bool) -> None:
    comparison = make_comparison(0, lost)
    assert (comparison.difference == -MAX_LOST_SHARE) is (lost == 50)
    assert bool(list_objections([make_comparison(5, 5), comparison])) is is_too_much


def test_a_promotion_claims_no_more_than_was_measured() -> None:
    described = describe_losses([make_comparison(3, 3), make_comparison(0, 20)])
    assert "at most 0.20 %" in described
    assert described.count("digits of 53 writers") == 2
    assert "Nothing else was measured" in described
    assert "loses nothing" in describe_losses([make_comparison(5, 3)])
    assert "no base data" in describe_losses([])


def test_a_loss_of_one_alphabet_is_seen(drawings: StrokeSet) -> None:
    base_set = BaseSet("people", drawings, tuple(ALPHABETS))
    champion = Model.load(BUNDLED)
    challenger = DigitBlind.load(BUNDLED)
    by_title = {c.title: c for c in compare_on_base_data(champion, challenger, [base_set])}
    assert by_title["uppercase letters of people"].lost == by_title["lowercase letters of people"].lost == 0
    among_all = by_title["characters of people"]
    assert among_all.lost > 0
    # Within the alphabet of digits it still reads them: the scores keep their order.
    assert by_title["digits of people"].lost == 0
    assert "characters of people" in list_objections(list(by_title.values()))[0]


def test_every_drawing_that_is_kept_apart_is_tested(data: Path) -> None:
    drawings, *_ = load_base_sets(data)
    held_out = split_unipen(data)[1]
    validation = StrokeSet.load(data / UNIPEN_VALIDATION.files[0])
    assert isinstance(drawings.samples, StrokeSet)
    assert len(drawings.samples) == len(held_out) + len(validation)
    people = len(np.unique(held_out.writers)) + len(np.unique(validation.writers))
    assert len(np.unique(drawings.samples.writers)) == people
    assert set(drawings.alphabets) == set(ALPHABETS)
