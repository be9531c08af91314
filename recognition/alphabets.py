"""The 62 classes, the alphabets that select from them, and the characters that look alike."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from recognition.errors import UnknownAlphabet

DIGITS: Final = "0123456789"
UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER: Final = "abcdefghijklmnopqrstuvwxyz"

CLASSES: Final = DIGITS + UPPER + LOWER
"""All classes in label order, index 0 to 61, as in EMNIST ByClass."""

ALPHABETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "any": CLASSES,
        "digits": DIGITS,
        "upper": UPPER,
        "lower": LOWER,
        "letters": UPPER + LOWER,
    }
)

# No reader can tell the characters of a group apart when they stand alone. This is measured, pair by pair: see
# "What nobody can tell apart" in docs/accuracy.md.
_LOOK_ALIKES: Final = (
    "0Oo", "1Il", "9q",
    "Cc", "Jj", "Kk", "Mm", "Pp", "Ss", "Uu", "Vv", "Ww", "Xx", "Yy", "Zz",
)  # fmt: skip

_GROUP_OF: Final = {character: group for group in _LOOK_ALIKES for character in group}


def get_characters(alphabet: str) -> str:
    """Return the characters of ``alphabet`` in label order.

    Raises:
        UnknownAlphabet: if no alphabet has that name.
    """
    try:
        return ALPHABETS[alphabet]
    except (KeyError, TypeError):
        raise UnknownAlphabet(alphabet) from None


def find_smallest_alphabet(characters: str) -> str:
    """Return the name of the alphabet with the fewest characters that has all of ``characters``.

    Raises:
        ValueError: if one of them is not one of the 62.
    """
    for name in sorted(ALPHABETS, key=lambda name: len(ALPHABETS[name])):
        if set(characters) <= set(ALPHABETS[name]):
            return name
    raise ValueError(f"Not all of these are among the {len(CLASSES)} characters: {characters}")


def get_look_alikes(character: str, alphabet: str) -> str:
    """Return the characters of ``alphabet`` that look like ``character``, and itself if the alphabet has it."""
    group = _GROUP_OF.get(character, character)
    return "".join(c for c in get_characters(alphabet) if c in group)
