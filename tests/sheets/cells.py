"""What a cell holds: text, a number, a boolean, a formula, or nothing, which is the empty text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from tests.sheets.errors import make_bad_request

LONGEST: Final = 50_000
"""Characters in a cell (https://support.google.com/drive/answer/37603)."""

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula. Its result is not computed here."""

    text: str


Cell = str | int | float | bool | Formula
EMPTY: Final = ""


def enter(value: Any, option: str) -> Cell | None:
    """Return what a cell holds after ``value`` is written to it; None if it stays as it is.

    Raises:
        ApiError: if the value is too long or of a wrong type.
    """
    if value is None:
        return None
    if isinstance(value, str):
        _check_length(value)
        return interpret_typed(value) if option == "USER_ENTERED" else value
    if isinstance(value, bool | int | float):
        return value
    raise make_bad_request("Invalid values: a cell is text, a number, a boolean or null.")


def interpret_typed(text: str) -> Cell:
    """Return what a cell holds when a person types ``text``. Dates and currencies are not recognized."""
    if text.startswith("'"):
        return text[1:]
    if text.startswith("=") and len(text) > 1:
        return Formula(text)
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    if _NUMBER.fullmatch(text.strip()):
        number = float(text)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    return text


def parse_extended(value: dict[str, Any]) -> Cell:
    """Return the cell that an ExtendedValue describes."""
    if "formulaValue" in value:
        return Formula(str(value["formulaValue"]))
    for kind in ("stringValue", "numberValue", "boolValue"):
        if kind in value:
            held: Cell = value[kind]
            if isinstance(held, str):
                _check_length(held)
            return held
    return EMPTY


def render(cell: Cell, option: str = "FORMATTED_VALUE") -> Any:
    """Return a cell as an answer shows it."""
    if isinstance(cell, Formula):
        return cell.text if option == "FORMULA" else "#ERROR!"
    if option != "FORMATTED_VALUE" or isinstance(cell, str):
        return cell
    return str(cell).upper() if isinstance(cell, bool) else f"{cell:.10g}"


def make_sort_key(cell: Cell) -> tuple[int, float, str]:
    """Return the key by which Google sorts cells: numbers, then text in any case, then booleans."""
    if isinstance(cell, Formula):
        return 3, 0.0, cell.text
    if isinstance(cell, bool):
        return 2, float(cell), ""
    if isinstance(cell, str):
        return 1, 0.0, cell.casefold()
    return 0, float(cell), ""


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise make_bad_request(
            f"Your input contains more than the maximum of {LONGEST} characters in a single cell."
        )
