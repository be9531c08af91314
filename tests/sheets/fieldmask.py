"""Field masks: ``title,gridProperties(rowCount,columnCount)`` or ``gridProperties.rowCount``."""

from __future__ import annotations

import re
from typing import Any, Final

from tests.sheets.errors import make_bad_request

Mask = dict[str, "Mask"]
"""Field names with their inner fields. A name without inner fields stands for the whole field."""

_PART: Final = re.compile(r"[\w*]+|[.,/()]")


def parse_mask(text: str) -> Mask:
    """Parse a field mask.

    Raises:
        ApiError: if it is not one.
    """
    if "".join(_PART.findall(text)) != text.replace(" ", ""):
        raise make_bad_request(f"Invalid field selection {text}")
    parts = _PART.findall(text)
    mask: Mask = {}
    _read(parts, mask)
    if parts:
        raise make_bad_request(f"Invalid field selection {text}")
    return mask


def _read(parts: list[str], mask: Mask) -> None:
    inner = mask
    while parts and parts[0] != ")":
        part = parts.pop(0)
        if part == ",":
            inner = mask
        elif part == "(":
            _read(parts, inner)
            if not parts:
                raise make_bad_request("Invalid field selection: a bracket is open")
            parts.pop(0)
        elif part not in "./":
            inner = inner.setdefault(part, {})


def select(value: Any, mask: Mask) -> Any:
    """Return the part of an answer that the mask selects."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: select(inner, mask[key]) for key, inner in value.items() if key in mask}
