"""A round becomes a line, and a line a round."""

from __future__ import annotations

import json
from typing import get_args

import msgspec

from feedback.export import encode_ndjson
from feedback.line import Line
from recognition.alphabets import ALPHABETS
from tests.feedback.rounds import a_pictured_round, read


def test_a_line_of_before_targets_had_a_field() -> None:
    kept = a_pictured_round(target="7", outcome="skip", label="1", label_by="player", predicted="1")
    older = {k: v for k, v in json.loads(encode_ndjson(kept)).items() if k not in ("target", "label_by")}
    assert read(json.dumps(older).encode()) == [kept]


def test_a_line_may_have_every_alphabet() -> None:
    (alphabet,) = (field.type for field in msgspec.structs.fields(Line) if field.name == "alphabet")
    assert set(get_args(alphabet)) == set(ALPHABETS)
