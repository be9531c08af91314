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


def list_ids(rounds: list[LabeledRound]) -> list[str]:
    return [round_.round_id for round_ in rounds]


def test_evidence_survives_and_counts_each_round_once(tmp_path: Path, judging: list[LabeledRound]) -> None:
    file, first, ids = EvidenceFile(tmp_path), judging[:200], list_ids(judging)
    evidence = file.load("champion", ids[:200], first, pytest.fail).add_trial(TRIAL, first, ids[199])
    file.save(evidence)
    assert file.load("champion", ids, judging, pytest.fail) == evidence
    assert (evidence.drawings, evidence.count_new(judging)) == (200, len(judging) - 200)
    assert file.has_seen("champion", ids[:200])
    assert not file.has_seen("champion", ids)
    file.save(evidence.add_trial(TRIAL, judging, ids[-1]))
    assert file.has_seen("champion", ids)
    assert file.load("champion", ids, judging, pytest.fail).drawings == len(judging)
    text = (tmp_path / EVIDENCE_FILE).read_text()
    assert not any(round_.player in text for round_ in judging)


def test_another_champion_and_other_rounds_begin_anew(tmp_path: Path, judging: list[LabeledRound]) -> None:
    file, ids = EvidenceFile(tmp_path), list_ids(judging)
    file.save(file.load("champion", ids, judging, pytest.fail).add_trial(TRIAL, judging, ids[-1]))
    assert not file.has_seen("another", ids)
    assert file.load("another", ids, judging, pytest.fail) == Evidence("another", 0, "", ())
    of_another_store = judging[:50]  # all of them are older
    assert not file.has_seen("champion", ids[:50])
    evidence = file.load("champion", ids[:50], of_another_store, pytest.fail)
    assert evidence.count_new(of_another_store) == 50
    assert evidence.drawings == len(judging)  # what the trials have spent is spent


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"champion": "champion", "drawings": -1}', b"\x00" * 99])
def test_damaged_evidence_uses_no_round_twice(tmp_path: Path, judging: list[LabeledRound], content: bytes) -> None:
    (tmp_path / EVIDENCE_FILE).write_bytes(content)
    file, ids, messages = EvidenceFile(tmp_path), list_ids(judging), list[str]()
    evidence = file.load("champion", ids, judging, messages.append)
    assert evidence.count_new(judging) == 0
    assert evidence.drawings == len(judging)
    assert "is damaged" in messages[0]
    assert file.load("champion", ids, judging, pytest.fail) == evidence


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
