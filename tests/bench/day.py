"""What it takes to learn a day's play: ``INKRUSH_DATA=data python -m tests.bench.day``.

A class of 60 people has played for a day. The command that people run retrains the model in service, and a table
shows the seconds, the CPU time and the peak memory of each of its phases.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from feedback.records import Round
from feedback.store import open_store
from recognition import Recognizer
from recognition.model.network import BUNDLED
from tests.bench.month import Habits, merge_rounds, simulate_month
from training.commands.retrain import retrain_once
from training.datasets.sources import UNIPEN_VALIDATION, find_data_folder
from training.datasets.strokes import StrokeSet

PLAYERS: Final = 60
ROUNDS: Final = 2_500
_SEED: Final = 4

_PHASES: Final = (
    ("training.retrain.champion", "load_champion", "load the champion"),
    ("training.commands.retrain", "_read_rounds", "read the rounds"),
    ("training.commands.retrain", "filter_rounds", "render and filter the rounds"),
    ("training.fit", "import_tensorflow", "import TensorFlow"),
    ("training.retrain.run", "load_networks", "load the networks"),
    ("training.retrain.run", "load_replay", "load base data to mix in"),
    ("training.retrain.run", "LabelCheck", "features of base data"),
    ("training.retrain.run", "split_data", "check the labels"),
    ("training.retrain.label_check", "LabelCheck.drop_doubtful", "check base data's labels"),
    ("training.retrain.run", "fine_tune", "train"),
    ("training.retrain.run", "make_challenger", "convert and calibrate"),
    ("training.retrain.challenger", "convert_to_litert", "convert to LiteRT"),
    ("training.retrain.run", "Retrain._compare", "compare"),
    ("training.retrain.run", "complete_card", "figures for the card"),
    ("training.retrain.run", "write_retrain_report", "write the report"),
)
"""Functions, by module and name, and what is measured while they run. The first run before the others load."""


class Phase(msgspec.Struct, kw_only=True):
    """What a phase took.

    Attributes:
        name: what was done.
        seconds: elapsed time.
        cpu_seconds: CPU time of all threads.
        peak_mb: largest resident memory during it.
    """

    name: str
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


class PhaseMeter:
    """Measures which phase of this process takes what. A phase inside another one counts only for itself."""

    def __init__(self) -> None:
        self._phases: dict[str, Phase] = {}
        self._open = ["everything else"]
        self._since = (time.monotonic(), time.process_time())

    def wrap(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return a function that does the same and is measured."""

        @functools.wraps(function, updated=())
        def measured(*arguments: Any, **options: Any) -> Any:
            self._close_span()
            self._open.append(name)
            try:
                return function(*arguments, **options)
            finally:
                self._close_span()
                self._open.pop()

        return measured

    def list_phases(self) -> list[Phase]:
        """Return all phases, in the order in which they began."""
        self._close_span()
        return list(self._phases.values())

    def _close_span(self) -> None:
        """Count what has passed since the last call for the open phase."""
        now = (time.monotonic(), time.process_time())
        name = self._open[-1]
        phase = self._phases.setdefault(name, Phase(name=name))
        phase.seconds += now[0] - self._since[0]
        phase.cpu_seconds += now[1] - self._since[1]
        phase.peak_mb = max(phase.peak_mb, _read_peak_mb())
        Path("/proc/self/clear_refs").write_text("5")  # begins the peak anew
        self._since = now


def make_day(rounds: int, players: int) -> list[Round]:
    """Return a day of rounds, drawn by validation writers of UNIPEN whose drawings are dealt out to players."""
    drawings = StrokeSet.load(find_data_folder() / UNIPEN_VALIDATION.files[0])
    random = np.random.default_rng(_SEED)
    chosen = drawings.take(np.sort(random.choice(len(drawings), min(rounds, len(drawings)), replace=False)))
    order = np.argsort(chosen.writers, kind="stable")
    dealt = np.empty(len(chosen), dtype=np.int64)
    dealt[order] = np.arange(len(chosen)) * players // len(chosen)
    day = StrokeSet(chosen.strokes, chosen.labels, dealt)
    return merge_rounds(list(simulate_month(day, Recognizer.load(BUNDLED), Habits(), _SEED)))


async def store_rounds(url: str, rounds: Sequence[Round]) -> None:
    """Put rounds into the store."""
    store = await open_store(url)
    try:
        await store.add_rounds(rounds)
    finally:
        await store.close()


def run_measured(out: Path) -> None:
    """Retrain in this process, and write what each phase took."""
    meter = PhaseMeter()
    for module, path, name in _PHASES:
        owner: Any = importlib.import_module(module)
        *parents, last = path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        setattr(owner, last, meter.wrap(getattr(owner, last), name))
    outcome = retrain_once("store", lambda sentence: print(sentence, file=sys.stderr))
    out.write_text(
        json.dumps({"outcome": outcome, "phases": [msgspec.to_builtins(p) for p in meter.list_phases()]})
    )


def measure_day(rounds: Sequence[Round], console: Console) -> tuple[list[Phase], str, Phase]:
    """Retrain in a process of its own, and return its phases, its outcome and the total."""
    with tempfile.TemporaryDirectory() as temporary:
        var = Path(temporary)
        url = f"sqlite:///{var}/inkrush.db"
        asyncio.run(store_rounds(url, rounds))
        environment = {**os.environ, "INKRUSH_VAR": str(var), "INKRUSH_DATABASE_URL": url}
        environment.pop("INKRUSH_MODELS", None)
        started = time.monotonic()
        with console.status("Retraining…"):
            subprocess.run(
                [sys.executable, "-m", "tests.bench.day", "--measure-into", str(var / "phases.json")],
                env=environment,
                check=True,
            )
        seconds = time.monotonic() - started
        measured = json.loads((var / "phases.json").read_text())
    phases = msgspec.convert(measured["phases"], list[Phase])
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = Phase(
        name="all",
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_mb=max(phase.peak_mb for phase in phases),
    )
    return phases, str(measured["outcome"]), total


def print_phases(phases: Sequence[Phase], total: Phase, console: Console) -> None:
    """Print a table of what each phase took."""
    table = Table(title="A retrain on a day's play")
    table.add_column("phase")
    for heading in ("seconds", "CPU seconds", "peak memory"):
        table.add_column(heading, justify="right")
    for phase in (*phases, total):
        figures = (f"{phase.seconds:.1f}", f"{phase.cpu_seconds:.1f}", f"{phase.peak_mb:,.0f} MB")
        table.add_row(phase.name, *figures, style="bold" if phase is total else None)
    console.print(table)


def _read_peak_mb() -> float:
    """Return the largest resident memory of this process since the peak began anew, in MB (1e6 bytes)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.day", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of the day (default: %(default)s)")
    parser.add_argument("--players", type=int, default=PLAYERS, help="who played them (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--measure-into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure_into:
        run_measured(options.measure_into)
        return
    console = Console()
    phases, outcome, total = measure_day(make_day(options.rounds, options.players), console)
    print_phases(phases, total, console)
    console.print(outcome, highlight=False)
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode([*phases, total])))


if __name__ == "__main__":
    main()
