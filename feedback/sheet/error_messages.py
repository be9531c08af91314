"""What can be wrong between us and the Sheet, in a sentence that says what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from gspread.exceptions import APIError
from requests import RequestException, Response
from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import Timeout

from feedback.sheet.errors import SheetError, SheetFull
from feedback.sheet.settings import KEY_FILE, SHEET_ID

_QUOTA: Final = "Google's quota for this minute is used up. It goes on by itself."
_LINK: Final = re.compile(r"https://console\.\S+?(?=\s|$)")
_ROOM: Final = re.compile(r"above the limit of|exceeds grid limits", re.IGNORECASE)


def read_key_email(key_file: Path | None) -> str:
    """Return who the key is of, to share the Sheet with.

    Raises:
        SheetError: if there is no usable key file; the text says what is wrong with it.
    """
    if key_file is None:
        raise SheetError(f"No key: set {KEY_FILE} to the service account's key file.")
    try:
        key = json.loads(key_file.read_bytes())
    except OSError as error:
        raise SheetError(f"The key file {key_file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SheetError(f"The key file {key_file} is broken: it is not JSON. Download it again.") from error
    if not isinstance(key, dict) or key.get("type") != "service_account":
        kind = key.get("type") or "an OAuth client's" if isinstance(key, dict) else "something else"
        raise SheetError(f"The key file {key_file} is no service account's key but {kind}: make one of those.")
    return str(key.get("client_email", "the service account"))


@contextmanager
def translate_errors(email: str, *, is_write: bool) -> Iterator[None]:
    """Raise as a `SheetError` whatever goes wrong with a request of ``email``."""
    try:
        yield
    except APIError as error:
        raise _refused(error.response, email, is_write=is_write) from error
    except RefreshError as error:
        raise _wrong_key(error) from error
    except (TransportError, RequestException, ValueError) as error:
        raise SheetError(_broken(error), is_transient=True) from error
    except GoogleAuthError as error:
        raise SheetError(f"The key cannot be used: {error}.") from error


def _refused(answer: Response, email: str, *, is_write: bool) -> SheetError:
    error = _error(answer)
    said = str(error.get("message", "")).strip()
    status = answer.status_code
    if status == 429:
        return SheetError(_QUOTA, is_transient=True, wait=_retry_after(answer))
    if status >= 500 or status == 408:
        return SheetError(
            f"Google cannot answer just now (HTTP {status}).", is_transient=True, wait=_retry_after(answer)
        )
    if status == 404:
        return SheetError(f"There is no such Sheet: is {SHEET_ID} right?")
    if status == 401:
        return SheetError(f"Google does not accept the key (HTTP 401): {said}")
    if status == 403:
        return SheetError(_forbidden(error, said, email, is_write=is_write))
    if status == 400 and _ROOM.search(said):
        if not is_write:
            return SheetError(f"The Sheet shrank while it was read: {said}", is_transient=True)
        return SheetFull(f"The Sheet has no more room: {said}")
    if status == 400 and "already exists" in said:  # one of our own requests that was thought lost
        return SheetError(f"The Sheet changed meanwhile: {said}", is_transient=True)
    if status == 400 and "protected" in said:
        return SheetError(f"Cells of the Sheet are protected: let {email} edit them. Google says: {said}")
    return SheetError(f"Google refuses the request (HTTP {status}): {said or answer.reason}")


def _forbidden(error: dict[str, Any], said: str, email: str, *, is_write: bool) -> str:
    details = error.get("details")
    reasons = {detail.get("reason") for detail in details if isinstance(detail, dict)} if details else set()
    if "SERVICE_DISABLED" in reasons or "has not been used in project" in said or "is disabled" in said:
        link = _LINK.search(said)
        return "The Google Sheets API is off in the key's project: enable it" + (
            f" at {link[0]} and wait some minutes." if link else ", and wait some minutes."
        )
    if is_write:
        return f"{email} may read the Sheet but not write: share it with that address as Editor."
    return f"The Sheet is not shared with {email}: share it with that address, as Editor."


def _wrong_key(error: RefreshError) -> SheetError:
    said = str(error.args[0]) if error.args else str(error)
    if error.retryable:
        return SheetError(f"Google cannot check the key just now: {said}", is_transient=True)
    if "reasonable timeframe" in said or "iat" in said:
        return SheetError(f"Google does not accept the key, perhaps as this clock is wrong: {said}")
    return SheetError(f"The key is wrong, or was deleted: make a new one. Google says: {said}")


def _broken(error: Exception) -> str:
    if isinstance(error, Timeout):
        return "Google did not answer in time."
    if isinstance(error, NotConnected | TransportError):
        return "Google cannot be reached: is the network up?"
    return "Google's answer was broken."


def _error(answer: Response) -> dict[str, Any]:
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {}


def _retry_after(answer: Response) -> float | None:
    """Return the seconds that Google asks to wait (RFC 9110, section 10.2.3)."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), 600.0)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return min(max((until.astimezone(UTC) - datetime.now(UTC)).total_seconds(), 0.0), 600.0)
