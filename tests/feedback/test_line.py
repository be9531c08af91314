"""A round becomes a line, and a line a round."""

from __future__ import annotations

import json
from typing import get_args

from feedback.export import encode_ndjson
from feedback.records import Alphabet
from recognition.alphabets import ALPHABETS
from tests.feedback.rounds import a_pictured_round, read


def test_lines_from_before_targets_had_a_field_are_read() -> None:
    round_ = a_pictured_round(target="7", outcome="skip", label="1", label_by="player", predicted="1")
    line = json.loads(encode_ndjson(round_))
    older = {name: value for name, value in line.items() if name not in ("target", "label_by")}
    assert read(json.dumps(older).encode()) == [round_]


def test_a_line_may_have_every_alphabet() -> None:
    assert set(get_args(Alphabet)) == set(ALPHABETS)
