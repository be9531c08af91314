"""The form of POST /api/upload."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from feedback.uploads import Upload
from game.api.schemas import MOST_ATTEMPTS, MOST_MARKS, PICTURE_NAME
from game.web.bodies import MAX_PICTURE
from game.web.errors import ApiError
from game.web.multipart import MalformedForm, NotAForm, Part, parse_form

_MB: Final = 1024 * 1024
_BOOLEANS: Final = {b"true": True, b"false": False}
_TURNS: Final = {b"0": 0, b"1": 1, b"2": 2, b"3": 3}


class PictureForm(NamedTuple):
    """A picture and how to read it; see `game.api.schemas.UploadForm`."""

    picture: bytes
    alphabet: str
    has_preview: bool
    turn: int | None
    is_single: bool
    name: str | None
    attempt: int
    mark: int

    def make_upload(self, player: str) -> Upload | None:
        """Return which reading of which picture this is, or None for a picture without a name."""
        return Upload(player, self.name, self.attempt, self.mark) if self.name is not None else None


def read_picture_form(content_type: str, body: bytes) -> PictureForm:
    """Return the form in ``body``.

    Raises:
        ApiError: if it is no form, broken, without a picture, or has another value than its fields take.
    """
    try:
        parts = parse_form(content_type, body)
    except NotAForm as error:
        raise refuse_type() from error
    except MalformedForm as error:
        raise ApiError(400, "malformed_form", "The form is broken, or part of it was lost on the way.") from error
    image = parts.get("image")
    if image is None:
        raise ApiError(422, "missing_image", "The form has no picture. Send one in a field named image.")
    if not image.content:
        raise ApiError(422, "missing_image", "That file is empty.")
    if len(image.content) > MAX_PICTURE:
        raise refuse_size(len(image.content))
    alphabet, turn, name = parts.get("alphabet"), parts.get("turn"), parts.get("picture")
    is_single = _read_boolean(parts, "single")
    if turn and turn.content not in _TURNS:
        raise _refuse_value("turn", "0, 1, 2 or 3")
    return PictureForm(
        picture=image.content,
        alphabet=alphabet.content.decode("utf-8", "replace") if alphabet else "any",
        has_preview=_read_boolean(parts, "preview"),
        turn=_TURNS[turn.content] if turn else None,
        is_single=is_single,
        name=_read_name(name) if name else None,
        attempt=_read_number(parts, "attempt", 1, MOST_ATTEMPTS, missing=1),
        mark=_read_number(parts, "mark", 1, MOST_MARKS) if name and is_single else 0,
    )


def is_picture_name(name: str) -> bool:
    """Return whether a picture can have this name."""
    return re.fullmatch(PICTURE_NAME, name) is not None


def read_attempt(text: str) -> int:
    """Return the number of a reading.

    Raises:
        ApiError: if it cannot be one.
    """
    return _parse_number("attempt", text, 1, MOST_ATTEMPTS)


def refuse_size(size: int | None) -> ApiError:
    """Return the error for a picture of ``size`` bytes, or of unknown size if only its beginning has arrived."""
    limit = f"limit {MAX_PICTURE // _MB} MB"
    # Rounded up, so that it is never as much as the limit.
    message = (
        f"This picture is {-(-size // _MB)} MB ({limit})." if size else f"This picture is too large ({limit})."
    )
    return ApiError(413, "body_too_large", message)


def refuse_type() -> ApiError:
    """Return the error for a body that is no form."""
    return ApiError(
        415,
        "unsupported_media_type",
        "Send a form of the type multipart/form-data, with the picture in its field named image.",
    )


def _read_boolean(parts: dict[str, Part], name: str) -> bool:
    part = parts.get(name)
    if part and part.content not in _BOOLEANS:
        raise _refuse_value(name, "true or false")
    return part is not None and _BOOLEANS[part.content]


def _read_name(part: Part) -> str:
    name = part.content.decode("utf-8", "replace")
    if not is_picture_name(name):
        raise _refuse_value("picture", "at most 64 letters, digits, - and _")
    return name


def _read_number(parts: dict[str, Part], name: str, least: int, most: int, *, missing: int | None = None) -> int:
    part = parts.get(name)
    if part is None and missing is not None:
        return missing
    return _parse_number(name, part.content.decode("utf-8", "replace") if part else "", least, most)


def _parse_number(name: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch("[0-9]{1,9}", text, re.ASCII) or not least <= int(text) <= most:
        raise _refuse_value(name, f"a whole number from {least} to {most}")
    return int(text)


def _refuse_value(name: str, expected: str) -> ApiError:
    return ApiError(422, "invalid_request", f"The request is not valid: in {name} expected {expected}.")
