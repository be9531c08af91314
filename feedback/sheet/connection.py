"""gspread's client with our manners: finite waits, the quota kept, reading tried again, writing never."""

from __future__ import annotations

import threading
import time
from collections.abc import MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import gspread
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import GoogleAuthError
from google.oauth2.service_account import Credentials
from requests import Response

from feedback.sheet.error_messages import read_key_email, translate_errors
from feedback.sheet.errors import SheetError
from feedback.sheet.pacing import RequestPacer, compute_backoff
from feedback.sheet.settings import SheetSettings
from feedback.sheet.tuning import READ_TRIES, Timing

_SCOPES: Final = ("https://www.googleapis.com/auth/spreadsheets",)
_paces: Final[dict[tuple[str, float], RequestPacer]] = {}
_paces_lock: Final = threading.Lock()


def connect(settings: SheetSettings, timing: Timing) -> Connection:
    """Return a client of the Sheets API; nothing is asked of it yet.

    Raises:
        SheetError: if there is no usable key.
    """
    if settings.emulator is not None:
        return Connection(AnonymousCredentials(), "anybody", settings.emulator, timing)  # type: ignore[no-untyped-call]
    email = read_key_email(settings.key_file)
    try:
        credentials = Credentials.from_service_account_file(str(settings.key_file), scopes=_SCOPES)  # type: ignore[no-untyped-call]
    except (GoogleAuthError, ValueError) as error:
        raise SheetError(f"The key file {settings.key_file} is broken: {error}. Download it again.") from error
    return Connection(credentials, email, None, timing)


class Connection(gspread.HTTPClient):
    """Every request is paced and bounded in time. What goes wrong is raised as a `SheetError`.

    A reading request is tried several times. A writing one is made once: it may have taken place whatever the
    answer was, so that only whoever sent it can tell what to do next.
    """

    def __init__(self, credentials: Any, email: str, emulator: str | None, timing: Timing) -> None:
        super().__init__(credentials)
        self.set_timeout((timing.connect, timing.answer))
        self._email = email
        self._emulator = emulator
        self._backoff = timing.backoff
        self._reading = _pace("reading", timing.per_minute)
        self._writing = _pace("writing", timing.per_minute)

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: bytes | None = None,
        json: Any = None,
        files: Any = None,
        headers: MutableMapping[str, str] | None = None,
    ) -> Response:
        """Make a request and return its answer, which is JSON.

        Raises:
            SheetError: if it did not work; of a writing request nothing is known then.
        """
        is_write = method.lower() != "get"
        url = self._redirected(endpoint)
        attempt = 1
        while True:
            (self._writing if is_write else self._reading).wait()
            try:
                with translate_errors(self._email, is_write=is_write):
                    answer = super().request(method, url, params, data, json, files, headers)
                    answer.json()
                    return answer
            except SheetError as trouble:
                if is_write or not trouble.is_transient or attempt == READ_TRIES:
                    raise
                time.sleep(compute_backoff(attempt, self._backoff, trouble.wait))
            attempt += 1

    def _redirected(self, endpoint: str) -> str:
        if self._emulator is None:
            return endpoint
        return urlunsplit(urlsplit(endpoint)._replace(scheme="http", netloc=self._emulator))


def _pace(kind: str, per_minute: float) -> RequestPacer:
    """Return the pace that all connections of this process share."""
    with _paces_lock:
        return _paces.setdefault((kind, per_minute), RequestPacer(per_minute))
