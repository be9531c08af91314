"""``python -m feedback`` with shorter waits: ``python -m tests.bench.hurried SPEED BATCH sync``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from unittest.mock import patch

from feedback.__main__ import main as run_command
from feedback.sheet.tuning import TIMING, Timing

SHORTENED: Final = ("backoff", "settle", "linger", "late", "poll", "sweep", "rest")
"""Waits that are ours. How long to wait for somebody else stays as it is, so that a busy machine is no fault."""


def shorten_timing(speed: float, batch: int) -> Timing:
    """Return the mirror's timing with waits divided by ``speed`` and as many more requests a minute."""
    waits = {name: getattr(TIMING, name) / speed for name in SHORTENED}
    return replace(TIMING, batch=batch, per_minute=TIMING.per_minute * speed, **waits)


def main(arguments: Sequence[str]) -> int:
    """Run a command with shortened waits and return its exit status."""
    speed, batch, *command = arguments
    with patch("feedback.sheet.commands.TIMING", shorten_timing(float(speed), int(batch))):
        return run_command(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
