"""What may teach, and why something may not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.export import encode_ndjson
from feedback.records import SYNTHETIC, Round
from recognition import encode_png
from recognition.alphabets import CLASSES
from recognition.render import render
from recognition.strokes import parse_strokes
from tests.strokes import Samples
from tests.training.playing import drawing_of, drawn
from training.datasets.strokes import StrokeSet
from training.errors import UnreadableRounds
from training.evaluation.metrics import Floats
from training.retrain.rounds.doubts import FEWEST_SAID, contradicted, not_believed
from training.retrain.rounds.file import rounds_of
from training.retrain.rounds.gates import line_length, passed, repeats, too_many
from training.retrain.rounds.samples import MOST_OF_A_PLAYER, Candidate, Refused, candidates


def one(kept: Round, decided: str | None = None) -> Candidate | Refused:
    """Return what becomes of a round alone."""
    found, refused = candidates([kept], {} if decided is None else {kept.id: decided})
    left, stopped = passed(found)
    reasons = [reason for _, reason in [*refused, *stopped]]
    assert len(left) + len(reasons) == 1
    return left[0] if left else reasons[0]


def test_a_hit_teaches_its_target_as_surely_as_it_was_one(samples: Samples) -> None:
    hit = drawn(samples.get("7")[0], target="7", outcome="hit", confidence=0.83, label=None, label_by=None)
    taught = one(hit)
    assert isinstance(taught, Candidate)
    assert (CLASSES[taught.label], taught.weight, taught.said_by) == ("7", 0.83, "hit")


def test_what_a_person_said_goes_before_the_hit(samples: Samples) -> None:
    taught = one(drawn(samples.get("1")[0], target="7", outcome="hit", confidence=0.6, label="1"))
    assert isinstance(taught, Candidate)
    assert (CLASSES[taught.label], taught.weight, taught.said_by) == ("1", 1.0, "player")


@pytest.mark.parametrize("outcome", ["skip", "timeout"])
def test_what_was_asked_for_and_not_understood_is_nobodys_word(samples: Samples, outcome: str) -> None:
    ended = one(drawn(samples.get("1")[0], target="7", outcome=outcome, label=None, label_by=None))
    assert isinstance(ended, Candidate)
    assert (CLASSES[ended.label], ended.said_by) == ("7", "prompt")
    assert not contradicted([ended], sure_of("1")).any()


def test_each_gate_says_why(samples: Samples) -> None:
    seven = samples.get("7")[0]
    to_and_fro = [[[0, 900] * 12, list(range(0, 960, 40)), [0] * 24]]
    assert one(drawn(seven, flag="rude")) is Refused.FLAGGED
    assert one(drawn(seven, drawing=[])) is Refused.EMPTY
    assert one(drawn(seven, drawing=[[[], [], []]])) is Refused.EMPTY
    assert one(drawn(seven, drawing=None, crop=b"no picture")) is Refused.EMPTY
    assert one(drawn(seven, drawing=None, crop=encode_png(np.zeros((28, 28), np.uint8)))) is Refused.EMPTY
    assert one(drawn(seven, drawing=to_and_fro)) is Refused.SCRIBBLE
    assert one(drawn(seven, label="?")) is Refused.UNLABELLED
    assert one(drawn(seven, label=None, label_by=None)) is Refused.UNLABELLED
    assert one(drawn(seven), decided="") is Refused.DROPPED


def test_an_uploaded_character_teaches_by_its_crop(samples: Samples) -> None:
    seven = samples.get("7")[0]
    crop = encode_png(render(parse_strokes(seven.strokes))[0, ..., 0])
    taught = one(drawn(seven, source="upload", drawing=None, crop=crop))
    assert isinstance(taught, Candidate)
    assert taught.ink is None
    assert not taught.seen[..., 1:].any()


def test_a_person_who_decides_is_believed(samples: Samples) -> None:
    taught = one(drawn(samples.get("1")[0], label="7"), decided="1")
    assert isinstance(taught, Candidate)
    assert (CLASSES[taught.label], taught.said_by) == ("1", "curator")
    assert not contradicted([taught], sure_of("7")).any()


def test_no_real_character_is_a_scribble(drawings: StrokeSet) -> None:
    lengths = [line_length(drawings.take(np.array([i])).strokes) for i in range(len(drawings))]
    assert 0 < min(lengths) < max(lengths) < 6.5


def test_the_same_drawing_teaches_once_wherever_it_was_put(samples: Samples) -> None:
    seven = samples.get("7")[0]
    moved = [[[x + 3 for x in xs], ys, times] for xs, ys, times in drawing_of(seven)]
    found, _ = candidates(
        [drawn(seven), drawn(seven, drawing=moved, player="eve"), drawn(samples.get("8")[0])], {}
    )
    assert repeats(found).tolist() == [False, True, False]


@given(st.lists(st.sampled_from(["ada", "bob", SYNTHETIC]), max_size=30), st.integers(1, 5))
def test_nobody_teaches_more_than_so_many_and_the_newest_stay(players: list[str], most: int) -> None:
    usual = Candidate("r", "ada", "draw", "any", 7, 1.0, "player", None, np.zeros((28, 28, 9), np.uint8))
    found = [replace(usual, round=str(number), player=player) for number, player in enumerate(players)]
    refused = too_many(found, most)
    for player in ("ada", "bob"):
        mine = [is_refused for is_refused, p in zip(refused, players, strict=True) if p == player]
        assert mine == [True] * (len(mine) - most) + [False] * min(most, len(mine))
    assert not any(is_refused for is_refused, p in zip(refused, players, strict=True) if p == SYNTHETIC)
    assert MOST_OF_A_PLAYER >= 100


def sure_of(characters: str) -> Floats:
    """Return probabilities of models that are sure of a character each."""
    probabilities = np.full((len(characters), len(CLASSES)), 1e-4)
    probabilities[np.arange(len(characters)), [CLASSES.index(c) for c in characters]] = 0.99
    return probabilities


def test_who_labels_everything_7_is_not_believed_and_who_errs_now_and_then_is(samples: Samples) -> None:
    drawn_truly = "0123456789"
    vandal = [drawn(samples.get(c)[0], player="eve", label="7") for c in drawn_truly]
    honest = [drawn(samples.get(c)[1], player="ada", label="9" if c == "1" else c) for c in drawn_truly]
    hits = [
        drawn(samples.get(c)[2], player="eve", target=c, outcome="hit", label=None, label_by=None)
        for c in drawn_truly * 3
    ]
    found, _ = candidates([*vandal, *honest, *hits], {})
    doubted = contradicted(found, sure_of(drawn_truly * 5))
    assert doubted[:10].sum() == 9
    assert doubted[10:20].sum() == 1
    assert not_believed(found, doubted) == {"eve"}  # for all the hits
    assert not not_believed(found[: FEWEST_SAID - 1], doubted[: FEWEST_SAID - 1])


def test_look_alikes_are_no_contradiction(samples: Samples) -> None:
    found, _ = candidates([drawn(samples.get("O")[0]), drawn(samples.get("s")[0]), drawn(samples.get("q")[0])], {})
    assert contradicted(found, sure_of("0S9")).tolist() == [False, False, True]


def test_rounds_come_back_from_the_file_that_export_writes(samples: Samples, tmp_path: Path) -> None:
    said = drawn(samples.get("7")[0])
    hit = drawn(samples.get("8")[0], target="8", outcome="hit", label=None, label_by=None, source="challenge")
    path = tmp_path / "rounds.ndjson"
    path.write_bytes(encode_ndjson(said) + b"\n" + encode_ndjson(hit))
    found, refused = candidates(rounds_of(path), {})
    assert not refused
    assert [(CLASSES[c.label], c.said_by, c.player) for c in found] == [
        ("7", "player", "ada"),
        ("8", "hit", "ada"),
    ]
    path.write_bytes(encode_ndjson(said) + b'{"key_id": 3}\n')
    with pytest.raises(UnreadableRounds, match="Line 2"):
        list(rounds_of(path))
