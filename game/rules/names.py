"""Names that players choose, cleaned before others see them."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex  # type: ignore[import-untyped]

from game.rules import tuning
from game.rules.moves import Refused

ANONYMOUS: Final = "Guest"

# Invisible characters, some of which reorder the text around them: controls, format characters including the
# bidirectional ones, lone surrogates, private and unassigned characters, and all others that are drawn as nothing.
_INVISIBLE: Final = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]")
_BLANKS: Final = regex.compile(r"\s+")
_GRAPHEME: Final = regex.compile(r"\X")
_VISIBLE: Final = regex.compile(r"[\p{L}\p{N}\p{P}\p{S}]")


def clean_name(name: str | None) -> str:
    """Return the name as others see it; a missing or blank name becomes ``Guest``.

    Raises:
        Refused: ``bad_name``, if it has no visible character or is too long.
    """
    if name is None or not name.strip():
        return ANONYMOUS
    # Line breaks and tabs separate words, although they are control characters.
    spaced = _BLANKS.sub(" ", name[: tuning.MESSAGE_BYTES])
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", spaced)))
    cleaned: str = _BLANKS.sub(" ", visible).strip()
    if not _VISIBLE.search(cleaned):
        raise Refused("bad_name", "This name has no visible characters. Please choose another one.")
    if len(cleaned) > tuning.NAME_CODE_POINTS or len(_GRAPHEME.findall(cleaned)) > tuning.NAME_GRAPHEMES:
        raise Refused("bad_name", f"A name may have at most {tuning.NAME_GRAPHEMES} characters.")
    return cleaned
