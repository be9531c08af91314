"""The service account's key file: reads it and says what is wrong with it.

No error repeats the setting's value or anything from the file: either may be the secret key.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from google.auth.exceptions import GoogleAuthError
from google.oauth2.service_account import Credentials

from feedback.location import is_key
from feedback.sheet.errors import SheetError
from feedback.sheet.settings import KEY_FILE

_SCOPES: Final = ("https://www.googleapis.com/auth/spreadsheets",)
_FIELDS: Final = ("client_email", "private_key", "token_uri")
_OTHER_KINDS: Final = {
    "authorized_user": "a user's login",
    "external_account": "a federated login",
    "impersonated_service_account": "an impersonated login",
}


def load_credentials(key_file: Path | None) -> tuple[Credentials, str]:
    """Return the service account's credentials and its e-mail address, with which the Sheet must be shared.

    Raises:
        SheetError: if there is no usable key. The text says what is wrong and never shows the key.
    """
    key = _read_key(key_file)
    missing = [name for name in _FIELDS if not isinstance(key.get(name), str)]
    if missing:
        raise SheetError(f"The key file is incomplete, without {', '.join(missing)}. Download it again.")
    try:
        credentials = Credentials.from_service_account_info(key, scopes=_SCOPES)  # type: ignore[no-untyped-call]
    except (GoogleAuthError, ValueError):
        raise SheetError("The private key in the key file is damaged. Download the file again.") from None
    return credentials, str(key["client_email"])


def _read_key(key_file: Path | None) -> dict[str, Any]:
    # `from None` below: a traceback of the cause would show the value.
    if key_file is None:
        raise SheetError(f"There is no key: set {KEY_FILE} to the path of the service account's key file.")
    if is_key(str(key_file)):
        raise SheetError(
            f"{KEY_FILE} holds the key itself. Save the key in a file and set {KEY_FILE} to the file's path."
        )
    try:
        content = key_file.read_bytes()
    except OSError as error:
        raise SheetError(f"The key file that {KEY_FILE} names cannot be read: {error.strerror}.") from None
    try:
        key = json.loads(content)
    except ValueError:
        raise SheetError("The key file is damaged: it is not JSON. Download it again.") from None
    kind = key.get("type") if isinstance(key, dict) else None
    if not isinstance(key, dict) or kind != "service_account":
        instead = _OTHER_KINDS.get(str(kind), "something else")
        raise SheetError(f"The key file holds {instead}, not a service account's key. Create such a key.")
    return key
