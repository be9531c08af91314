"""The protocol: which messages are taken, and which are refused with which code."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.play import protocol
from game.play.protocol import Guess, Join, Ping, Request, decode, decode_rival, encode
from game.play.room_requests import Hide, Lock, Rematch, Remove, Watch
from game.play.room_snapshot import Rival
from game.rules import tuning
from game.rules.moves import AddPoints, ClearDrawing, Refused, SkipRound, UndoStroke

INK = {"type": "ink", "round": 3, "stroke": 0, "points": [10, 20, 0, 11, 21, 16]}
JOIN = {"type": "join", "mode": "sprint", "alphabet": "digits", "name": "Ada"}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(
    ["type", "round", "stroke", "points", "mode", "alphabet", "name", "resume", "nonce", "room", "seat", "on"]
)
types = st.sampled_from([*protocol._TYPES])


def refusal(data: str | bytes) -> str:
    with pytest.raises(Refused) as caught:
        decode(data)
    message = str(caught.value)
    assert message[0].isupper()
    assert message.endswith(".")
    return caught.value.code


def changed(message: dict[str, Any], **new: Any) -> str:
    return json.dumps({**message, **new})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (json.dumps(INK), AddPoints(round=3, stroke=0, points=[10, 20, 0, 11, 21, 16])),
        (json.dumps(JOIN), Join("sprint", "digits", "Ada")),
        ('{"type":"join","mode":"practice","alphabet":"any"}', Join("practice", "any")),
        (changed(JOIN, resume=None, room=None, name=None), Join("sprint", "digits")),
        (
            changed(JOIN, mode="practice", characters="g9qg9", name=None),
            Join("practice", "any", characters="g9q"),
        ),
        (changed(JOIN, resume="abc"), Join("sprint", "digits", "Ada", "abc")),
        ('{"type":"undo","round":3}', UndoStroke(3)),
        ('{"type":"clear","round":3}', ClearDrawing(3)),
        ('{"type":"skip","round":3,"unheard":"of"}', SkipRound(3)),
        ('{"type":"ping","nonce":7}', Ping(7)),
        ('{"nonce":7,"type":"ping"}', Ping(7)),
        (changed(INK, points=[0, 1023, 0]), AddPoints(round=3, stroke=0, points=[0, 1023, 0])),
        (changed(INK, points=[0, 1023, 0], up=True), AddPoints(3, 0, [0, 1023, 0], up=True)),
        (changed(INK, points=[], up=True), AddPoints(3, 0, [], up=True)),
    ],
)
def test_messages_are_read(text: str, message: protocol.Request) -> None:
    assert decode(text) == message


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_text"),
        (b"{}", "not_text"),
        ("", "bad_json"),
        ("hello", "bad_json"),
        ('{"type":"ping"', "bad_json"),
        ('{"type":"ping","nonce":NaN}', "bad_json"),
        (changed(INK, points=[0, 0, float("inf")]), "bad_json"),
        ("[" * 5000, "bad_message"),
        ('{"type":' * 900, "bad_json"),
        ("\ud800", "bad_json"),
        ("[]", "bad_message"),
        ("null", "bad_message"),
        ("7", "bad_message"),
        ("{}", "unknown_type"),
        ('{"type":7}', "unknown_type"),
        ('{"type":null}', "unknown_type"),
        ('{"type":"welcome"}', "unknown_type"),
        ('{"type":"Ink"}', "unknown_type"),
        ('{"type":"ink"}', "bad_message"),
        ('{"type":"skip","round":"3"}', "bad_message"),
        ('{"type":"skip","round":true}', "bad_message"),
        ('{"type":"skip","round":1.5}', "bad_message"),
        ('{"type":"skip","round":1' + "0" * 400 + "}", "bad_message"),
        ('{"type":"skip","round":-1}', "bad_message"),
        (changed(INK, stroke=-1), "bad_message"),
        (changed(INK, points=[10**400, 0, 0]), "off_square"),
        ('{"type":"ping","nonce":"1"}', "bad_message"),
        (changed({"type": "ping"}, nonce=2**60), "bad_message"),
        (changed(INK, points=["10", "20", "0"]), "bad_message"),
        (changed(INK, points=[[10, 20, 0]]), "bad_message"),
        (changed(INK, points=[10.5, 20, 0]), "bad_message"),
        (changed(INK, points={}), "bad_message"),
        (changed(INK, points=[]), "bad_points"),
        (changed(INK, points=[], up=False), "bad_points"),
        (changed(INK, points=[10, 20], up=True), "bad_points"),
        (changed(INK, up=1), "bad_message"),
        (changed(INK, points=[10, 20]), "bad_points"),
        (changed(INK, points=[10, 20, 0, 11]), "bad_points"),
        (changed(INK, points=[-1, 20, 0]), "off_square"),
        (changed(INK, points=[1, 20, 0, 1, 1024, 0]), "off_square"),
        (changed(INK, points=[1, 20, -1]), "bad_time"),
        (changed(INK, points=[1, 20, 10**9]), "bad_time"),
        (changed(JOIN, room=7), "bad_message"),
        ('{"type": "watch"}', "bad_message"),
        ('{"type": "lock", "on": 1}', "bad_message"),
        ('{"type": "remove"}', "bad_message"),
        ('{"type": "remove", "seat": 0}', "bad_message"),
        ('{"type": "hide", "seat": "1"}', "bad_message"),
        (changed(JOIN, mode="chess"), "unknown_mode"),
        (changed(JOIN, mode=1), "bad_message"),
        (changed(JOIN, alphabet="greek"), "unknown_alphabet"),
        (changed(JOIN, name=5), "bad_message"),
        (changed(JOIN, characters="7"), "bad_characters"),
        (changed(JOIN, mode="practice", characters=""), "bad_characters"),
        (changed(JOIN, mode="practice", characters="7é"), "bad_characters"),
        (changed(JOIN, mode="practice", characters=["7"]), "bad_message"),
        (" " * 8193, "too_large"),
        (b" " * 8193, "too_large"),
        ("é" * 4097, "too_large"),
    ],
)
def test_an_invalid_message_is_refused_with_a_code(data: str | bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_message_may_have_8192_bytes() -> None:
    padded = json.dumps(INK)
    assert isinstance(decode(padded + " " * (tuning.MESSAGE_BYTES - len(padded))), AddPoints)


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(data: str | bytes) -> None:
    assert refusal(data)


@given(st.dictionaries(fields, anything, max_size=6), st.none() | types)
def test_no_json_raises_anything_but_a_refusal(message: dict[str, Any], kind: str | None) -> None:
    text = json.dumps(message if kind is None else {**message, "type": kind})
    try:
        decoded = decode(text)
    except Refused as error:
        assert error.code
    else:
        assert isinstance(decoded, Request)


@given(st.integers(0, 10**6), st.lists(st.tuples(*[st.integers(0, 1023)] * 3), min_size=1, max_size=100))
def test_all_points_on_the_square_are_taken(number: int, points: list[tuple[int, int, int]]) -> None:
    flat = [value for point in points for value in point]
    text = json.dumps({"type": "ink", "round": number, "stroke": number, "points": flat})
    assert decode(text) == AddPoints(number, number, flat)


@given(st.builds(Rival, strokes=st.none() | st.lists(st.lists(st.integers(0, 1023)), max_size=5)))
def test_news_of_a_rival_fit_in_a_line_and_are_read_by_other_servers(rival: Rival) -> None:
    text = encode(rival).decode()
    assert "\n" not in text
    assert text.startswith('{"type":"rival"')
    assert decode_rival(text) == rival


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ('{"type": "watch", "room": "CDFHJ"}', Watch("CDFHJ")),
        ('{"type": "lock"}', Lock(on=True)),
        ('{"type": "remove", "seat": 3}', Remove(3)),
        ('{"type": "hide", "seat": 3, "on": false}', Hide(3, on=False)),
        ('{"type": "rematch"}', Rematch()),
        (
            '{"type": "join", "room": "CDFHJ", "mode": "any", "alphabet": "greek"}',
            Join("any", "greek", room="CDFHJ"),
        ),
    ],
)
def test_what_people_in_rooms_ask_for_is_understood(text: str, request_: Request) -> None:
    assert decode(text) == request_


def test_the_servers_messages_name_their_type_first() -> None:
    text = encode(Guess(1, 42, [("7", 0.93), ("1", 0.04)], "model-1", likely=False)).decode()
    fields = '"round":1,"seen":42,"candidates":[["7",0.93],["1",0.04]],"model":"model-1","likely":false'
    assert text == f'{{"type":"guess",{fields}}}'
