"""Where Chromium is on this machine."""

from __future__ import annotations

import shutil
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """Return the path of Debian's Chromium, or of another one on the PATH; None if there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)
