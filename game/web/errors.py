"""Errors as responses: ``{"error": {"code", "message"}}`` for programs, a page for people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec
from quart import Quart, Response, current_app, has_websocket_context, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import WebsocketMismatch

from feedback.errors import InvalidLabel, NotFromAPicture, NotYourRound, PlayerDeleted, RoundNotFound, StoreError
from game.inference.worker_pool import Busy
from game.rules.moves import Refused
from game.web.languages import describe_language, get_language
from recognition.errors import ImageTooLarge, RecognitionError

_PROGRAM_PATHS: Final = ("/api/", "/play/", "/healthz", "/livez", "/metrics", "/openapi.json")

# Errors that bring their own message: status and code.
_KNOWN: Final[dict[type[Exception], tuple[int, str]]] = {
    RoundNotFound: (404, "round_not_found"),
    NotYourRound: (403, "not_your_round"),
    NotFromAPicture: (409, "not_from_a_picture"),
    PlayerDeleted: (410, "player_deleted"),
    InvalidLabel: (422, "invalid_label"),
    Busy: (503, "busy"),
}

# Refusals of the rules that reach HTTP: the status of each code.
_REFUSALS: Final = {"no_such_room": 404, "not_host": 403}

# Errors of the framework: code and message.
_BY_STATUS: Final = {
    400: ("bad_request", "The server cannot understand this request."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this kind of request."),
    408: ("request_timeout", "The request took too long to arrive."),
    413: ("body_too_large", "The request is too large."),
    500: ("internal_error", "Something went wrong on the server. Please try again."),
}


class ErrorDetail(msgspec.Struct, frozen=True):
    """What is wrong: ``code`` is for programs, ``message`` for people."""

    code: str
    message: str


class ErrorBody(msgspec.Struct, frozen=True):
    """The response to a request that is refused or fails."""

    error: ErrorDetail


class ApiError(Exception):
    """Refuses a request or a handshake with a status, a stable code and a message for people.

    ``retry_after`` is after how many seconds the request may be tried again, if that is known.
    """

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after = retry_after


def encode_error(code: str, message: str) -> bytes:
    """Return the JSON body of an error."""
    return msgspec.json.encode(ErrorBody(ErrorDetail(code, message)))


def register_error_handlers(app: Quart) -> None:
    """Have ``app`` respond to every error in one form."""
    app.register_error_handler(ApiError, _answer_api_error)
    app.register_error_handler(RecognitionError, _answer_recognition_error)
    app.register_error_handler(StoreError, _answer_store_error)
    app.register_error_handler(Refused, _answer_refusal)
    app.register_error_handler(HTTPException, _answer_http_error)
    for kind in _KNOWN:
        app.register_error_handler(kind, _answer_known_error)


async def _answer_api_error(error: ApiError) -> Response:
    response = await _make_response(error.status, error.code, str(error))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


async def _answer_recognition_error(error: RecognitionError) -> Response:
    return await _make_response(413 if isinstance(error, ImageTooLarge) else 422, error.code, str(error))


async def _answer_refusal(error: Refused) -> Response:
    return await _make_response(_REFUSALS[error.code], error.code, str(error))


async def _answer_known_error(error: Exception) -> Response:
    status, code = next(known for kind, known in _KNOWN.items() if isinstance(error, kind))
    return await _make_response(status, code, str(error))


async def _answer_store_error(error: StoreError) -> Response:
    current_app.logger.error("The store failed: %s", error)
    message = "The server cannot store anything right now. Please try again in a moment."
    return await _make_response(503, "store_unavailable", message)


async def _answer_http_error(error: HTTPException) -> Response:
    if isinstance(error, WebsocketMismatch | MethodNotAllowed) and has_websocket_context():
        return await _make_response(404, "not_found", "There is no WebSocket at this address.")
    status = error.code or 500
    fallback = HTTPStatus(status).phrase
    code, message = _BY_STATUS.get(status, (fallback.lower().replace(" ", "_"), f"{fallback}."))
    response = await _make_response(status, code, message)
    for name, value in error.get_headers():
        if name in ("Allow", "Location", "Retry-After"):
            response.headers[name] = value
    return response


async def _make_response(status: int, code: str, message: str) -> Response:
    if _is_from_program():
        response = Response(encode_error(code, message), status, content_type="application/json")
    else:
        response = await _make_page(status, code, message)
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response


async def _make_page(status: int, code: str, message: str) -> Response:
    language = get_language()
    title = f"error.title_{status}"
    page = await render_template(
        "error.html",
        page="error",
        status=status,
        title=language.translate(title if language.has_text(title) else "error.title"),
        message=language.translate(f"errors.{code}") if language.has_text(f"errors.{code}") else message,
    )
    return describe_language(Response(page, status, content_type="text/html; charset=utf-8"))


def _is_from_program() -> bool:
    """Return whether a program reads the response: it opens a socket or calls the JSON API."""
    # During the handshake of a socket there is no request, and so no path.
    return has_websocket_context() or request.path == "/api" or request.path.startswith(_PROGRAM_PATHS)
