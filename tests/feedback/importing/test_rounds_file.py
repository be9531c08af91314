"""Every line of a file is read or named, and a file of another kind is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.export import FORMATS, encode_ndjson, make_csv_header
from feedback.importing.errors import NotRounds, UnusableLine
from feedback.records import Round
from tests.feedback.rounds import PNG, a_pictured_round, make_png, read, rounds


@settings(max_examples=60, deadline=None)
@given(st.lists(rounds(), max_size=4), st.sampled_from(sorted(FORMATS)))
def test_exported_rounds_come_back_the_same(exported: list[Round], name: str) -> None:
    format_ = FORMATS[name]
    assert read(format_.header + b"".join(map(format_.encode, exported))) == exported


def encode_with(round_: Round, **fields: Any) -> bytes:
    return json.dumps(json.loads(encode_ndjson(round_)) | fields).encode() + b"\n"


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("key_id", "=1+1", "in key_id expected a UUID"),
        ("key_id", "01a2149a-b5bf-7251-9cef-2cd1f1d0bf04\n", "in key_id"),
        ("timestamp", "2026-11-23T12:00:00", "in timestamp"),
        ("timestamp", "0001-01-01T00:00:00+14:00", "in timestamp"),
        ("source", "dreamt", "in source"),
        ("alphabet", "greek", "in alphabet"),
        ("label", "é", "in label expected one of 0-9, A-Z and a-z"),
        ("confidence", 1.5, "in confidence"),
        ("number", 2**64, "number"),
        ("player", "", "in player"),
        ("player", "a\x00b", "in player"),
        ("drawing", [[[1, 2], [3, 4]]], "in drawing[0]"),
        ("drawing", [[[1, 2], [3, 4], [0]]], "in drawing a stroke"),
        ("drawing", [[[1, 2], [3, 1024], [0, 1]]], "in drawing[0]"),
        ("drawing", [[[1] * 2049, [1] * 2049, [1] * 2049]] * 2, "in drawing there are more than 4,096 points"),
        ("drawing", [[[1], [1], [1]]] * 65, "in drawing"),
        ("image", "https://elsewhere.example/7.png", "in image expected a PNG as a data URI"),
        ("image", "data:image/png;base64,???", "in image the base64 is damaged"),
        ("image", "data:image/png;base64,R0lGODlh", "in image there is no PNG"),
        ("top", [["77", 1]], "in top[0][0]"),
        ("target", "\ud800", "it is not JSON"),
    ],
)
def test_a_wrong_field_is_refused_with_a_reason(field: str, value: object, why: str) -> None:
    (refused,) = read(encode_with(a_pictured_round(), **{field: value}))
    assert isinstance(refused, UnusableLine)
    assert refused.line == 1
    assert why in refused.why


def test_an_image_of_another_size_is_refused() -> None:
    (refused,) = read(encode_ndjson(a_pictured_round(image=make_png(29))))
    assert refused == UnusableLine(1, "in image the size is not 28×28 pixels")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FORMATS)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 3), st.binary(max_size=3)), max_size=6),
)
def test_every_line_of_a_damaged_file_is_read_or_named(name: str, damages: list[tuple[float, int, bytes]]) -> None:
    exported = [
        a_pictured_round(flag="one\ntwo;=3"),
        a_pictured_round(drawing=None, label="q"),
        a_pictured_round(drawing=[]),
    ]
    data = FORMATS[name].header + b"".join(map(FORMATS[name].encode, exported))
    for place, length, written in damages:
        at = int(place * len(data))
        data = data[:at] + written + data[at + length :]
    try:
        entries = read(data)
    except NotRounds:
        return
    last = data.count(b"\n") + 1
    unusable = [entry for entry in entries if isinstance(entry, UnusableLine)]
    assert all(1 <= entry.line <= last and entry.why for entry in unusable)


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\r\n\x00",
        PNG,
        b"a,b\n1,2\n",
        b"[1, 2]\n",
        b"PK\x03\x04 a workbook",
        "key_id".encode("utf-16"),
        b"key_id,x\r\ny,z\r\n",
    ],
)
def test_a_file_of_another_kind_is_refused(data: bytes) -> None:
    with pytest.raises(NotRounds):
        read(data)


def test_an_empty_file_has_no_rounds() -> None:
    assert read(b"") == read(b"\n \n") == read(make_csv_header()) == []
