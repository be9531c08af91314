"""Makes this process give way to others, such as the server that people play on."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

_LOWEST_PRIORITY: Final = 19
_KILLED_FIRST: Final = "800"  # of 1000: when memory runs out, Linux ends this process and not the server


def give_way() -> None:
    """Take the CPU and the disk only when nobody else wants them, and be the first to go when memory runs out.

    What the machine does not support is left out.
    """
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, _LOWEST_PRIORITY)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_KILLED_FIRST)
    if ionice := shutil.which("ionice"):
        command = (ionice, "-c", "3", "-p", str(os.getpid()))
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - nobody else's input
