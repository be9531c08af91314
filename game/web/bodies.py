"""The bodies of requests, read up to a limit and decoded; queries; and JSON responses."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, ClassVar, Final, TypeVar, cast

import msgspec
from hypercorn.typing import ASGIReceiveCallable
from quart import Response, request
from quart.asgi import ASGIHTTPConnection
from quart.wrappers import Request
from quart.wrappers.request import Body
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout

from feedback.drawing import Stroke, is_too_much
from game.inference.worker_pool import Busy
from game.play.rate_limit import make_address_key
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
"""The most bytes of all bodies together that are arriving or in work."""

MAX_HELD_PER_ADDRESS: Final = 64 * 1024 * 1024
"""The most bytes of the bodies from one address."""

_MAX_DISCARDED: Final = 4 * MAX_BODY
_DISCARD_PAUSES: Final = (0.25, 0.02)  # seconds after a small and a large piece of a body that is thrown away
_LARGE_BODY: Final = 1024 * 1024
_PAUSE: Final = 0.005  # seconds after each piece of a large body: at most some 100 Mbit/s a client
_LARGE_PIECE: Final = 8 * 1024  # bytes; a client that sends whatever it has sends pieces of up to 64 KiB
_SPARE_SECONDS: Final = 1.0
_MAX_LISTS: Final = 1 + tuning.MAX_STROKES + tuning.MAX_POINTS
"""The most lists that a drawing may consist of. Decoding holds up the event loop, and 87,000 lists take 10 ms."""
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
    """A body that holds no more than its limit in memory.

    Bodies of one address, and all bodies together, are limited too, until their requests end.

    A client that is refused while it is still sending sees a broken connection instead of the reason. So a body
    that is somewhat too large is read to its end and thrown away. One that is far too large, or announces that it
    will be, is refused at once.

    Attributes:
        address: whose body it is, as `make_address_key` returns it.
        is_discarded: whether what arrives is thrown away.
        received: how many bytes have arrived.
    """

    _held: ClassVar[Counter[str]] = Counter()
    _held_by_all: ClassVar[int] = 0

    def __init__(self, expected_content_length: int | None, max_content_length: int | None) -> None:
        enormous = expected_content_length is not None and expected_content_length > _MAX_DISCARDED
        super().__init__(expected_content_length if enormous else None, max_content_length)
        self.address = ""
        self.is_discarded = False
        self._limit = MAX_BODY if max_content_length is None else max_content_length
        self.received = 0
        self._held_here = 0

    def append(self, data: bytes) -> None:
        """Add bytes that have arrived."""
        self.received += len(data)
        if self.received > _MAX_DISCARDED:
            self.discard()
            self.set_complete()
        elif self.received > self._limit:
            self.discard()
        elif self._must_raise is None and not self.is_discarded:
            if not self._has_room(len(data)):
                self.discard()
                self._must_raise = Busy()
                return
            self._held_here += len(data)
            BoundedBody._held_by_all += len(data)
            BoundedBody._held[self.address] += len(data)
            super().append(data)

    def set_complete(self) -> None:
        """Give the body, or the error, to whoever waits for it."""
        if self.received > self._limit:
            self._must_raise = RequestEntityTooLarge()
        super().set_complete()

    def give_up(self) -> None:
        """Give the error that the body arrives too slowly to whoever waits for it."""
        self.discard()
        self._must_raise = RequestTimeout()
        super().set_complete()

    def set_limit(self, limit: int) -> None:
        """Hold no more than ``limit`` bytes from now on."""
        self._limit = min(self._limit, limit)
        if self.received > self._limit:
            self.discard()
            if self._complete.is_set():
                self._must_raise = RequestEntityTooLarge()

    def discard(self) -> None:
        """Throw away what has arrived and what will arrive."""
        self.is_discarded = True
        self.release()

    def release(self) -> None:
        """Free what is held, and make room for other bodies. Call it when the request ends."""
        self.clear()
        if self._held_here:
            BoundedBody._held_by_all -= self._held_here
            BoundedBody._held[self.address] -= self._held_here
            if not BoundedBody._held[self.address]:
                del BoundedBody._held[self.address]
            self._held_here = 0

    def _has_room(self, size: int) -> bool:
        return (
            BoundedBody._held_by_all + size <= MAX_HELD
            and BoundedBody._held[self.address] + size <= MAX_HELD_PER_ADDRESS
        )

    def __del__(self) -> None:
        """Free a body whose request never ended."""
        self.release()


class BoundedRequest(Request):
    """A request with a `BoundedBody`."""

    body_class = BoundedBody
    body: BoundedBody

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body.address = make_address_key(self.remote_addr)


class PacedHTTPConnection(ASGIHTTPConnection):
    """Receives large bodies, and those that are thrown away, in no hurry, so that a flood of them costs little.

    A body that arrives too slowly is given up, so that nobody can hold thousands of requests open.
    """

    async def handle_messages(self, request: Request, receive: ASGIReceiveCallable) -> None:
        """Receive the body of ``request``; returns when the client is gone."""
        is_large, is_complete = True, False
        body = cast("BoundedBody", request.body)
        begin = asyncio.get_running_loop().time()

        async def receive_paced() -> Any:
            nonlocal is_large, is_complete
            if body.is_discarded:
                await asyncio.sleep(_DISCARD_PAUSES[is_large])
            elif body.received > _LARGE_BODY:
                await asyncio.sleep(_PAUSE)
            message: Any = None
            if not is_complete:
                seconds = tuning.BODY_SECONDS + body.received / tuning.BODY_BYTES_PER_SECOND
                message = await _receive_until(receive, begin + seconds)
                if message is None:
                    body.give_up()
            is_complete = message is None or not message.get("more_body", False)
            message = message or await receive()
            is_large = len(message.get("body", b"")) >= _LARGE_PIECE
            return message

        await super().handle_messages(request, receive_paced)


async def _receive_until(receive: ASGIReceiveCallable, deadline: float) -> Any:
    """Return the next message, or None if none has come by ``deadline``, in the time of the event loop."""
    with suppress(TimeoutError):
        async with asyncio.timeout_at(deadline):
            return await receive()
    # If this process stood still, what has come meanwhile is still to be read.
    with suppress(TimeoutError):
        async with asyncio.timeout(_SPARE_SECONDS):
            return await receive()
    return None


async def discard_body() -> None:
    """Throw away the body of the current request, and wait until it has ended, but not for long."""
    body = cast("BoundedBody", request.body)
    body.discard()
    with suppress(TimeoutError, RequestEntityTooLarge, Busy):
        async with asyncio.timeout(tuning.DISCARD_SECONDS):
            await body


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
        ApiError: if its type is not JSON, or if it is too large, not valid JSON, or not what ``decoder`` takes; or
            if it has more lists than a drawing can have.
    """
    if request.mimetype != "application/json":
        raise ApiError(415, "unsupported_media_type", "Send JSON, with the header Content-Type: application/json.")
    refuse_encoding()
    cast("BoundedBody", request.body).set_limit(MAX_JSON)
    try:
        body = await read_body()
    except RequestEntityTooLarge as error:
        message = f"The request is too large (limit {MAX_JSON // 1024} KiB)."
        raise ApiError(413, "body_too_large", message) from error
    if body.count(b"]") > _MAX_LISTS:
        raise _refuse_ink()
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise ApiError(422, "invalid_request", f"The request is not valid: {explain_error(error)}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400, "malformed_json", "The body of the request is not valid JSON.") from error


def read_query(kind: type[T], problem: str, *, skips_empty: bool = False) -> T:
    """Return the query of the current request.

    Args:
        kind: what it must be.
        problem: the beginning of the message if it is something else.
        skips_empty: whether empty fields count as left out, since forms send those that nobody filled in.

    Raises:
        ApiError: 422, if it is not a ``kind``.
    """
    given = {name: value for name, value in request.args.items() if value or not skips_empty}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ApiError(422, "invalid_query", f"{problem}: {explain_error(error)}.") from error


def refuse_encoding() -> None:
    """Refuse a body that is compressed.

    Raises:
        ApiError: 415, because a few kilobytes may unpack to gigabytes.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise ApiError(415, "unsupported_encoding", "Send the body as it is, without Content-Encoding.")


def check_size(strokes: Sequence[Stroke]) -> None:
    """Refuse a drawing with too many strokes or points.

    Raises:
        ApiError: 422, ``too_much_ink``.
    """
    if is_too_much(strokes):
        raise _refuse_ink()


def _refuse_ink() -> ApiError:
    limit = f"A drawing may have at most {tuning.MAX_STROKES} strokes and {tuning.MAX_POINTS:,} points."
    return ApiError(422, "too_much_ink", limit)


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
