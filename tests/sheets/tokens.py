"""Service accounts and their tokens, so that google-auth's own flow runs (RFC 7523)."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

EMAIL: Final = "mirror@inkrush-test.iam.gserviceaccount.com"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_AUDIENCE: Final = "https://oauth2.googleapis.com/token"  # whatever the token_uri is
_SECONDS: Final = 3599


class Refused(Exception):
    """No token is given; the text is the error's description."""


class Tokens:
    """Gives tokens to one service account, and knows them again."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def account(self, token_uri: str) -> dict[str, str]:
        """Return what the key file of the service account holds."""
        return {
            "type": "service_account",
            "project_id": "inkrush-test",
            "private_key_id": "1",
            "private_key": _key()[0],
            "client_email": EMAIL,
            "client_id": "1",
            "token_uri": token_uri,
        }

    def give(self, form: str) -> dict[str, Any]:
        """Return the answer to a request for a token.

        Raises:
            Refused: if it was not signed with the account's key, or not for now.
        """
        fields = parse_qs(form)
        if fields.get("grant_type") != [_GRANT] or "assertion" not in fields:
            raise Refused("Invalid grant_type")
        try:
            claims = jwt.decode(  # type: ignore[no-untyped-call]
                fields["assertion"][0], certs=_key()[1], audience=_AUDIENCE
            )
        except ValueError as error:
            raise Refused("Invalid JWT Signature.") from error
        if claims.get("iss") != EMAIL:
            raise Refused("Invalid grant: account not found")
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self._given.add(token)
        return {"access_token": token, "expires_in": _SECONDS, "token_type": "Bearer"}

    def accept(self, header: str | None) -> bool:
        """Return whether an Authorization header bears one of our tokens."""
        return header is not None and header.removeprefix("Bearer ") in self._given

    def forget(self) -> None:
        """Make every token invalid, as when the key is deleted."""
        self._given.clear()


@cache
def _key() -> tuple[str, bytes]:
    """Return a private and its public key, PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public
