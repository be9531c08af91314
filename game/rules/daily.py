"""The daily: the same prompts for everybody on one UTC day, which nobody can know before."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date


def make_daily_seed(secret: str, day: date, alphabet: str) -> str:
    """Return the seed of the prompts of a day and an alphabet.

    All servers with the same ``secret`` make the same seed. Without it, the seeds of other days tell nothing about
    this one: it is an HMAC-SHA256.
    """
    message = f"inkrush daily {day.isoformat()} {alphabet}"
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
