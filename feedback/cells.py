"""Guard the text in CSV cells, so that a spreadsheet program reads it as text and never as a formula.

Such programs calculate text that begins with ``=``, ``+``, ``-`` or ``@``. Some also calculate the full-width
forms, or skip blanks and control characters before them. In countries that separate cells by ``;``, each ``;``
within a text begins a cell too. An apostrophe at the beginning keeps it text
(https://owasp.org/www-community/attacks/CSV_Injection). Words that pandas reads as an empty cell get one too.
An apostrophe that is already there is doubled, so that every text comes back unchanged.
"""

from __future__ import annotations

import re
from typing import Final

NULL_WORDS: Final = frozenset({"nan", "none", "null", "<na>", "nat", "na", "n/a", "#n/a", "#nv", "#n/d"})
"""Words, in lower case, that pandas and spreadsheet programs write for an empty cell."""

# Where a cell may begin, and the characters that programs skip there: quotes, blanks, controls, invisible ones.
_UNSEEN: Final = r"\"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_BEGINNING: Final = rf"((?:^|[;\t\r\n])(?:[{_UNSEEN}]|(?![\t\r\n])\s)*)"
_DANGEROUS: Final = re.compile(_BEGINNING + "(?=['=+\\-@\t\r\n＝＋－＠])")
_GUARDED: Final = re.compile(_BEGINNING + "'")


def guard_cell(text: str) -> str:
    """Return the text of a cell that stands for ``text``."""
    if text.casefold() in NULL_WORDS:
        return f"'{text}"
    return _DANGEROUS.sub(r"\1'", text)


def unguard_cell(cell: str) -> str:
    """Return the text that a guarded cell stands for."""
    return _GUARDED.sub(r"\1", cell)
