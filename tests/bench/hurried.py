"""``python -m feedback`` with all its times shortened: ``python -m tests.bench.hurried SPEED sync``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from unittest.mock import patch

from feedback.__main__ import main as run
from feedback.sheet.tuning import TIMING, Timing


def shorten_timing(speed: float) -> Timing:
    """Return the mirror's times, shortened to one in ``speed``."""
    seconds = [each.name for each in fields(Timing) if each.name not in {"batch", "per_minute"}]
    times = {name: getattr(TIMING, name) / speed for name in seconds}
    return replace(TIMING, per_minute=TIMING.per_minute * speed, **times)


def main(arguments: Sequence[str]) -> int:
    """Run a command in a hurry and return its exit status."""
    speed, *command = arguments
    with patch("feedback.sheet.commands.TIMING", shorten_timing(float(speed))):
        return run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
