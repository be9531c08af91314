"""What is kept of trials: counts alone, and never too little after a crash or damage."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strokes import Samples
from tests.training.player_rounds import make_month
from training.retrain.bounds import FALSE_PROMOTIONS
from training.retrain.evidence import (
    EVIDENCE_FILE,
    Evidence,
    EvidenceFile,
    PastTrial,
    compute_spent,
    count_drawings,
)
from training.retrain.rounds.labeled_round import LabeledRound
from training.retrain.rounds.usable import filter_rounds

TRIAL = PastTrial(challenger="new", judges=6, drawings=600, gained=12, lost=4, p=0.03, limit=0.02)


@pytest.fixture(scope="module")
def judging(samples: Samples) -> list[LabeledRound]:
    return filter_rounds(make_month(Samples(tuple(samples)[::6]), trainers=2, judges=6), {}).judging


def test_evidence_survives_and_counts_each_round_once(tmp_path: Path, judging: list[LabeledRound]) -> None:
    file = EvidenceFile(tmp_path)
    first, newest = judging[:200], judging[-1].round_id
    evidence = file.load("champion", first, pytest.fail).add_trial(TRIAL, first, first[-1].round_id)
    file.save(evidence)
    assert file.load("champion", judging, pytest.fail) == evidence
    assert (evidence.drawings, evidence.count_new(judging)) == (200, len(judging) - 200)
    assert not file.has_seen("champion", newest)
    file.save(evidence.add_trial(TRIAL, judging, newest))
    assert file.has_seen("champion", newest)
    assert file.load("champion", judging, pytest.fail).drawings == len(judging)
    assert not file.has_seen("another", newest)
    assert file.load("another", judging, pytest.fail) == Evidence("another", 0, "", ())
    text = (tmp_path / EVIDENCE_FILE).read_text()
    assert not any(round_.player in text for round_ in judging)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"champion": "champion", "drawings": -1}', b"\x00" * 99])
def test_damaged_evidence_uses_no_round_twice(tmp_path: Path, judging: list[LabeledRound], content: bytes) -> None:
    (tmp_path / EVIDENCE_FILE).write_bytes(content)
    file, messages = EvidenceFile(tmp_path), list[str]()
    evidence = file.load("champion", judging, messages.append)
    assert evidence.count_new(judging) == 0
    assert evidence.drawings == len(judging)
    assert "is damaged" in messages[0]
    assert file.load("champion", judging, pytest.fail) == evidence


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40))
def test_all_trials_together_spend_less_than_the_whole(new: list[int]) -> None:
    drawings, spent = 0, 0.0
    for number in new:
        limit = compute_spent(drawings + number) - compute_spent(drawings)
        assert limit > 0
        drawings, spent = drawings + number, spent + limit
    assert spent < FALSE_PROMOTIONS
    assert spent == pytest.approx(compute_spent(drawings))


@given(st.integers(0, 10**6))
def test_the_drawings_for_what_is_spent(drawings: int) -> None:
    assert count_drawings(compute_spent(drawings)) == pytest.approx(drawings)
