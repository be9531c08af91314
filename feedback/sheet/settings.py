"""Which Sheet, and with which key, as the environment says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

SHEET_ID: Final = "INKRUSH_SHEET_ID"
KEY_FILE: Final = "GOOGLE_APPLICATION_CREDENTIALS"
EMULATOR: Final = "SHEETS_EMULATOR_HOST"

_ADDRESS: Final = re.compile(r"https://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/([\w-]+)")
_ID: Final = re.compile(r"[\w.-]+", re.ASCII)
_HOST: Final = re.compile(r"[\w.-]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}", re.ASCII)


class SheetSettingsError(Exception):
    """A setting has a value that cannot be used; the text says which and why, for a person."""


class SheetSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach the Sheet.

    Attributes:
        spreadsheet: the Sheet's id; None where rounds are not mirrored.
        key_file: the service account's key.
        emulator: ``host:port`` of an emulator to talk to instead of Google, without a key.
    """

    spreadsheet: str | None = None
    key_file: Path | None = None
    emulator: str | None = None


def read_sheet_settings(environ: Mapping[str, str]) -> SheetSettings:
    """Return the settings of ``environ``; the Sheet's whole address does for its id.

    Raises:
        SheetSettingsError: if a value cannot be used.
    """
    given = {name: environ.get(name, "").strip() or None for name in (SHEET_ID, KEY_FILE, EMULATOR)}
    key_file = given[KEY_FILE]
    return SheetSettings(
        spreadsheet=_spreadsheet(given[SHEET_ID]),
        key_file=Path(key_file) if key_file else None,
        emulator=_emulator(given[EMULATOR]),
    )


def _spreadsheet(text: str | None) -> str | None:
    if text is None:
        return None
    address = _ADDRESS.match(text)
    found = address[1] if address else text
    if not _ID.fullmatch(found):
        raise SheetSettingsError(
            f"{SHEET_ID} must be a Sheet's id, the part of its address between /d/ and /edit, not {text!r}."
        )
    return found


def _emulator(text: str | None) -> str | None:
    if text is not None and not _HOST.fullmatch(text):
        raise SheetSettingsError(f"{EMULATOR} must be host:port, such as 127.0.0.1:9090, not {text!r}.")
    return text
