"""Retrains again and again: each time in a process of its own, at times on a grid, whatever happens.

A process of its own returns all its memory when it ends, and if it is killed, only that retrain has failed.
"""

from __future__ import annotations

import ctypes
import functools
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NoReturn

from training.commands.console import say

_SLICE: Final = 20.0
"""Longest sleep, in seconds. A machine that was asleep is noticed after it."""

_CLOCK_CHANGE: Final = timedelta(minutes=1)
"""From here on, a changed clock is worth a line."""

_PR_SET_PDEATHSIG: Final = 1  # <sys/prctl.h>

_STOPPED: Final = 128 + signal.SIGTERM
"""Exit status after SIGTERM, as a shell gives it."""


def repeat(command: Sequence[str], interval: timedelta) -> NoReturn:
    """Run a command at once and then once in every interval, until Ctrl-C or SIGTERM, and print a line each time.

    Due times lie on a grid from the start, so they do not drift. A turn that takes longer than the interval skips
    those that it missed.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_STOPPED))
    begin = read_uptime()
    while True:
        outcome = run_turn(command)
        due = find_next(begin, interval.total_seconds(), read_uptime())
        say(f"{read_clock():%Y-%m-%d %H:%M} UTC, next {_format_due(due)}: {outcome}")
        wait_until(due, time.sleep)


def run_turn(command: Sequence[str]) -> str:
    """Run a command and return one line: the last that it printed, or why it failed."""
    try:
        ended = subprocess.run(  # noqa: S603 - our own command
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            preexec_fn=functools.partial(_end_with_parent, os.getpid()),
        )
    except OSError as error:
        return f"Failed: no process could be started ({error})."
    if ended.returncode == 0:
        return (ended.stdout.strip().splitlines() or ["Nothing was reported."])[-1]
    if ended.returncode < 0:
        name = signal.Signals(-ended.returncode).name
        hint = ", probably because memory ran out" if ended.returncode == -signal.SIGKILL else ""
        return f"Failed: the retrain was ended by {name}{hint}."
    complaint = ended.stderr.strip()
    if "Traceback (most recent call last)" in complaint:
        complaint = complaint.splitlines()[-1]
    return f"Failed: {' '.join(complaint.split())}"


def find_next(begin: float, interval: float, now: float) -> float:
    """Return the first time after ``now`` that is a whole number of intervals after ``begin``; all in seconds."""
    return begin + (math.floor((now - begin) / interval) + 1) * interval


def wait_until(due: float, sleep: Callable[[float], None]) -> None:
    """Sleep until the uptime ``due``. If the clock is set meanwhile, print when that is by the new clock."""
    announced = _compute_clock_time(due)
    while (left := due - read_uptime()) > 0:
        sleep(min(left, _SLICE))
        if abs(_compute_clock_time(due) - announced) >= _CLOCK_CHANGE:
            announced = _compute_clock_time(due)
            say(f"{read_clock():%Y-%m-%d %H:%M} UTC, next {_format_due(due)}: The clock was set.")


def read_uptime() -> float:
    """Return seconds since some moment. No change of the clock affects them, and sleep of the machine counts."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def read_clock() -> datetime:
    """Return the time of the clock, which people and time servers set."""
    return datetime.now(UTC)


def _end_with_parent(parent: int) -> None:
    """Have Linux kill this process when its parent ends, however that happens. The next retrain resumes it."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before that
        os.kill(os.getpid(), signal.SIGKILL)


def _compute_clock_time(due: float) -> datetime:
    return read_clock() + timedelta(seconds=due - read_uptime())


def _format_due(due: float) -> str:
    return f"{_compute_clock_time(due):%Y-%m-%d %H:%M} UTC"
