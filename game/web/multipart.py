"""Forms with files (multipart/form-data), parsed from a body in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

MAX_PARTS: Final = 16

_PIECE: Final = 64 * 1024
_LONGEST_BOUNDARY: Final = 200  # bytes; the limit in RFC 2046 is 70


class NotAForm(ValueError):
    """The content type is not multipart/form-data."""


class MalformedForm(ValueError):
    """The body is not a form, or is cut off, or has too many parts."""


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form. ``filename`` is None if it is not a file."""

    name: str
    filename: str | None
    content: bytes


def parse_form(content_type: str, body: bytes) -> dict[str, Part]:
    """Return the fields of a form by name. If a name comes twice, the first one counts.

    Raises:
        NotAForm: if ``content_type`` is not multipart/form-data.
        MalformedForm: if ``body`` is broken, cut off, or has more than `MAX_PARTS` parts.
    """
    mimetype, options = parse_options_header(content_type)
    if mimetype.lower() != "multipart/form-data":
        raise NotAForm
    try:
        boundary = options.get("boundary", "").encode("ascii")
        if not 0 < len(boundary) <= _LONGEST_BOUNDARY:
            raise MalformedForm
        return _decode_parts(boundary, body)
    except (ValueError, RequestEntityTooLarge) as error:
        raise MalformedForm from error


def _decode_parts(boundary: bytes, body: bytes) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    name, filename, chunks = "", None, list[bytes]()
    for event in _decode_events(boundary, body):
        if isinstance(event, Field | File):
            name, filename = event.name, event.filename if isinstance(event, File) else None
            chunks = []
        elif isinstance(event, Data):
            chunks.append(event.data)
            if not event.more_data:
                parts.setdefault(name, Part(name, filename, b"".join(chunks)))
    return parts


def _decode_events(boundary: bytes, body: bytes) -> Iterator[Event]:
    # In pieces, because the decoder searches all that it has again and again: a form of 15 MB takes a tenth of the
    # time, and other threads can run in between.
    decoder = MultipartDecoder(boundary, max_parts=MAX_PARTS)
    for start in range(0, len(body), _PIECE):
        decoder.receive_data(body[start : start + _PIECE])
        while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
            yield event
        if isinstance(event, Epilogue):
            return
    decoder.receive_data(None)
    while not isinstance(event := decoder.next_event(), Epilogue):
        if isinstance(event, NeedData):
            raise MalformedForm
        yield event
