"""Text in the cells of a CSV file that a spreadsheet program takes for text and never for a formula.

Such programs calculate what begins with ``=``, ``+``, ``-`` or ``@``, and some its full-width form, though a blank
or a control character stand before it. Where a country writes ``;`` between cells, a ``;`` within a text begins a
cell as well. An apostrophe put there makes it text (https://owasp.org/www-community/attacks/CSV_Injection).
Apostrophes that stood there are doubled, so that every text comes back as it was.
"""

from __future__ import annotations

import re
from typing import Final

# Where a cell may begin, with what may be skipped after that: quotes, blanks, controls and what nobody sees.
_UNSEEN: Final = r"\"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_BEGINNING: Final = rf"((?:^|[;\t\r\n])(?:[{_UNSEEN}]|(?![\t\r\n])\s)*)"
_DANGEROUS: Final = re.compile(_BEGINNING + "(?=['=+\\-@\t\r\n＝＋－＠])")
_GUARDED: Final = re.compile(_BEGINNING + "'")


def guard_cell(text: str) -> str:
    """Return ``text`` as a cell may hold it."""
    return _DANGEROUS.sub(r"\1'", text)


def unguard_cell(cell: str) -> str:
    """Return the text that a cell holds."""
    return _GUARDED.sub(r"\1", cell)
