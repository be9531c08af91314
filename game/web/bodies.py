"""Request bodies: taken in up to a limit, decoded by type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final, TypeVar

import msgspec
from quart import Response, request
from quart.wrappers.request import Body
from werkzeug.exceptions import RequestEntityTooLarge

from feedback.drawing import Stroke, is_too_much
from game.inference.pool import Busy
from game.rules import tuning
from game.web.errors import ApiError

T = TypeVar("T")

MAX_PICTURE: Final = 16 * 1024 * 1024
"""Bytes of an uploaded picture."""

MAX_BODY: Final = MAX_PICTURE + 16 * 1024
"""Bytes of any body: a picture and what a form puts around it."""

MAX_JSON: Final = 256 * 1024
"""Bytes of a JSON body: 4,096 points with coordinates written out in full."""

MAX_HELD: Final = 128 * 1024 * 1024
"""Bytes of all bodies together that are still arriving or waiting to be read."""

_LET_BY: Final = 4 * MAX_BODY
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
    """A body that keeps no more than its limit, and its share of one limit for all, and lets the rest run by.

    A client that is still sending when the refusal comes sees a broken connection instead of the reason. So a body
    that is moderately too large is heard out; one that is far larger, or says that it will be, is refused at once.
    """

    _held: ClassVar[int] = 0

    def __init__(self, expected_content_length: int | None, max_content_length: int | None) -> None:
        enormous = expected_content_length is not None and expected_content_length > _LET_BY
        super().__init__(expected_content_length if enormous else None, max_content_length)
        self._limit = MAX_BODY if max_content_length is None else max_content_length
        self._received = 0
        self._kept = 0

    def append(self, data: bytes) -> None:
        """Take in what arrived."""
        self._received += len(data)
        if self._received > self._limit:
            self.clear()
            if self._received > _LET_BY:
                self.set_complete()
        elif BoundedBody._held + len(data) > MAX_HELD:
            self.clear()
            self._must_raise = Busy()
        elif self._must_raise is None:
            self._kept += len(data)
            BoundedBody._held += len(data)
            super().append(data)

    def set_complete(self) -> None:
        """Let those who wait for the body have it, or its refusal."""
        if self._received > self._limit:
            self._must_raise = RequestEntityTooLarge()
        super().set_complete()

    def clear(self) -> None:
        """Forget what was kept."""
        super().clear()
        BoundedBody._held -= self._kept
        self._kept = 0

    def __del__(self) -> None:
        """Give back the share of a body that nobody read."""
        self.clear()


async def read_body() -> bytes:
    """Return the body of the current request, once; one that is too large or too slow is refused."""
    return await request.get_data(cache=False, as_text=False, parse_form_data=False)


async def read_json(decoder: msgspec.json.Decoder[T]) -> T:
    """Return the JSON body of the current request.

    Raises:
        ApiError: if it is too large, no JSON, or not what ``decoder`` takes.
    """
    if request.mimetype != "application/json":
        raise ApiError(415, "unsupported_media_type", "Send JSON, with Content-Type: application/json.")
    body = await read_body()
    if len(body) > MAX_JSON:
        raise ApiError(413, "body_too_large", f"The request is larger than {MAX_JSON // 1024} KiB.")
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise ApiError(422, "invalid_request", f"The request does not fit: {explain_error(error)}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400, "malformed_json", "The body of the request is not valid JSON.") from error


def check_size(strokes: Sequence[Stroke]) -> None:
    """Refuse a drawing of more strokes or points than one may have.

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
    """Return what does not fit and where: ``in strokes[0][1][0] expected a number, got text``."""
    what, _, where = str(error).partition(" - at `$")
    what = what[:1].lower() + what[1:]
    for name, word in _WORDS.items():
        what = what.replace(f"`{name}`", word)
    where = where.strip(".`")
    return f"in {where} {what}" if where else what.replace("`", "")


def respond(body: msgspec.Struct) -> Response:
    """Return a JSON answer that no cache keeps."""
    answer = Response(msgspec.json.encode(body), content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer
