from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from game.rules import tuning
from game.services import Services
from recognition.alphabets import ALPHABETS
from tests.game.conftest import SEVEN, Client, error_of

JSON = {"Content-Type": "application/json"}


async def test_a_drawing_is_recognized_and_stored_as_a_round(client: Client, services: Services) -> None:
    answer = await client.post("/api/recognize", json={"strokes": SEVEN, "alphabet": "digits"})
    body = await answer.get_json()
    assert answer.status_code == 200
    assert set(body) == {"round", "label", "confidence", "candidates", "likely", "model", "image"}
    assert body["label"] == "7"
    assert body["model"] == services.recognizer.version
    assert body["candidates"][0] == {"label": "7", "probability": body["confidence"]}
    assert {candidate["label"] for candidate in body["candidates"]} == set("0123456789")
    probabilities = [candidate["probability"] for candidate in body["candidates"]]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-5)

    stored = await services.store.get_round(body["round"])
    assert stored is not None
    assert stored.source == "draw"
    assert stored.alphabet == "digits"
    assert stored.predicted == "7"
    assert stored.confidence == pytest.approx(body["confidence"])
    assert [label for label, _ in stored.top] == [c["label"] for c in body["candidates"][:5]]
    assert stored.model == services.recognizer.version
    assert stored.drawing == [[[200, 800, 450], [200, 200, 850], [0, 120, 400]]]
    assert stored.duration_ms == 400
    assert stored.crop is None


async def test_the_image_in_the_response_is_the_one_stored(client: Client, services: Services) -> None:
    body = await (await client.post("/api/recognize", json={"strokes": SEVEN})).get_json()
    kind, _, content = body["image"].partition(",")
    assert kind == "data:image/png;base64"
    image = base64.b64decode(content)
    assert Image.open(io.BytesIO(image)).size == (28, 28)
    stored = await services.store.get_round(body["round"])
    assert stored is not None
    assert stored.image == image


@pytest.mark.parametrize("alphabet", list(ALPHABETS))
async def test_every_alphabet(client: Client, alphabet: str) -> None:
    answer = await client.post("/api/recognize", json={"strokes": SEVEN, "alphabet": alphabet})
    labels = [candidate["label"] for candidate in (await answer.get_json())["candidates"]]
    assert sorted(labels) == sorted(ALPHABETS[alphabet])


async def test_the_default_alphabet_is_any(client: Client) -> None:
    answer = await client.post("/api/recognize", json={"strokes": SEVEN})
    assert len((await answer.get_json())["candidates"]) == 62


