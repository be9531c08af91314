"""``python -m tests.impatient``: a server that waits so little for its clients that a test can outwait it."""

from __future__ import annotations

import sys
from typing import Final

from game.__main__ import main
from game.rules import tuning

SECONDS: Final = 2.0
"""Of silence, of a seat and until a join."""

if __name__ == "__main__":
    for name in ("SILENCE_SECONDS", "SEAT_SECONDS", "JOIN_SECONDS"):
        setattr(tuning, name, SECONDS)
    sys.exit(main())
