from __future__ import annotations

import json
from typing import Any

import pytest

from game.services import Services
from tests.game.conftest import SEVEN, Client, error_of

JSON = {"Content-Type": "application/json"}


async def test_a_recognition_is_explained_and_nothing_is_stored(client: Client, services: Services) -> None:
    answer = await client.post("/api/explain", json={"strokes": SEVEN, "alphabet": "digits"})
    body = await answer.get_json()
    assert answer.status_code == 200
    assert set(body) == {"best", "rival", "strokes", "model"}
    assert body["model"] == services.recognizer.version
    read = services.recognizer.recognize(SEVEN, "digits")
    sides = [(body[side]["label"], body[side]["probability"]) for side in ("best", "rival")]
    assert sides == list(read.candidates[:2])
    assert (await services.store.read_counts()).rounds == 0
    assert "Set-Cookie" not in answer.headers


async def test_the_strokes_and_the_examples_can_be_drawn(client: Client) -> None:
    body = await (await client.post("/api/explain", json={"strokes": SEVEN, "alphabet": "digits"})).get_json()
    (stroke,) = body["strokes"]
    points = [point[:2] for point in stroke]
    # Every point that was sent is there, in the order they were drawn.
    assert [point for point in points if point in [[x, y] for x, y, _ in SEVEN[0]]] == [
        [x, y] for x, y, _ in SEVEN[0]
    ]
    assert max(abs(share) for _, _, share in stroke) == 1
    for side in (body["best"], body["rival"]):
        assert side["examples"]
        for x, y in (point for drawing in side["examples"] for known in drawing for point in known):
            assert 0 <= x <= 1023
            assert 0 <= y <= 1023


async def test_the_rival_can_be_chosen(client: Client) -> None:
    body = {"strokes": SEVEN, "alphabet": "digits", "rival": "2"}
    answer = await (await client.post("/api/explain", json=body)).get_json()
    assert (answer["best"]["label"], answer["rival"]["label"]) == ("7", "2")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"strokes", 400, "malformed_json"),
        (b"{}", 422, "invalid_request"),
        (b'{"strokes": [[[1, "2"]]]}', 422, "invalid_request"),
        (b'{"strokes": [[[1, 2]]], "rival": 7}', 422, "invalid_request"),
        (b'{"strokes": [[[1, 2], [1, 2, 3]]]}', 422, "invalid_strokes"),
        (b'{"strokes": [[], []]}', 422, "empty_drawing"),
        (b'{"strokes": [[[1, 2]]], "alphabet": "greek"}', 422, "unknown_alphabet"),
        (b'{"strokes": [[[1, 2]]], "alphabet": "digits", "rival": "x"}', 422, "unknown_character"),
        (b'{"strokes": [[[1, 2]]], "rival": "xy"}', 422, "unknown_character"),
        (b'{"strokes": [' + b",".join([b"[[1,2]]"] * 65) + b"]}", 422, "too_much_ink"),
        (b'{"strokes": [[' + b",".join([b"[1,2]"] * 4097) + b"]]}", 422, "too_much_ink"),
        (b'{"strokes": [[[1, 2]]]}' + b" " * 300_000, 413, "body_too_large"),
    ],
)
async def test_bad_bodies_are_refused_with_a_reason(client: Client, body: bytes, status: int, code: str) -> None:
    answer = await client.post("/api/explain", data=body, headers=JSON)
    assert await error_of(answer, status) == code


async def test_a_scribble_that_would_take_too_long_is_refused(client: Client) -> None:
    across: list[Any] = [[[x, y] for y in range(32) for x in (0, 1000)]] * 64
    answer = await client.post("/api/explain", data=json.dumps({"strokes": across}), headers=JSON)
    assert await error_of(answer, 422) == "too_much_ink"
