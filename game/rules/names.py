"""Names that players choose, cleaned before others see them."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex  # type: ignore[import-untyped]

from feedback.names.generated import generate_name
from game.rules import tuning
from game.rules.moves import Refused
from game.rules.name_filter import is_refused

# Invisible characters, some of which reorder the text around them: controls, format characters including the
# bidirectional ones, lone surrogates, private and unassigned characters, and all others that are drawn as nothing.
_INVISIBLE: Final = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]")
_BLANKS: Final = regex.compile(r"\s+")
_GRAPHEME: Final = regex.compile(r"\X")
_VISIBLE: Final = regex.compile(r"[\p{L}\p{N}\p{P}\p{S}]")


def clean_name(name: str | None, player: str) -> str:
    """Return the name of a player as others see it. A missing or blank name becomes a generated one.

    Args:
        name: what the player wants to be called.
        player: the player's id. The generated name depends on it alone.

    Raises:
        Refused: ``bad_name``, if it has no visible character, is too long, or holds a word that people should not
            have to read.
    """
    if name is None or not name.strip():
        return generate_name(player)
    # Line breaks and tabs separate words, although they are control characters.
    spaced = _BLANKS.sub(" ", name[: tuning.MESSAGE_BYTES])
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", spaced)))
    cleaned: str = _BLANKS.sub(" ", visible).strip()
    if not _VISIBLE.search(cleaned):
        raise Refused("bad_name", "This name has no visible characters. Please choose another one.")
    if len(cleaned) > tuning.NAME_CODE_POINTS or len(_GRAPHEME.findall(cleaned)) > tuning.NAME_GRAPHEMES:
        raise Refused("bad_name", f"A name may have at most {tuning.NAME_GRAPHEMES} characters.")
    if is_refused(cleaned):
        raise Refused("bad_name", "This name could hurt or annoy others. Please choose another one.")
    return cleaned
