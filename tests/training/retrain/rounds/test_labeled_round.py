"""What the label of a round is, and where it comes from."""

from __future__ import annotations

import numpy as np
import pytest

from feedback.records import Round
from recognition import encode_png
from recognition.alphabets import CLASSES
from recognition.render import render
from recognition.strokes import parse_strokes
from tests.strokes import Samples
from tests.training.player_rounds import make_drawn_round
from training.retrain.rounds.labeled_round import LabeledRound, RejectReason, label_rounds


def label(round_: Round, decision: str | None = None) -> LabeledRound:
    """Return a round that must have a label."""
    (labeled,), rejected = label_rounds([round_], {} if decision is None else {round_.id: decision})
    assert not rejected
    return labeled


def reject(round_: Round, decision: str | None = None) -> RejectReason:
    """Return why a round is rejected."""
    labeled, [(round_id, reason)] = label_rounds([round_], {} if decision is None else {round_.id: decision})
    assert not labeled
    assert round_id == round_.id
    return reason


def test_the_label_of_a_hit_is_its_target_weighted_by_the_confidence(samples: Samples) -> None:
    hit = label(
        make_drawn_round(
            samples.get("7")[0], target="7", outcome="hit", confidence=0.83, label=None, label_by=None
        )
    )
    assert (CLASSES[hit.label], hit.weight, hit.label_by) == ("7", 0.83, "hit")


def test_the_player_overrides_the_hit(samples: Samples) -> None:
    hit = label(make_drawn_round(samples.get("1")[0], target="7", outcome="hit", confidence=0.6, label="1"))
    assert (CLASSES[hit.label], hit.weight, hit.label_by) == ("1", 1.0, "player")


@pytest.mark.parametrize("outcome", ["skip", "timeout"])
def test_the_label_of_a_miss_is_only_what_was_asked_for(samples: Samples, outcome: str) -> None:
    miss = label(make_drawn_round(samples.get("1")[0], target="7", outcome=outcome, label=None, label_by=None))
    assert (CLASSES[miss.label], miss.label_by) == ("7", "prompt")


def test_a_decision_overrides_the_player(samples: Samples) -> None:
    decided = label(make_drawn_round(samples.get("1")[0], label="7"), decision="1")
    assert (CLASSES[decided.label], decided.label_by) == ("1", "curator")


def test_an_uploaded_character_has_the_image_of_its_crop(samples: Samples) -> None:
    crop = encode_png(render(parse_strokes(samples.get("7")[0].strokes))[0, ..., 0])
    upload = label(make_drawn_round(samples.get("7")[0], source="upload", drawing=None, crop=crop))
    assert upload.strokes is None
    assert upload.image[..., 0].any()
    assert not upload.image[..., 1:].any()


def test_each_rejection_has_its_reason(samples: Samples) -> None:
    seven = samples.get("7")[0]
    blank = encode_png(np.zeros((28, 28), np.uint8))
    assert reject(make_drawn_round(seven, flag="rude")) is RejectReason.FLAGGED
    assert reject(make_drawn_round(seven, drawing=[])) is RejectReason.EMPTY
    assert reject(make_drawn_round(seven, drawing=[[[], [], []]])) is RejectReason.EMPTY
    assert reject(make_drawn_round(seven, drawing=None, crop=b"no picture")) is RejectReason.EMPTY
    assert reject(make_drawn_round(seven, drawing=None, crop=blank)) is RejectReason.EMPTY
    assert reject(make_drawn_round(seven, label="?")) is RejectReason.UNLABELLED
    assert reject(make_drawn_round(seven, label=None, label_by=None)) is RejectReason.UNLABELLED
    assert reject(make_drawn_round(seven), decision="") is RejectReason.DROPPED
