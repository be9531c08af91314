"""What players notice of a retrain on their machine: ``INKRUSH_DATA=data python -m tests.bench.beside_retrain``.

Bots play against a server. Their waits are measured before a retrain, and again and again until it has ended. All
processes share the same cores, so measure on a machine that has nothing else to do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.bench.capacity import LIMIT_MS, Trial, measure, run_trial
from tests.bench.crowd import Crowd
from tests.bench.data import STROKES
from tests.bench.day import PLAYERS, ROUNDS, make_day, store_rounds
from tests.serving import Server
from training.datasets.sources import find_data_folder

BOTS: Final = 60
_SECONDS: Final = 20.0


def measure_beside(bots: int, rounds: int, console: Console) -> tuple[list[Trial], str]:
    """Return the trials, the first without a retrain, and what the retrain said at its end."""
    with tempfile.TemporaryDirectory() as temporary:
        var = Path(temporary) / "retrain"
        url = f"sqlite:///{var}/inkrush.db"
        var.mkdir()
        asyncio.run(store_rounds(url, make_day(rounds, PLAYERS)))
        environment = {**os.environ, "INKRUSH_VAR": str(var), "INKRUSH_DATABASE_URL": url}
        environment.pop("INKRUSH_MODELS", None)
        cores = sorted(os.sched_getaffinity(0))
        with (
            Server(Path(temporary) / "server") as server,
            Crowd("play", server.port, find_data_folder() / STROKES, cores[-1:]) as crowd,
        ):
            with console.status(f"{bots} bots play…"):
                trials = [run_trial(crowd, server.pid, bots, _SECONDS)]
            with (
                console.status(f"{bots} bots play beside a retrain…"),
                (Path(temporary) / "said").open("w+") as said,
                subprocess.Popen(
                    [sys.executable, "-m", "training", "retrain"],
                    env=environment,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                ) as retrain,
            ):
                while retrain.poll() is None:
                    trials.append(measure(crowd, server.pid, bots, _SECONDS))
                said.seek(0)
                return trials, said.read().strip().splitlines()[-1]


def print_trials(trials: Sequence[Trial], console: Console) -> None:
    """Print a table of the waits, and the longest p99."""
    table = Table(title=f"{trials[0].players} players on a machine that retrains")
    table.add_column("")
    for heading in ("guess p50", "guess p99", "verdict p50", "verdict p99", "bots late p99", "server's cores"):
        table.add_column(heading, justify="right")
    for number, trial in enumerate(trials):
        waits = [
            f"{milliseconds:.0f} ms"
            for times in (trial.guess, trial.verdict)
            for milliseconds in ((times.p50, times.p99) if times else (float("nan"),) * 2)
        ]
        late = f"{trial.lag.p99:.0f} ms" if trial.lag else "-"
        name = f"retrain, part {number}" if number else "no retrain"
        table.add_row(name, *waits, late, f"{trial.server_cores:.2f}")
    console.print(table)
    worst = max((trial.worst_p99 or float("inf") for trial in trials[1:]), default=float("nan"))
    console.print(f"Longest p99 beside the retrain: {worst:.0f} ms (limit {LIMIT_MS:.0f} ms)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.beside_retrain", description=__doc__)
    parser.add_argument("--bots", type=int, default=BOTS, help="players at once (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds to learn (default: %(default)s)")
    options = parser.parse_args()
    console = Console()
    trials, outcome = measure_beside(options.bots, options.rounds, console)
    print_trials(trials, console)
    console.print(outcome, highlight=False)


if __name__ == "__main__":
    main()
