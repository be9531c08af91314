"""Every refusal and failure as one body, ``{"error": {"code", "message"}}``, or as a page for people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec
from quart import Quart, Response, current_app, has_websocket_context, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import WebsocketMismatch

from feedback.errors import InvalidLabel, NotYourRound, PlayerDeleted, RoundNotFound, StoreError
from game.inference.pool import Busy
from recognition.errors import ImageTooLarge, RecognitionError

_PROGRAM_PATHS: Final = ("/api/", "/play/", "/healthz", "/metrics", "/openapi.json")

# What is raised elsewhere with a sentence of its own: status and code.
_KNOWN: Final[dict[type[Exception], tuple[int, str]]] = {
    RoundNotFound: (404, "round_not_found"),
    NotYourRound: (403, "not_your_round"),
    PlayerDeleted: (410, "player_deleted"),
    InvalidLabel: (422, "invalid_label"),
    Busy: (503, "busy"),
}

# What the framework refuses: code and sentence.
_BY_STATUS: Final = {
    400: ("bad_request", "The server cannot understand this request."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not answer that kind of request."),
    408: ("request_timeout", "The request took too long to arrive."),
    413: ("body_too_large", "The request is larger than this address takes."),
    500: ("internal_error", "Something went wrong on the server. Please try again."),
}

_TITLES: Final = {
    404: "This page is blank",
    500: "The ink has run",
    503: "One moment, please",
}


class ErrorDetail(msgspec.Struct, frozen=True):
    """What is wrong: ``code`` for programs, ``message`` for people."""

    code: str
    message: str


class ErrorBody(msgspec.Struct, frozen=True):
    """The answer to a request that is refused or fails."""

    error: ErrorDetail


class ApiError(Exception):
    """A request that is refused with a status, a stable code and a sentence for a person."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def register_error_handlers(app: Quart) -> None:
    """Have ``app`` answer every error in one shape."""
    app.register_error_handler(ApiError, _refused)
    app.register_error_handler(RecognitionError, _unrecognisable)
    app.register_error_handler(StoreError, _not_stored)
    app.register_error_handler(HTTPException, _http)
    for kind in _KNOWN:
        app.register_error_handler(kind, _known)


async def _refused(error: ApiError) -> Response:
    return await _answer(error.status, error.code, str(error))


async def _unrecognisable(error: RecognitionError) -> Response:
    return await _answer(413 if isinstance(error, ImageTooLarge) else 422, error.code, str(error))


async def _known(error: Exception) -> Response:
    status, code = next(answer for kind, answer in _KNOWN.items() if isinstance(error, kind))
    return await _answer(status, code, str(error))


async def _not_stored(error: StoreError) -> Response:
    current_app.logger.error("The store failed: %s", error)
    message = "The server cannot keep anything right now. Please try again in a moment."
    return await _answer(503, "store_unavailable", message)


async def _http(error: HTTPException) -> Response:
    if isinstance(error, WebsocketMismatch | MethodNotAllowed) and has_websocket_context():
        return await _answer(404, "not_found", "There is no WebSocket at this address.")
    status = error.code or 500
    fallback = HTTPStatus(status).phrase
    code, message = _BY_STATUS.get(status, (fallback.lower().replace(" ", "_"), f"{fallback}."))
    answer = await _answer(status, code, message)
    for name, value in error.get_headers():
        if name in ("Allow", "Location", "Retry-After"):
            answer.headers[name] = value
    return answer


async def _answer(status: int, code: str, message: str) -> Response:
    if _is_from_program():
        body = msgspec.json.encode(ErrorBody(ErrorDetail(code, message)))
        answer = Response(body, status, content_type="application/json")
    else:
        title = _TITLES.get(status, HTTPStatus(status).phrase)
        page = await render_template("error.html", page="error", status=status, title=title, message=message)
        answer = Response(page, status, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    if status == 503:
        answer.headers["Retry-After"] = "2"
    return answer


def _is_from_program() -> bool:
    """Return whether a program reads the answer: a socket's handshake, or a call of the JSON interface."""
    # The handshake of a socket has no request, not even to ask for its path.
    return has_websocket_context() or request.path == "/api" or request.path.startswith(_PROGRAM_PATHS)
