"""gspread's own client, talking to the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import gspread
from google.auth.credentials import AnonymousCredentials

from tests.sheets.emulator import SheetsEmulator

KEY: Final = "1bY9sheetOfTests"


def http_client(host: str) -> type[gspread.HTTPClient]:
    """Return a subclass of gspread's HTTP client whose requests go to ``host``."""

    class Redirected(gspread.HTTPClient):
        def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> Any:
            url = urlunsplit(urlsplit(endpoint)._replace(scheme="http", netloc=host))
            return super().request(method, url, *args, **options)

    return Redirected


@contextmanager
def open_client(
    sheets: SheetsEmulator, credentials: Any = None, timeout: float = 30.0
) -> Iterator[gspread.Client]:
    """Open a client of the emulator, by default without credentials."""
    credentials = credentials or AnonymousCredentials()  # type: ignore[no-untyped-call]
    client = gspread.Client(credentials, http_client=http_client(sheets.host))
    client.set_timeout(timeout)
    try:
        yield client
    finally:
        client.http_client.session.close()


@contextmanager
def open_workbook(sheets: SheetsEmulator, timeout: float = 30.0) -> Iterator[gspread.Spreadsheet]:
    """Open the emulator's spreadsheet `KEY`."""
    with open_client(sheets, timeout=timeout) as client:
        yield client.open_by_key(KEY)
