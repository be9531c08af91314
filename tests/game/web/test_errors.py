"""Errors of requests and of handshakes: each has its status, and all have one form."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import pytest
from quart import Quart
from quart.testing.connections import WebsocketResponseError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from feedback.errors import PlayerDeleted, StoreError
from game.inference.worker_pool import Busy
from game.web.errors import ApiError
from recognition.errors import EmptyDrawing
from tests.serving import HOST, Server


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/play/v2",
        "/play/v1/",
        "/",
        "/play",
        "/healthz",
        "/api/me",
        "/api/games/x",
        "/static",
        "/static/css/base.css",
        "/%ff%00",
        "/" + "a" * 5000,
        "/..%2f..%2fetc/passwd",
        "?x",
    ],
)
def test_a_socket_to_an_unknown_path_gets_404(shared_server: Server, path: str) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://{HOST}:{shared_server.port}{path}", proxy=None),
    ):
        pass
    answer = refused.value.response
    assert answer.status_code == 404
    assert json.loads(answer.body or b"")["error"]["code"] == "not_found"
    assert "Traceback" not in shared_server.log


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ApiError(403, "foreign_origin", "No."), 403, "foreign_origin"),
        (ApiError(429, "too_many_sockets", "No."), 429, "too_many_sockets"),
        (StoreError("The disk is full."), 503, "store_unavailable"),
        (PlayerDeleted(), 410, "player_deleted"),
        (Busy(), 503, "busy"),
        (EmptyDrawing(), 422, "empty_drawing"),
        (ZeroDivisionError("the inside"), 500, "internal_error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
async def test_an_error_gives_the_same_response_in_a_handshake_as_in_a_request(
    app: Quart, error: Exception, status: int, code: str
) -> None:
    async def fail() -> NoReturn:
        raise error

    app.add_websocket("/test/fails", view_func=fail)
    app.add_url_rule("/api/fails", view_func=fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    request = await app.test_client().get("/api/fails")
    with pytest.raises(WebsocketResponseError) as refused:
        async with app.test_client().websocket("/test/fails") as socket:
            await socket.receive()
    for answer in (request, refused.value.response):
        body: Any = json.loads(await answer.get_data(as_text=True))
        assert (answer.status_code, body["error"]["code"]) == (status, code)
        assert "inside" not in body["error"]["message"]
