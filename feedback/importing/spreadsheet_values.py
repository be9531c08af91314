"""Parse cells that spreadsheet programs in any language, or pandas, have written.

They write a decimal comma, ``7.0`` for the digit 7, ``1234.0`` for a whole number in a column with empty cells,
``99,5 %``, digits of other scripts, times without a zone, and words such as ``NaN`` for an empty cell. Their words
for true and false, such as WAHR, do not matter: the only such column follows from other columns and is not read.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

import msgspec

from feedback.cells import NULL_WORDS, unguard_cell
from feedback.export import JSON_COLUMNS

CHARACTERS: Final = frozenset({"word", "label", "predicted", "target"})
"""Columns that hold one character."""

WHOLE_NUMBERS: Final = frozenset({"number", "points", "duration_ms"})
FRACTIONS: Final = frozenset({"confidence"})

FREE_TEXTS: Final = frozenset({"model", "player", "flag"})
"""Columns that hold any text, which stays as it is."""

_REQUIRED_TEXTS: Final = frozenset({"model", "player"})
_EXCEL_LONGEST_CELL: Final = 32_767  # characters; Excel cuts the rest off

_DIGIT: Final = re.compile(r"([0-9])[.,]0+")
_WHOLE: Final = re.compile(r"([0-9]{1,20})(?:[.,]0+)?")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}[.,]000")
_GAP: Final = re.compile(r"(?<=[0-9])[ '\u2019\u00a0\u202f](?=[0-9]{3}(?![0-9]))")  # between thousands
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?:(:\d\d)[.,]?(\d+)?)? ?(?:Z|UTC)?", re.ASCII)
_FRACTION: Final = re.compile(r"[0-9]*[.,]?[0-9]+(?:[eE][+-]?[0-9]{1,3})?")


def is_empty_cell(cell: str) -> bool:
    """Return whether a cell is blank, or holds a word that stands for an empty cell."""
    text = cell.strip()
    return not text or text.casefold() in NULL_WORDS


def parse_cell(column: str, cell: str) -> Any:
    """Return the value of a cell for the field of `feedback.line.Line` with the name of its column.

    `Line` checks the value further.

    Raises:
        ValueError: if the cell cannot be read; the message says why.
    """
    if column in FREE_TEXTS:
        if not cell or (column not in _REQUIRED_TEXTS and cell.casefold() in NULL_WORDS):
            return None
        return unguard_cell(cell)
    if is_empty_cell(cell):
        return [] if column == "top" else None
    text = cell.strip()
    if column in JSON_COLUMNS:
        return _parse_json(column, text)
    if column == "timestamp":
        return _TIME.sub(_complete_time, text) if _TIME.fullmatch(text) else text
    text = _use_our_digits(text)
    if column in WHOLE_NUMBERS:
        return _parse_whole(column, text)
    if column in FRACTIONS:
        return _parse_fraction(column, text)
    if column in CHARACTERS and (match := _DIGIT.fullmatch(text)):
        return match[1]
    return text


def _complete_time(match: re.Match[str]) -> str:
    """Return the time in RFC 3339. Without a zone it is UTC, as in every export."""
    day, minute, second, fraction = match.groups()
    return f"{day}T{minute}{second or ':00'}{'.' + fraction if fraction else ''}Z"


def _use_our_digits(text: str) -> str:
    """Return a text with the digits and the decimal separator of other scripts replaced by ours."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text).replace("٫", ".")


def _parse_json(column: str, text: str) -> Any:
    if column == "top" and "'" in text:  # a list as Python writes it
        text = text.translate(str.maketrans("()'", '[]"'))
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        if len(text) >= _EXCEL_LONGEST_CELL:
            raise ValueError(
                f"in {column} the text is cut off: a cell of Excel holds {_EXCEL_LONGEST_CELL:,} characters"
            ) from error
        raise ValueError(f"in {column} it is not JSON") from error


def _parse_whole(column: str, text: str) -> int:
    match = _WHOLE.fullmatch(_GAP.sub("", text))
    # 1.000 is 1 to pandas and 1000 to a German: do not guess.
    if match is None or _THOUSANDS.fullmatch(text):
        raise ValueError(f"in {column} expected a whole number such as 1234, not {text[:40]}")
    return int(match[1])


def _parse_fraction(column: str, text: str) -> float:
    number = text.strip("%٪ \u00a0\u202f")
    if not _FRACTION.fullmatch(number):
        raise ValueError(f"in {column} expected a number such as 0.93, not {text[:40]}")
    is_percentage = number != text
    return float(Decimal(number.replace(",", ".")).scaleb(-2 if is_percentage else 0))
