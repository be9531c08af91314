"""A service account and its tokens, so that google-auth's own login runs (RFC 7523)."""

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


class TokenRefused(Exception):
    """No token is issued. The text says why."""


class Tokens:
    """Issues tokens to one service account and recognizes them."""

    def __init__(self) -> None:
        self._issued: set[str] = set()

    def make_key(self, token_uri: str) -> dict[str, str]:
        """Return the content of the service account's key file."""
        return {
            "type": "service_account",
            "project_id": "inkrush-test",
            "private_key_id": "1",
            "private_key": _make_keys()[0],
            "client_email": EMAIL,
            "client_id": "1",
            "token_uri": token_uri,
        }

    def issue(self, form: str) -> dict[str, Any]:
        """Return the answer to a request for a token.

        Raises:
            TokenRefused: if the request was not signed with the account's key, or is out of date.
        """
        fields = parse_qs(form)
        if fields.get("grant_type") != [_GRANT] or "assertion" not in fields:
            raise TokenRefused("Invalid grant_type")
        try:
            claims = jwt.decode(  # type: ignore[no-untyped-call]
                fields["assertion"][0], certs=_make_keys()[1], audience=_AUDIENCE
            )
        except ValueError as error:
            raise TokenRefused("Invalid JWT Signature.") from error
        if claims.get("iss") != EMAIL:
            raise TokenRefused("Invalid grant: account not found")
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self._issued.add(token)
        return {"access_token": token, "expires_in": _SECONDS, "token_type": "Bearer"}

    def accept(self, header: str | None) -> bool:
        """Return whether an Authorization header carries one of our tokens."""
        return header is not None and header.removeprefix("Bearer ") in self._issued

    def forget(self) -> None:
        """Make every token invalid, as when the key is deleted."""
        self._issued.clear()


@cache
def _make_keys() -> tuple[str, bytes]:
    """Return a private key and its public key as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public
