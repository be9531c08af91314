"""A form of names for comparison: names that people would take for the same have the same form."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import Final

# Letters that look like a Latin one, without those that a compatibility decomposition finds. Lowercase only.
_LOOKALIKES: Final = {
    "a": "аαɑᴀ", "b": "вьβʙ", "c": "сϲᴄ", "d": "ԁđðᴅ", "e": "еєεᴇ", "f": "ғꜰ", "g": "ɡɢ", "h": "һнħʜ",
    "i": "іιıɪ", "j": "јᴊ", "k": "кκᴋ", "l": "ӏłʟ", "m": "мμᴍ", "n": "пηɴ", "o": "оοøօᴏ", "p": "рρᴘ", "q": "ԛ",
    "r": "ʀ", "s": "ѕꜱ", "t": "тτᴛ", "u": "иυᴜ", "v": "νѵᴠ", "w": "ԝωᴡ", "x": "хχ", "y": "уγʏ", "z": "ζᴢ",
}  # fmt: skip
_LETTERS: Final = str.maketrans(
    {alike: letter for letter, lookalikes in _LOOKALIKES.items() for alike in lookalikes} | {"æ": "ae", "œ": "oe"}
)
# Letters in boxes and circles, and those of flags. They are symbols, which no decomposition turns into letters.
_SYMBOL_ALPHABETS: Final = (0x1F150, 0x1F170, 0x1F1E6)
_SYMBOLS: Final = str.maketrans(
    {chr(first + place): chr(ord("a") + place) for first in _SYMBOL_ALPHABETS for place in range(26)}
)
_LEET: Final = str.maketrans("013456789$@€", "oieasgtbgsae")
_FOLDED: Final = 4096  # names whose form is remembered: the same ones are at the top of a board each time
_DIACRITICS: Final = ((0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))


@lru_cache(maxsize=_FOLDED)
def fold_name(name: str) -> str:
    """Return the form of a name in which it is compared with others.

    Case, accents, look-alikes of other scripts, digits and signs used as letters, repetitions, spaces and
    punctuation make no difference: ``Ada``, ``АDА`` in Cyrillic letters, ``a.d.a`` and ``Addda`` are the same. So
    are l and i, since a capital i looks like an l. Folding again changes nothing.
    """
    letters = read_leet(fold_letters(name)).replace("l", "i")
    kept = "".join(character for character in letters if unicodedata.category(character)[0] in "LMN")
    # A name of symbols only, such as pictures, is compared as it stands.
    shown = kept or "".join(letters.split()) or "".join(name.split())
    return "".join(character for character, _ in groupby(shown))


def fold_letters(text: str) -> str:
    """Return text in lowercase letters without diacritics, with look-alikes as the Latin letters they look like.

    Everything else, such as digits and spaces, stays.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_SYMBOLS)).casefold()
    apart = unicodedata.normalize("NFKD", plain)
    letters = "".join(character for character in apart if not _is_diacritic(character))
    return unicodedata.normalize("NFC", letters).translate(_LETTERS)


def read_leet(text: str) -> str:
    """Return text with digits and signs as the letters that they often stand for, such as ``3`` as ``e``."""
    return text.translate(_LEET)


def _is_diacritic(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _DIACRITICS)
