"""The codes of rooms: five characters that nobody mistakes for others, on a screen or read aloud."""

from __future__ import annotations

import re
import secrets
from typing import Final

CHARACTERS: Final = "CDFHJKMNPRTVWXY34679"
"""No O and 0, I and l and 1, S and 5, Z and 2, B and 8, G and 6 together, U beside V or Q beside O. There are no
vowels either, so that no code is a word."""

LENGTH: Final = 5
"""20**5 is 3.2 million codes. Calls that try codes are limited (`tuning.ROOM_TRIES`)."""

_BETWEEN: Final = re.compile(r"[\s\-.]+")


def make_code(length: int = LENGTH) -> str:
    """Return a code that nobody can predict. It may be in use already."""
    return "".join(secrets.choice(CHARACTERS) for _ in range(length))


def read_code(text: str, length: int = LENGTH) -> str | None:
    """Return the code that a person typed, in any case, with or without spaces; None if it cannot be one."""
    code = _BETWEEN.sub("", text).upper()
    return code if len(code) == length and set(code) <= set(CHARACTERS) else None
