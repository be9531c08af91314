"""Headers that tell browsers what to refuse on our pages."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

# Scripts that are data are left out: no browser runs them.
_INLINE_SCRIPT: Final = re.compile(
    r"""<script(?![^>]*\s(?:src\s*=|type\s*=\s*"application/json"))[^>]*>(.*?)</script\s*>""",
    re.IGNORECASE | re.DOTALL,
)

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}
"""Sent with every response."""

REPORT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "font-src data:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
"""For the report on a model: one file that contains its styles, fonts and pictures, and runs no script."""


def make_content_policy(inline_scripts: Iterable[str]) -> str:
    """Return a Content-Security-Policy: everything is from this server, and only these scripts may be inline."""
    hashes = " ".join(sorted({_hash_script(script) for script in inline_scripts}))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}".rstrip(),
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def find_inline_scripts(folder: Path) -> list[str]:
    """Return the inline scripts in the templates of ``folder``, such as the import map.

    They come from the files, not from rendered pages, so that none can be written by a visitor.
    """
    return [
        script
        for path in sorted(folder.rglob("*.html"))
        for script in _INLINE_SCRIPT.findall(path.read_text(encoding="utf-8"))
    ]


def _hash_script(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
