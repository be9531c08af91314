"""The API's errors in Google's words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

PROJECT: Final = 314159265358
_STATUS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class ApiError(Exception):
    """A request is answered with an error.

    Attributes:
        code: the HTTP status.
        message: Google's message.
        headers: HTTP headers of the answer.
    """

    def __init__(
        self,
        code: int,
        message: str,
        details: list[dict[str, Any]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.headers = headers or {}
        self._details = details

    def body(self) -> dict[str, Any]:
        """Return the error as JSON in the form of google.rpc.Status."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": _STATUS[self.code]}
        if self._details:
            error["details"] = self._details
        return {"error": error}


def make_bad_request(message: str) -> ApiError:
    """Return a 400."""
    return ApiError(HTTPStatus.BAD_REQUEST, message)


def make_not_found() -> ApiError:
    return ApiError(HTTPStatus.NOT_FOUND, "Requested entity was not found.")


def make_not_shared() -> ApiError:
    return ApiError(HTTPStatus.FORBIDDEN, "The caller does not have permission")


def make_not_signed_in() -> ApiError:
    return ApiError(
        HTTPStatus.UNAUTHORIZED,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
        "valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )


def make_api_is_off() -> ApiError:
    link = f"https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project={PROJECT}"
    return ApiError(
        HTTPStatus.FORBIDDEN,
        f"Google Sheets API has not been used in project {PROJECT} before or it is disabled. Enable it by "
        f"visiting {link} then retry. If you enabled this API recently, wait a few minutes for the action to "
        "propagate to our systems and retry.",
        [_info("SERVICE_DISABLED", {"activationUrl": link})],
    )


def make_quota_exceeded(kind: str, per_minute: int, retry_after: int | None = None) -> ApiError:
    """Return the 429 for ``kind``, "Read" or "Write"."""
    return ApiError(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute per user' of "
        f"service 'sheets.googleapis.com' for consumer 'project_number:{PROJECT}'.",
        [
            _info(
                "RATE_LIMIT_EXCEEDED",
                {
                    "quota_limit": f"{kind}RequestsPerMinutePerUser",
                    "quota_limit_value": str(per_minute),
                    "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
                },
            )
        ],
        {} if retry_after is None else {"Retry-After": str(retry_after)},
    )


def make_internal_error() -> ApiError:
    return ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error encountered.")


def make_unavailable() -> ApiError:
    return ApiError(HTTPStatus.SERVICE_UNAVAILABLE, "The service is currently unavailable.")


def _info(reason: str, metadata: dict[str, str]) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"consumer": f"projects/{PROJECT}", "service": "sheets.googleapis.com", **metadata},
    }
