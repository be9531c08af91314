"""What a cell holds: text, a number, a truth value, a formula, or nothing, which is the empty text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from tests.sheets.errors import invalid

LONGEST: Final = 50_000
"""Characters in a cell (https://support.google.com/drive/answer/37603)."""

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula; what it gives is not worked out here."""

    text: str


Cell = str | int | float | bool | Formula
EMPTY: Final = ""


def entered(value: Any, option: str) -> Cell | None:
    """Return what a cell holds once ``value`` was written; none if it stays as it is.

    Raises:
        ApiError: if it is too long, or no value.
    """
    if value is None:
        return None
    if isinstance(value, str):
        _check_length(value)
        return typed(value) if option == "USER_ENTERED" else value
    if isinstance(value, bool | int | float):
        return value
    raise invalid("Invalid values: a cell is text, a number, a truth value or null.")


def typed(text: str) -> Cell:
    """Return what a cell holds when a person types ``text``. Dates and currencies are not recognised."""
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


def from_extended(value: dict[str, Any]) -> Cell:
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


def extended(cell: Cell) -> dict[str, Any]:
    """Return the ExtendedValue of a cell."""
    if isinstance(cell, Formula):
        return {"formulaValue": cell.text}
    if isinstance(cell, bool):
        return {"boolValue": cell}
    return {"stringValue" if isinstance(cell, str) else "numberValue": cell}


def rendered(cell: Cell, option: str = "FORMATTED_VALUE") -> Any:
    """Return a cell as an answer shows it."""
    if isinstance(cell, Formula):
        return cell.text if option == "FORMULA" else "#ERROR!"
    if option != "FORMATTED_VALUE" or isinstance(cell, str):
        return cell
    return str(cell).upper() if isinstance(cell, bool) else f"{cell:.10g}"


def sort_key(cell: Cell) -> tuple[int, float, str]:
    """Return what orders cells as Google sorts: numbers, text whatever its case, truth values."""
    if isinstance(cell, Formula):
        return 3, 0.0, cell.text
    if isinstance(cell, bool):
        return 2, float(cell), ""
    if isinstance(cell, str):
        return 1, 0.0, cell.casefold()
    return 0, float(cell), ""


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise invalid(f"Your input contains more than the maximum of {LONGEST} characters in a single cell.")
