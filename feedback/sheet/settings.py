"""Which Sheet to use and with which key, read from the environment.

No error here repeats a value: somebody may have pasted a secret into the wrong variable.
"""

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
_ID: Final = re.compile(r"[\w.-]{1,128}", re.ASCII)  # Google's have 44 characters, a key more than a thousand
_HOST: Final = re.compile(r"[\w.-]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}", re.ASCII)


class SheetSettingsError(Exception):
    """A setting has a value that cannot be used. The text says which setting and what it must be."""


class SheetSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach the Sheet.

    Attributes:
        spreadsheet: the Sheet's id; None if rounds are not mirrored.
        key_file: what should be the path of the service account's key file. Never print it: people paste the
            key itself.
        emulator: ``host:port`` of an emulator to use instead of Google, without a key.
    """

    spreadsheet: str | None = None
    key_file: Path | None = None
    emulator: str | None = None


def read_sheet_settings(environ: Mapping[str, str]) -> SheetSettings:
    """Return the settings in ``environ``. The Sheet may be given by its id or by its whole address.

    Raises:
        SheetSettingsError: if a value cannot be used.
    """
    values = {name: environ.get(name, "").strip() or None for name in (SHEET_ID, KEY_FILE, EMULATOR)}
    key_file = values[KEY_FILE]
    return SheetSettings(
        spreadsheet=_parse_spreadsheet(values[SHEET_ID]),
        key_file=Path(key_file) if key_file else None,
        emulator=_parse_emulator(values[EMULATOR]),
    )


def _parse_spreadsheet(text: str | None) -> str | None:
    if text is None:
        return None
    address = _ADDRESS.match(text)
    spreadsheet = address[1] if address else text
    if not _ID.fullmatch(spreadsheet):
        raise SheetSettingsError(
            f"{SHEET_ID} must be the Sheet's address, or its id: the part between /d/ and /edit. It is neither."
        )
    return spreadsheet


def _parse_emulator(text: str | None) -> str | None:
    if text is not None and not _HOST.fullmatch(text):
        raise SheetSettingsError(f"{EMULATOR} must be host:port, such as 127.0.0.1:9090.")
    return text
