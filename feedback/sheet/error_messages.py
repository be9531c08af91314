"""Turns what goes wrong between us and Google into a sentence that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from gspread.exceptions import APIError
from requests import RequestException, Response
from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import Timeout

from feedback.sheet.errors import SheetChanged, SheetError, SheetFull
from feedback.sheet.settings import SHEET_ID

_LONGEST_RETRY_AFTER_S: Final = 600.0
_LINK: Final = re.compile(r"https://console\.\S+?(?=\s|$)")
_NO_ROOM: Final = re.compile(r"above the limit of|exceeds grid limits", re.IGNORECASE)
_CHANGED: Final = re.compile(r"already exists|Unable to parse range|No grid with id", re.IGNORECASE)


@contextmanager
def translate_errors(email: str, *, is_write: bool) -> Iterator[None]:
    """Raise whatever goes wrong with a request as a `SheetError`.

    Args:
        email: the service account's address, to name it in the advice.
        is_write: whether the request writes.
    """
    try:
        yield
    except APIError as error:
        raise _translate_refusal(error.response, email, is_write=is_write) from error
    except RefreshError as error:
        raise _translate_key_refusal(error) from error
    except (TransportError, RequestException, ValueError, KeyError, TypeError) as error:
        # gspread raises the last two for an error that is not in Google's form, as from a proxy.
        raise SheetError(_describe_broken_connection(error), is_transient=True) from error
    except GoogleAuthError as error:
        # Not the error's text: it could repeat the key.
        raise SheetError(f"Google's library cannot use the key ({type(error).__name__}).") from None


def _translate_refusal(answer: Response, email: str, *, is_write: bool) -> SheetError:
    error = _parse_error(answer)
    message = str(error.get("message", "")).strip()
    status = answer.status_code
    retry_after_s = _parse_retry_after(answer)
    if status == 429:
        text = "Google's quota for this minute is used up. Mirroring continues by itself."
        return SheetError(text, is_transient=True, retry_after_s=retry_after_s)
    if status >= 500 or status == 408:
        text = f"Google cannot answer right now (HTTP {status})."
        return SheetError(text, is_transient=True, retry_after_s=retry_after_s)
    if status == 404:
        return SheetError(f"There is no such Sheet: is {SHEET_ID} right?")
    if status == 401:
        return SheetError(f"Google does not accept the key (HTTP 401): {message}")
    if status == 403:
        return SheetError(_describe_forbidden(error, message, email, is_write=is_write))
    if status == 400:
        return _translate_bad_request(message or answer.reason, email, is_write=is_write)
    return SheetError(f"Google refuses the request (HTTP {status}): {message or answer.reason}")


def _translate_bad_request(message: str, email: str, *, is_write: bool) -> SheetError:
    if _NO_ROOM.search(message):
        if is_write:
            return SheetFull(f"The Sheet has no room left: {message}")
        return SheetChanged(f"The Sheet became smaller while it was read: {message}")
    if _CHANGED.search(message):
        return SheetChanged(f"The Sheet's worksheets changed in the meantime: {message}")
    if "protected" in message:
        return SheetError(f"Cells of the Sheet are protected: let {email} edit them. Google says: {message}")
    return SheetError(f"Google refuses the request (HTTP 400): {message}")


def _describe_forbidden(error: dict[str, Any], message: str, email: str, *, is_write: bool) -> str:
    details = error.get("details")
    reasons = {detail.get("reason") for detail in details if isinstance(detail, dict)} if details else set()
    if "SERVICE_DISABLED" in reasons or "has not been used in project" in message or "is disabled" in message:
        link = _LINK.search(message)
        where = f" at {link[0]}" if link else ""
        return f"The Google Sheets API is off in the key's project: enable it{where} and wait a few minutes."
    if is_write:
        return f"{email} may read the Sheet but not write to it: share the Sheet with that address as Editor."
    return f"The Sheet is not shared with {email}: share it with that address as Editor."


def _translate_key_refusal(error: RefreshError) -> SheetError:
    message = str(error.args[0]) if error.args else str(error)
    if error.retryable:
        return SheetError(f"Google cannot check the key right now: {message}", is_transient=True)
    if "reasonable timeframe" in message or "iat" in message:
        return SheetError(f"Google does not accept the key. Is this machine's clock wrong? Google says: {message}")
    return SheetError(f"The key is wrong or was deleted: create a new one. Google says: {message}")


def _describe_broken_connection(error: Exception) -> str:
    if isinstance(error, Timeout):
        return "Google did not answer in time."
    if isinstance(error, NotConnected | TransportError):
        return "Google cannot be reached: is the network up?"
    return "Google's answer was incomplete."


def _parse_error(answer: Response) -> dict[str, Any]:
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {}


def _parse_retry_after(answer: Response) -> float | None:
    """Return the seconds that Google asks us to wait (RFC 9110, section 10.2.3)."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _LONGEST_RETRY_AFTER_S)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    seconds = (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER_S)
