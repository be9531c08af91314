"""What can be wrong with a file of rounds, in words for a person."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import msgspec

_PLACE: Final = re.compile(r" - at `\$\.?(.*)`$")
_EXPECTED: Final = (
    (re.compile(r"regex '\^\[0-9A-Za-z\]'|length <= 1$"), "one of 0-9, A-Z and a-z"),
    (re.compile(r"regex '\^\[0-9a-f\]|length <= 36$"), "a UUID"),
    (re.compile(r"regex '\^data:"), "a PNG as a data URI"),
    (re.compile("RFC3339|with a timezone"), "a time with its zone, such as 2026-11-25T19:42:36Z"),
)
"""What msgspec's messages say, and the words for a person."""


class NotRounds(Exception):
    """A file is of an unknown kind; the text completes "the file cannot be used: …"."""


class UnusableLine(NamedTuple):
    """A line that could not be used: its number, from 1, and why. For a row of several lines, it is the first."""

    line: int
    why: str


def explain_mismatch(error: msgspec.ValidationError) -> str:
    """Return which field does not fit, and why: ``in label expected one of 0-9, A-Z and a-z``."""
    message = str(error)
    place = _PLACE.search(message)
    reason = _PLACE.sub("", message)
    reason = (reason[:1].lower() + reason[1:]).replace("`", "")
    reason = next((f"expected {words}" for pattern, words in _EXPECTED if pattern.search(reason)), reason)
    return f"in {place[1]} {reason}" if place and place[1] else reason
