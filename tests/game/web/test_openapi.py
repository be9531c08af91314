from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from recognition.alphabets import CLASSES
from tests.game.conftest import SEVEN, Client

OPERATIONS = {
    ("/api/recognize", "post"),
    ("/api/explain", "post"),
    ("/api/upload", "post"),
    ("/api/uploads/{picture}", "delete"),
    ("/api/rounds/{round_id}", "delete"),
    ("/api/rounds/{round_id}/feedback", "post"),
    ("/api/leaderboard", "get"),
    ("/api/games/{game_id}", "get"),
    ("/api/rooms", "post"),
    ("/api/rooms/{code}", "get"),
    ("/api/rooms/{code}", "delete"),
    ("/api/rooms/{code}/drawings", "get"),
    ("/api/rooms/{code}/report", "get"),
    ("/api/me/daily", "get"),
    ("/api/me/progress", "get"),
    ("/api/me/drawings", "get"),
    ("/api/me/hand", "get"),
    ("/api/me/hand", "put"),
    ("/api/me/hand", "delete"),
    ("/api/me/hand/{character}", "delete"),
    ("/api/me/hand/rounds/{round_id}", "delete"),
    ("/api/me/link", "post"),
    ("/api/me/claim", "post"),
    ("/api/examples", "get"),
    ("/api/me/rounds", "get"),
    ("/api/me", "delete"),
    ("/api/model", "get"),
    ("/healthz", "get"),
    ("/livez", "get"),
}


@pytest.fixture
async def description(client: Client) -> dict[str, Any]:
    answer = await client.get("/openapi.json")
    assert answer.status_code == 200
    body: dict[str, Any] = await answer.get_json()
    return body


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def fits(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    """Return whether ``value`` fits ``schema``: as much of JSON Schema as the description uses for answers."""
    if "$ref" in schema:
        return fits(value, whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]], whole)
    if "anyOf" in schema:
        return any(fits(value, option, whole) for option in schema["anyOf"])
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
    }
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return False
    if isinstance(value, dict) and "properties" in schema:
        return set(value) == set(schema["required"]) and all(
            fits(value[name], inner, whole) for name, inner in schema["properties"].items()
        )
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return all(fits(item, schema["items"], whole) for item in value)
    return True


async def test_every_call_is_described_but_no_page(description: dict[str, Any]) -> None:
    described = {(path, method) for path, methods in description["paths"].items() for method in methods}
    assert described == OPERATIONS


async def test_every_reference_resolves(description: dict[str, Any]) -> None:
    named = set(references(description))
    assert named
    assert named <= {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}


async def test_every_call_describes_its_response_and_its_errors(description: dict[str, Any]) -> None:
    for path, method in OPERATIONS:
        operation = description["paths"][path][method]
        assert operation["summary"]
        assert "200" in operation["responses"]
        assert ("429" in operation["responses"]) == path.startswith("/api/")
        assert all(response["description"] for response in operation["responses"].values())
        if method == "post" and path != "/api/me/link":  # which takes no body
            assert operation["requestBody"]["required"]
            assert {"400", "403", "413", "415", "422"} <= set(operation["responses"])
        for status, response in operation["responses"].items():
            kinds = ["application/x-ndjson", "text/csv"] if path == "/api/me/rounds" else ["application/json"]
            assert list(response["content"]) == (kinds if status == "200" else ["application/json"])
            schema = next(iter(response["content"].values()))["schema"]
            # The health is described in the same words whether it is good or bad.
            is_error = status != "200" and path != "/healthz"
            assert (schema.get("$ref") == "#/components/schemas/ErrorBody") == is_error


async def test_requests_are_described(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    drawing = schemas["RecognizeRequest"]
    assert drawing["required"] == ["strokes"]
    strokes = drawing["properties"]["strokes"]
    assert strokes["contains"] == {"type": "array", "minItems": 1}  # nothing drawn is refused
    assert strokes["maxItems"] == 64
    assert schemas["FeedbackRequest"]["properties"]["label"]["enum"] == list(CLASSES)
    assert drawing["properties"]["alphabet"]["enum"] == ["any", "digits", "upper", "lower", "letters"]
    upload = description["paths"]["/api/upload"]["post"]["requestBody"]["content"]
    assert list(upload) == ["multipart/form-data"]
    assert schemas["UploadForm"]["properties"]["image"]["format"] == "binary"
    query = {p["name"]: p["schema"] for p in description["paths"]["/api/leaderboard"]["get"]["parameters"]}
    assert set(query) == {"mode", "alphabet", "period", "limit"}
    assert set(query["period"]["enum"]) == {"day", "week", "all"}
    assert (query["limit"]["minimum"], query["limit"]["maximum"]) == (1, 100)


async def test_responses_match_their_description(client: Client, description: dict[str, Any]) -> None:
    drawn = await client.post("/api/recognize", json={"strokes": SEVEN})
    identifier = (await drawn.get_json())["round"]
    feedback = f"/api/rounds/{identifier}/feedback"
    answers = [
        ("/api/recognize", "post", drawn),
        ("/api/recognize", "post", await client.post("/api/recognize", json={"strokes": []})),
        ("/api/explain", "post", await client.post("/api/explain", json={"strokes": SEVEN})),
        ("/api/explain", "post", await client.post("/api/explain", json={"strokes": []})),
        ("/api/rounds/{round_id}/feedback", "post", await client.post(feedback, json={"label": "7"})),
        ("/api/leaderboard", "get", await client.get("/api/leaderboard")),
        ("/api/games/{game_id}", "get", await client.get("/api/games/none")),
        ("/api/model", "get", await client.get("/api/model")),
        ("/healthz", "get", await client.get("/healthz")),
        ("/livez", "get", await client.get("/livez")),
        ("/api/me", "delete", await client.delete("/api/me")),
    ]
    for path, method, answer in answers:
        described = description["paths"][path][method]["responses"][str(answer.status_code)]
        schema = described["content"]["application/json"]["schema"]
        assert fits(await answer.get_json(), schema, description), (path, await answer.get_json())
