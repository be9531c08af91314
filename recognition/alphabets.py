"""The 62 classes, the alphabets that mask them, and the characters no reader could tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from recognition.errors import UnknownAlphabet

DIGITS: Final = "0123456789"
UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER: Final = "abcdefghijklmnopqrstuvwxyz"

CLASSES: Final = DIGITS + UPPER + LOWER
"""Every class in label order: index 0..61, the order of EMNIST ByClass."""

ALPHABETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "any": CLASSES,
        "digits": DIGITS,
        "upper": UPPER,
        "lower": LOWER,
        "letters": UPPER + LOWER,
    }
)

# Isolated and without a line to stand on, these are the same drawing.
_LOOK_ALIKES: Final = ("0Oo", "1Il", "Cc", "Jj", "Kk", "Mm", "Pp", "Ss", "Uu", "Vv", "Ww", "Xx", "Yy", "Zz")

_GROUP_OF: Final = {character: group for group in _LOOK_ALIKES for character in group}


def get_characters(alphabet: str) -> str:
    """Return the characters of ``alphabet`` in label order.

    Raises:
        UnknownAlphabet: if there is no alphabet of that name.
    """
    try:
        return ALPHABETS[alphabet]
    except (KeyError, TypeError):
        raise UnknownAlphabet(alphabet) from None


def get_look_alikes(character: str, alphabet: str) -> str:
    """Return the characters of ``alphabet`` that a drawing of ``character`` may be read as, itself included."""
    group = _GROUP_OF.get(character, character)
    return "".join(c for c in get_characters(alphabet) if c in group)
