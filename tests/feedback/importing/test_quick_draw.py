"""Quick, Draw!'s lines become rounds when their word is a character."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.importing.errors import UnusableLine
from feedback.records import LABELS, Round
from feedback.store import Store
from tests.feedback.rounds import read
from tests.feedback.test_command import run

SEVEN: dict[str, Any] = {
    "word": "7",
    "countrycode": "AE",
    "timestamp": "2017-03-01 20:41:36.70725 UTC",
    "recognized": True,
    "key_id": "5891796615823360",
    "drawing": [[[0, 255, 90], [0, 0, 240]], [[60, 200], [120, 120]]],
}


def read_line(**fields: Any) -> Round | UnusableLine:
    given = {name: value for name, value in {**SEVEN, **fields}.items() if value is not None}
    (entry,) = read(json.dumps(given).encode() + b"\n")
    return entry


def test_a_simplified_line_is_a_labeled_round() -> None:
    round_ = read_line()
    assert isinstance(round_, Round)
    assert (round_.source, round_.label, round_.label_by, round_.alphabet) == ("draw", "7", "player", "any")
    assert round_.at == datetime(2017, 3, 1, 20, 41, 36, 707250, tzinfo=UTC)
    assert round_.drawing == [[[0, 255, 90], [0, 0, 240], [0, 0, 0]], [[60, 200], [120, 120], [0, 0]]]
    assert (round_.predicted, round_.duration_ms, round_.target) == (None, None, None)


def test_a_raw_line_has_times_and_any_size_of_screen() -> None:
    round_ = read_line(drawing=[[[100.5, 2100.5], [-200.0, 300.0], [0.0, 93.7]], [[1000.5], [50.0], [120.0]]])
    assert isinstance(round_, Round)
    assert round_.drawing == [[[0, 1023], [0, 256], [0, 94]], [[460], [128], [120]]]
    assert round_.duration_ms == 120


@given(st.sampled_from(LABELS))
def test_every_class_is_taken(word: str) -> None:
    round_ = read_line(word=word)
    assert isinstance(round_, Round)
    assert round_.label == word


@pytest.mark.parametrize("number", [7, 7.0])
def test_a_number_is_a_word_and_an_id_too(number: float) -> None:
    round_ = read_line(word=number, key_id=number)
    assert isinstance(round_, Round)
    assert round_.label == "7"


def test_what_is_not_needed_may_be_missing() -> None:
    round_ = read_line(key_id=None, timestamp=None, countrycode=None, recognized=None)
    assert isinstance(round_, Round)
    assert round_.at == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"word": "aircraft carrier"}, "the word 'aircraft carrier' is not a character"),
        ({"word": "é"}, "the word 'é' is not a character"),
        ({"word": 7.5}, "the word '7.5' is not a character"),
        ({"word": 12}, "the word '12' is not a character"),
        ({"word": None}, "word is missing"),
        ({"word": True}, "in word"),
        ({"drawing": None}, "the drawing is missing"),
        ({"drawing": []}, "the drawing is empty"),
        ({"drawing": [[[], []]]}, "the drawing is empty"),
        ({"drawing": [[[1, 2]]]}, "in drawing a stroke is not"),
        ({"drawing": [[[1, 2], [3]]]}, "in drawing a stroke has different numbers of x, y and t"),
        ({"drawing": [[["1"], [3]]]}, "in drawing"),
        ({"drawing": [[[1], [1]]] * 65}, "in drawing there are more than 64 strokes"),
        ({"timestamp": "yesterday"}, "in timestamp expected a time"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "in timestamp expected a time"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(fields: dict[str, Any], why: str) -> None:
    refused = read_line(**fields)
    assert isinstance(refused, UnusableLine)
    assert why in refused.why


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b",\n", b" ,\r\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n \r\n"])
def test_lines_may_begin_and_end_in_several_ways(start: bytes, end: bytes) -> None:
    line = json.dumps(SEVEN).encode()
    first, second = read(start + line + end + line + end)
    assert isinstance(first, Round)
    assert first == second


def test_a_line_of_neither_kind_is_told_what_both_need() -> None:
    (refused,) = read(b'{"foo": 1}\n')
    assert isinstance(refused, UnusableLine)
    assert "neither a round" in refused.why


@given(st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2), min_size=1, max_size=9))
def test_any_coordinates_are_drawn_on_the_square(points: list[tuple[float, float]]) -> None:
    round_ = read_line(drawing=[[[x for x, _ in points], [y for _, y in points]]])
    assert isinstance(round_, Round)
    assert round_.drawing is not None
    xs, ys, times = round_.drawing[0]
    assert len(xs) == len(ys) == len(times) == len(points)
    assert min(xs + ys) >= 0
    assert max(xs + ys) <= 1023


async def test_a_second_import_adds_nothing(store: Store, url: str, tmp_path: Path) -> None:
    file = tmp_path / "7.ndjson"
    lines = [{**SEVEN, "key_id": str(number)} for number in range(3)] + [{**SEVEN, "word": "cat"}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    first, second = (run("--database", url, "import", str(file)) for _ in range(2))
    assert (first.returncode, first.stdout) == (1, "3 rounds imported, 1 line could not be used\n")
    assert "line 4: the word 'cat' is not a character" in first.stderr
    assert second.stdout == "0 rounds imported, 3 were here already, 1 line could not be used\n"
    assert len([round_ async for round_ in store.read_rounds()]) == 3
