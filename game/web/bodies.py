"""The bodies of requests, read up to a limit and decoded; and JSON responses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final, TypeVar

import msgspec
from quart import Response, request
from quart.wrappers.request import Body
from werkzeug.exceptions import RequestEntityTooLarge

from feedback.drawing import Stroke, is_too_much
from game.inference.worker_pool import Busy
from game.rules import tuning
from game.web.errors import ApiError

T = TypeVar("T")

MAX_PICTURE: Final = 16 * 1024 * 1024
"""The most bytes of an uploaded picture."""

MAX_BODY: Final = MAX_PICTURE + 16 * 1024
"""The most bytes of any body: a picture and the form around it."""

MAX_JSON: Final = 256 * 1024
"""The most bytes of a JSON body: enough for 4,096 points with every digit of a float."""

MAX_HELD: Final = 128 * 1024 * 1024
"""The most bytes of all bodies together that are arriving or waiting to be read."""

_MAX_DISCARDED: Final = 4 * MAX_BODY
_WORDS: Final = {
    "float": "a number",
    "int": "a whole number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "nothing",
}


class BoundedBody(Body):
    """A body that holds no more than its limit in memory, and no more than all bodies together may have.

    A client that is refused while it is still sending sees a broken connection instead of the reason. So a body
    that is somewhat too large is read to its end and thrown away. One that is far too large, or announces that it
    will be, is refused at once.
    """

    _held: ClassVar[int] = 0

    def __init__(self, expected_content_length: int | None, max_content_length: int | None) -> None:
        enormous = expected_content_length is not None and expected_content_length > _MAX_DISCARDED
        super().__init__(expected_content_length if enormous else None, max_content_length)
        self._limit = MAX_BODY if max_content_length is None else max_content_length
        self._received = 0
        self._held_here = 0

    def append(self, data: bytes) -> None:
        """Add bytes that have arrived."""
        self._received += len(data)
        if self._received > self._limit:
            self.clear()
            if self._received > _MAX_DISCARDED:
                self.set_complete()
        elif BoundedBody._held + len(data) > MAX_HELD:
            self.clear()
            self._must_raise = Busy()
        elif self._must_raise is None:
            self._held_here += len(data)
            BoundedBody._held += len(data)
            super().append(data)

    def set_complete(self) -> None:
        """Give the body, or the error, to whoever waits for it."""
        if self._received > self._limit:
            self._must_raise = RequestEntityTooLarge()
        super().set_complete()

    def clear(self) -> None:
        """Free what is held."""
        super().clear()
        BoundedBody._held -= self._held_here
        self._held_here = 0

    def __del__(self) -> None:
        """Free a body that nobody read."""
        self.clear()


async def read_body() -> bytes:
    """Return the body of the current request. It can be read once.

    Raises:
        RequestEntityTooLarge: if it is larger than `MAX_BODY`.
        RequestTimeout: if it arrives too slowly.
    """
    return await request.get_data(cache=False, as_text=False, parse_form_data=False)


async def read_json(decoder: msgspec.json.Decoder[T]) -> T:
    """Return the JSON body of the current request.

    Raises:
        ApiError: if its type is not JSON, or if it is too large, not valid JSON, or not what ``decoder`` takes.
    """
    if request.mimetype != "application/json":
        raise ApiError(415, "unsupported_media_type", "Send JSON, with the header Content-Type: application/json.")
    body = await read_body()
    if len(body) > MAX_JSON:
        raise ApiError(413, "body_too_large", f"The request is too large (limit {MAX_JSON // 1024} KiB).")
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise ApiError(422, "invalid_request", f"The request is not valid: {explain_error(error)}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400, "malformed_json", "The body of the request is not valid JSON.") from error


def check_size(strokes: Sequence[Stroke]) -> None:
    """Refuse a drawing with too many strokes or points.

    Raises:
        ApiError: 422, ``too_much_ink``.
    """
    if is_too_much(strokes):
        raise ApiError(
            422,
            "too_much_ink",
            f"A drawing may have at most {tuning.MAX_STROKES} strokes and {tuning.MAX_POINTS:,} points.",
        )


def explain_error(error: msgspec.ValidationError) -> str:
    """Return in words what is wrong and where: ``in strokes[0][1][0] expected a number, got text``."""
    reason, _, place = str(error).partition(" - at `$")
    reason = reason[:1].lower() + reason[1:]
    for name, word in _WORDS.items():
        reason = reason.replace(f"`{name}`", word)
    place = place.strip(".`")
    return f"in {place} {reason}" if place else reason.replace("`", "")


def respond(body: msgspec.Struct) -> Response:
    """Return a JSON response that no cache stores."""
    response = Response(msgspec.json.encode(body), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
