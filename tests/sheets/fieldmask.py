"""Field masks: ``title,gridProperties(rowCount,columnCount)`` or ``gridProperties.rowCount``."""

from __future__ import annotations

import re
from typing import Any, Final

from tests.sheets.errors import invalid

Mask = dict[str, "Mask"]
"""The fields that are meant, each with those within it; one without any means all of it."""

_PART: Final = re.compile(r"[\w*]+|[.,/()]")


def parse(text: str) -> Mask:
    """Return the mask that ``text`` describes.

    Raises:
        ApiError: if it describes none.
    """
    if "".join(_PART.findall(text)) != text.replace(" ", ""):
        raise invalid(f"Invalid field selection {text}")
    parts = _PART.findall(text)
    mask: Mask = {}
    _read(parts, mask)
    if parts:
        raise invalid(f"Invalid field selection {text}")
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
                raise invalid("Invalid field selection: a bracket is open")
            parts.pop(0)
        elif part not in "./":
            inner = inner.setdefault(part, {})


def select(value: Any, mask: Mask) -> Any:
    """Return what the mask leaves of an answer."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: select(inner, mask[key]) for key, inner in value.items() if key in mask}
