"""Rounds from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback.export import encode_ndjson
from recognition.alphabets import CLASSES
from tests.strokes import Samples
from tests.training.player_rounds import make_drawn_round
from training.errors import UnreadableRounds
from training.retrain.rounds.labeled_round import label_rounds
from training.retrain.rounds.rounds_file import read_rounds_file


def test_rounds_are_read_from_the_file_that_export_writes(samples: Samples, tmp_path: Path) -> None:
    labeled = make_drawn_round(samples.get("7")[0])
    hit = make_drawn_round(
        samples.get("8")[0], target="8", outcome="hit", label=None, label_by=None, source="challenge"
    )
    path = tmp_path / "rounds.ndjson"
    path.write_bytes(encode_ndjson(labeled) + b"\n" + encode_ndjson(hit))
    rounds, rejected = label_rounds(read_rounds_file(path), {})
    assert not rejected
    assert [(CLASSES[round_.label], round_.label_by, round_.player) for round_ in rounds] == [
        ("7", "player", "ada"),
        ("8", "hit", "ada"),
    ]
    path.write_bytes(encode_ndjson(labeled) + b'{"key_id": 3}\n')
    with pytest.raises(UnreadableRounds, match="Line 2"):
        list(read_rounds_file(path))
