"""Names that players give themselves, made fit to be shown to others."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex  # type: ignore[import-untyped]

from game.play.protocol import ProtocolError
from game.rules import tuning

ANONYMOUS: Final = "Guest"

# Nothing of this is seen, and some of it reorders the text around it: controls, format characters with the
# bidirectional ones, lone surrogates, private and unassigned characters, and all that is drawn as nothing.
_UNSEEN: Final = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]")
_BLANKS: Final = regex.compile(r"\s+")
_GRAPHEME: Final = regex.compile(r"\X")
_VISIBLE: Final = regex.compile(r"[\p{L}\p{N}\p{P}\p{S}]")


def clean_name(name: str | None) -> str:
    """Return the name as others are shown it; one that is absent or blank becomes ``Guest``.

    Raises:
        ProtocolError: ``bad_name``, if nothing of it can be seen, or it is too long.
    """
    if name is None or not name.strip():
        return ANONYMOUS
    # Line breaks and tabs keep words apart although they are control characters.
    spaced = _BLANKS.sub(" ", name[: tuning.MESSAGE_BYTES])
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", _UNSEEN.sub("", spaced)))
    cleaned: str = _BLANKS.sub(" ", seen).strip()
    if not _VISIBLE.search(cleaned):
        raise ProtocolError("bad_name", "This name has nothing in it that can be seen. Choose another one.")
    if len(cleaned) > tuning.NAME_CODE_POINTS or len(_GRAPHEME.findall(cleaned)) > tuning.NAME_GRAPHEMES:
        raise ProtocolError("bad_name", f"A name may have at most {tuning.NAME_GRAPHEMES} characters.")
    return cleaned
