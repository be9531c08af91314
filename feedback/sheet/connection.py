"""A gspread client that keeps to the quota, never waits for ever, retries reads, and sends each write once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import gspread
from google.auth.credentials import AnonymousCredentials
from requests import Response

from feedback.sheet.error_messages import translate_errors
from feedback.sheet.errors import SheetChanged, SheetError
from feedback.sheet.key_file import load_credentials
from feedback.sheet.pacing import RequestPacer, compute_backoff
from feedback.sheet.settings import SheetSettings
from feedback.sheet.tuning import Timing

Notify = Callable[[str], None]
"""Takes a sentence on what is being waited for."""

_pacers: Final[dict[tuple[str, float], RequestPacer]] = {}
_pacers_lock: Final = threading.Lock()


def connect(settings: SheetSettings, timing: Timing, notify: Notify | None = None) -> Connection:
    """Return a client of the Sheets API. It makes no request yet.

    Raises:
        SheetError: if there is no usable key.
    """
    if settings.emulator is not None:
        anonymous = AnonymousCredentials()  # type: ignore[no-untyped-call]
        return Connection(anonymous, "anybody", settings.emulator, timing, notify)
    credentials, email = load_credentials(settings.key_file)
    return Connection(credentials, email, None, timing, notify)


class Connection(gspread.HTTPClient):
    """Paces every request and limits its time. What goes wrong is raised as a `SheetError`.

    A read is tried several times. A write is sent once: it may have taken place whatever the answer was, so only
    the caller can tell what to do next.
    """

    def __init__(
        self, credentials: Any, email: str, emulator: str | None, timing: Timing, notify: Notify | None = None
    ) -> None:
        super().__init__(credentials)
        self.set_timeout((timing.connect, timing.answer))
        self._email = email
        self._emulator = emulator
        self._read_tries = timing.read_tries
        self._backoff = timing.backoff
        self._notify = notify
        self._read_pacer = _share_pacer("reads", timing.per_minute)
        self._write_pacer = _share_pacer("writes", timing.per_minute)

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
        """Make a request and return its answer, which is a JSON object.

        Raises:
            SheetError: if it failed. A write may have taken place then.
        """
        is_write = method.lower() != "get"
        url = self._redirect(endpoint)
        attempt = 1
        while True:
            (self._write_pacer if is_write else self._read_pacer).wait()
            try:
                with translate_errors(self._email, is_write=is_write):
                    answer = super().request(method, url, params, data, json, files, headers)
                    if not isinstance(answer.json(), dict):
                        raise TypeError
                    return answer
            except SheetChanged:
                raise  # the same request would fail again
            except SheetError as error:
                if is_write or not error.is_transient or attempt >= self._read_tries:
                    raise
                wait = compute_backoff(attempt, self._backoff, error.retry_after_s)
                if self._notify:
                    self._notify(f"{error} Trying again in {wait:.0f} s.")
                time.sleep(wait)
            attempt += 1

    def _redirect(self, endpoint: str) -> str:
        if self._emulator is None:
            return endpoint
        return urlunsplit(urlsplit(endpoint)._replace(scheme="http", netloc=self._emulator))


def _share_pacer(kind: str, per_minute: float) -> RequestPacer:
    """Return the pacer that all connections of this process share."""
    with _pacers_lock:
        return _pacers.setdefault((kind, per_minute), RequestPacer(per_minute))
