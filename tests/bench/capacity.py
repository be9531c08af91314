"""How many players one server takes: trials with more and fewer of them, and the CPU time that each costs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from tests.bench.crowd import Crowd

LIMIT_MS: Final = 100.0
"""The longest p99 at which a number of players counts as served."""
SPREAD_SECONDS: Final = 5.0
"""In which the bots of a trial begin, so that they do not run in step."""
SETTLE_SECONDS: Final = 4.0
"""Of playing before a trial is measured."""

_PRECISION: Final = 1.05  # the search ends when the numbers above and below differ by this factor
_FEWEST_ANSWERS: Final = (
    100  # for a 99th percentile; a trial lasts until there are so many, up to the factor below
)
_LONGEST: Final = 6


class Times(msgspec.Struct, frozen=True):
    """Percentiles of times in ms, and how many there are."""

    p50: float
    p99: float
    count: int


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One number of players, for some seconds.

    Attributes:
        guess: from the ink that completed a drawing to the guess that has seen it; of a server that has drawings
            posted to it, from the post to its answer.
        verdict: from that ink, or from a skip, to the verdict, less the rest that the rules ask for.
        lag: how late the bots sent their ink. If it is not small, they were the bottleneck, not the server.
        ink_a_second: ink messages a second.
        rounds_a_second: verdicts or answers a second.
        server_cores: how many cores the server took.
        bot_cores: how many cores the bots took.
        troubles: what should not happen, and how often.
    """

    players: int
    seconds: float
    guess: Times | None
    verdict: Times | None
    lag: Times | None
    ink_a_second: float
    rounds_a_second: float
    server_cores: float
    bot_cores: float
    troubles: dict[str, int]

    @property
    def worst_p99(self) -> float | None:
        """The longer p99 of guess and verdict, in ms; None without answers."""
        return max((times.p99 for times in (self.guess, self.verdict) if times), default=None)

    @property
    def is_served(self) -> bool:
        """Whether all went well, in time."""
        return not self.troubles and self.worst_p99 is not None and self.worst_p99 <= LIMIT_MS

    @property
    def cpu_us_per_ink(self) -> float | None:
        """CPU time of the server for an ink message, with everything that follows from it, in microseconds."""
        return 1e6 * self.server_cores / self.ink_a_second if self.ink_a_second else None

    @property
    def players_per_core(self) -> float:
        """How many players would take a whole core."""
        return self.players / self.server_cores


def read_cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and all its children, so far."""
    ticks = 0
    for member in [pid, *list_descendants(pid)]:
        # utime and stime, after the name of the program, which may hold spaces (man 5 proc)
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def list_descendants(pid: int) -> list[int]:
    """Return the process ids of the children of a process, and of theirs."""
    children = [
        int(child)
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text().split()
    ]
    return children + [descendant for child in children for descendant in list_descendants(child)]


def run_trial(crowd: Crowd, pid: int, players: int, seconds: float) -> Trial:
    """Have so many bots play against the server ``pid``, and measure once they have settled."""
    crowd.set_players(players, SPREAD_SECONDS)
    time.sleep(SPREAD_SECONDS + SETTLE_SECONDS)
    return measure(crowd, pid, players, seconds)


def measure(crowd: Crowd, pid: int, players: int, seconds: float) -> Trial:
    """Measure the bots that play already."""
    guess: list[float] = []
    verdict: list[float] = []
    late: list[float] = []
    troubles: dict[str, int] = {}
    ink = rounds = 0
    bot_seconds = 0.0
    begin, cpu_begin = time.monotonic(), read_cpu_seconds(pid)
    for _ in range(_LONGEST):
        counts, of_bots = crowd.measure(seconds)
        guess, verdict, late = guess + counts.guess, verdict + counts.verdict, late + counts.late
        ink, rounds, bot_seconds = ink + counts.ink, rounds + counts.rounds, bot_seconds + of_bots
        for trouble, times in counts.troubles.items():
            troubles[trouble] = troubles.get(trouble, 0) + times
        if len(guess) >= _FEWEST_ANSWERS or troubles:
            break
    passed = time.monotonic() - begin
    return Trial(
        players=players,
        seconds=passed,
        guess=summarize(guess),
        verdict=summarize(verdict),
        lag=summarize(late),
        ink_a_second=ink / passed,
        rounds_a_second=rounds / passed,
        server_cores=(read_cpu_seconds(pid) - cpu_begin) / passed,
        bot_cores=bot_seconds / passed,
        troubles=troubles,
    )


def find_most_players(try_players: Callable[[int], Trial], first: int) -> list[Trial]:
    """Return the trials of a search for the largest number that is served, the last of them included.

    It doubles the number until it is too large, and then halves the distance.
    """
    trials = [try_players(first)]
    served, too_many = 0, 0
    while True:
        newest = trials[-1]
        if newest.is_served:
            served = max(served, newest.players)
        else:
            too_many = min(too_many or newest.players, newest.players)
        if not too_many:
            players = 2 * served
        elif too_many - served <= 1 or (served and too_many <= served * _PRECISION):
            return trials
        else:
            players = (served + too_many) // 2
        trials.append(try_players(players))


def get_most_players(trials: list[Trial]) -> int:
    """Return the largest number that was served, below every number that was not; 0 if there is none."""
    too_many = min((trial.players for trial in trials if not trial.is_served), default=None)
    served = [t.players for t in trials if t.is_served and (too_many is None or t.players < too_many)]
    return max(served, default=0)


def summarize(seconds: list[float]) -> Times | None:
    """Return the percentiles of some times; None if there are none."""
    if not seconds:
        return None
    p50, p99 = (1000 * np.percentile(seconds, [50, 99])).tolist()
    return Times(p50, p99, len(seconds))
