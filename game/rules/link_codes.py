"""The codes that carry a player to another device: twelve characters that nobody mistakes for others."""

from __future__ import annotations

from typing import Final

from game.rules.room_codes import make_code, read_code

LENGTH: Final = 12
"""20**12 is 52 bits. `tuning.CLAIMS` and `tuning.ALL_CLAIMS` limit how many can be tried while a code is good."""

_GROUP: Final = 4


def make_link_code() -> str:
    """Return a code that nobody can predict, such as ``CDFH-JKMN-PRTV``."""
    code = make_code(LENGTH)
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def read_link_code(text: str) -> str | None:
    """Return a code that a person typed, in capitals without hyphens; None if it cannot be one."""
    return read_code(text, LENGTH)