async def test_store_false_stores_nothing(client: Client, services: Services) -> None:
    answer = await client.post("/api/recognize", json={"strokes": SEVEN, "store": False})
    assert (await answer.get_json())["round"] is None
    assert (await services.store.read_counts()).rounds == 0
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON", "application/json; charset=utf-8"])
@pytest.mark.parametrize("path", ["/api/recognize", "/api/explain"])
async def test_json_is_taken(client: Client, path: str, kind: str) -> None:
    headers = {"Content-Type": kind}
    answer = await client.post(path, data=json.dumps({"strokes": SEVEN}), headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("unit", [1e-6, 1, 1e8])
async def test_any_unit(client: Client, services: Services, unit: float) -> None:
    strokes = [[[x * unit, y * unit] for x, y, _ in stroke] for stroke in SEVEN]
    body = await (await client.post("/api/recognize", json={"strokes": strokes})).get_json()
    stored = await services.store.get_round(body["round"])
    assert stored is not None
    assert stored.drawing
    assert max(stored.drawing[0][1]) >= 850
    assert stored.duration_ms is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"strokes", 400, "malformed_json"),
        (b'{"strokes": [[[1, NaN]]]}', 400, "malformed_json"),
        (b'{"strokes": [[[1, 2]]], "alphabet": "\xff"}', 400, "malformed_json"),
        (b'{"strokes": [[[1, 2]]]} {}', 400, "malformed_json"),
        (b'{"x": ' + b"[" * 100_000, 400, "malformed_json"),
        (b'{"strokes": ' + b"[" * 100_000, 422, "invalid_request"),
        (b"[]", 422, "invalid_request"),
        (b"null", 422, "invalid_request"),
        (b"{}", 422, "invalid_request"),
        (b'{"strokes": [[[1e999, 2]]]}', 422, "invalid_request"),
        (b'{"strokes": [[[1, 1e13], [1, 2]]]}', 422, "invalid_strokes"),
        (b'{"strokes": [[[1, 2], [1, 2, 3]]]}', 422, "invalid_strokes"),
        (b'{"strokes": []}', 422, "empty_drawing"),
        (b'{"strokes": [[], []]}', 422, "empty_drawing"),
        (b'{"strokes": [[[1, 2]]], "alphabet": "greek"}', 422, "unknown_alphabet"),
        (b'{"strokes": [[[1, 2]]], "alphabet": ""}', 422, "unknown_alphabet"),
        (b'{"strokes": [' + b",".join([b"[[1,2]]"] * 65) + b"]}", 422, "too_much_ink"),
        (b'{"strokes": [[' + b",".join([b"[1,2]"] * 4097) + b"]]}", 422, "too_much_ink"),
        (b'{"strokes": [[[1, 2]]], "x": [' + b",".join([b"[]"] * 5000) + b"]}", 422, "too_much_ink"),
        (b'{"strokes": [[[1, 2]]]}' + b" " * 300_000, 413, "body_too_large"),
    ],
)
async def test_bad_bodies_are_refused_with_a_reason(
    client: Client, services: Services, body: bytes, status: int, code: str
) -> None:
    answer = await client.post("/api/recognize", data=body, headers=JSON)
    assert await error_of(answer, status) == code
    assert (await services.store.read_counts()).rounds == 0


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"strokes": [[[1, "2"]]]}, "strokes[0][0][1]"),
        ({"strokes": [[[True, 2]]]}, "strokes[0][0][0]"),
        ({"strokes": [[[1]]]}, "strokes[0][0]"),
        ({"strokes": [[[1, 2, 3, 4]]]}, "strokes[0][0]"),
        ({"strokes": "7"}, "strokes"),
        ({"strokes": {"0": []}}, "strokes"),
        ({"strokes": SEVEN, "alphabet": 3}, "alphabet"),
        ({"strokes": SEVEN, "alphabet": None}, "alphabet"),
        ({"strokes": SEVEN, "store": "no"}, "store"),
        ({"alphabet": "digits"}, "strokes"),
    ],
)
async def test_the_refusal_of_a_wrong_type_names_the_field(client: Client, body: Any, named: str) -> None:
    answer = await client.post("/api/recognize", json=body)
    assert await error_of(answer, 422) == "invalid_request"
    message = (await answer.get_json())["error"]["message"]
    assert named in message
    assert "`" not in message
    assert "$" not in message


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/problem+json",
        "application/xml",
        "application",
        "text/plain; application/json",
    ],
)
@pytest.mark.parametrize("path", ["/api/recognize", "/api/explain", "/api/rounds/x/feedback"])
async def test_json_under_another_type_is_refused(client: Client, path: str, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    answer = await client.post(path, data=json.dumps({"strokes": SEVEN, "label": "7"}), headers=headers)
    assert await error_of(answer, 415) == "unsupported_media_type"


async def test_the_largest_drawing_is_taken(client: Client) -> None:
    point = [123.45678901234567, 987.6543210987654, 12345.678901234567]
    strokes = [[point] * (tuning.MAX_POINTS // tuning.MAX_STROKES)] * tuning.MAX_STROKES
    assert (await client.post("/api/recognize", json={"strokes": strokes})).status_code == 200


FINITE = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [5e-324, -5e-324, 2.2e-308, 1e-300, 1e-9, 0.1, 1e12, 1e15, 1e300, 1e308, -1e308]
)
NUMBERS = FINITE | st.integers(-(10**40), 10**40) | st.just(10**400)


@given(
    strokes=st.integers(2, 3).flatmap(
        lambda size: st.lists(st.lists(st.lists(NUMBERS, min_size=size, max_size=size), max_size=4), max_size=3)
    )
)
@example([[[0, 0], [5e-324, 0]]])
@example([[[0, 0, 0], [1e308, -1e308, 1e308]]])
@example([[[10**30, 0], [0, 10**30]]])
@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("path", ["/api/recognize", "/api/explain"])
@pytest.mark.usefixtures("no_limits")
async def test_every_number_is_taken_or_refused(client: Client, path: str, strokes: Any) -> None:
    answer = await client.post(path, data=json.dumps({"strokes": strokes, "store": True}), headers=JSON)
    assert answer.status_code in (200, 422), await answer.get_data()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(strokes=VALUES | st.lists(st.lists(st.lists(st.floats(), max_size=4), max_size=4), max_size=3))
@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("no_limits")
async def test_nothing_that_is_sent_breaks_the_server(client: Client, strokes: Any) -> None:
    answer = await client.post("/api/recognize", data=json.dumps({"strokes": strokes}), headers=JSON)
    assert answer.status_code in (200, 400, 422)
