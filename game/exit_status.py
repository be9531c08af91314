"""How the commands of the server end, and how they say why."""

from __future__ import annotations

import sys
from typing import Final

WORKED: Final = 0
FAILED: Final = 1
WRONG_USE: Final = 2


def complain(sentence: str, status: int) -> int:
    """Write a sentence for the person who called the command, and return ``status``."""
    sys.stderr.write(f"{sentence}\n")
    return status
