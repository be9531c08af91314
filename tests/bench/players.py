"""How many players one core serves: ``python -m tests.bench.players``.

Bots play sprints with the strokes of real people, and more and more of them join until one answer in a
hundred takes longer than 100 ms. The server has one core, and the bots have the others. Then bots post their
finished drawings to a Flask server with ``keras.Model.predict``, which has the same core. ``--against``
compares the CPU time of an ink message with another checkout's, in turns.

Only an idle machine gives true numbers of players. On a busy one, use ``--players``: CPU times still compare.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import msgspec
from rich.console import Console
from rich.table import Table

from tests.bench.capacity import LIMIT_MS, Trial, find_most_players, get_most_players, run_trial
from tests.bench.crowd import Crowd, CrowdFailed, Kind
from tests.bench.data import STROKES, add_data_option
from tests.bench.players_chart import draw_chart
from tests.serving import ROOT, Server, ServerFailed

TURNS: Final = 5
COMPARED_PLAYERS: Final = 200


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The CPU time of an ink message, guess included, here and in another checkout, measured in turns.

    Attributes:
        here, there: of each turn, in microseconds.
        ratio: the median of here / there.
    """

    players: int
    here: list[float]
    there: list[float]
    ratio: float


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured.

    Attributes:
        workers: processes of the server, each with a core of its own.
        players: the largest number served; None if no search was made.
        trials: of the search, or the one number that was asked for.
        baseline: the trials of the Keras server; empty if it was left out.
        baseline_players: the largest number that it served.
        comparison: with another checkout, if one was named.
    """

    workers: int
    players: int | None
    trials: list[Trial]
    baseline: list[Trial]
    baseline_players: int | None
    comparison: Comparison | None


class KerasServer(Server):
    """The baseline."""

    def make_command(self) -> list[str]:
        return [sys.executable, "-m", "tests.bench.keras_server", str(self.port)]


class Bench:
    """Starts servers on the first cores, bots on the others, and measures."""

    def __init__(self, options: argparse.Namespace, console: Console) -> None:
        self._options = options
        self._console = console
        cores = sorted(os.sched_getaffinity(0))
        self._server_cores = cores[: options.workers]
        self._bot_cores = cores[options.workers :] or cores
        if not cores[options.workers :]:
            console.print("[yellow]The bots share the server's cores: compare CPU times only.[/yellow]")

    def measure(self) -> Result:
        """Measure everything that was asked for."""
        trials = self._try_server("play", self._options.players, 50)
        baseline = [] if self._options.no_baseline else self._try_server("post", None, 1)
        is_search = self._options.players is None
        return Result(
            workers=self._options.workers,
            players=get_most_players(trials) if is_search else None,
            trials=trials,
            baseline=baseline,
            baseline_players=get_most_players(baseline) if baseline else None,
            comparison=self._compare() if self._options.against else None,
        )

    def _try_server(self, kind: Kind, players: int | None, first: int) -> list[Trial]:
        name = "Inkrush" if kind == "play" else "keras.Model.predict"
        with self._open(kind, ROOT) as (server, crowd):

            def try_players(number: int) -> Trial:
                with self._console.status(f"{name}: {number} players…"):
                    trial = run_trial(crowd, server.pid, number, self._options.seconds)
                self._console.print(describe_trial(name, trial), highlight=False)
                return trial

            return find_most_players(try_players, first) if players is None else [try_players(players)]

    def _compare(self) -> Comparison:
        players = self._options.players or COMPARED_PLAYERS
        here: list[float] = []
        there: list[float] = []
        with (
            self._open("play", ROOT) as (new_server, new_crowd),
            self._open("play", self._options.against) as (old_server, old_crowd),
        ):
            for turn in range(TURNS):
                for server, crowd, costs in ((new_server, new_crowd, here), (old_server, old_crowd, there)):
                    with self._console.status(f"CPU of an ink message, turn {turn + 1} of {TURNS}…"):
                        trial = run_trial(crowd, server.pid, players, self._options.seconds)
                        crowd.set_players(0, 0)
                    costs.append(trial.cpu_us_per_ink or 0.0)
                self._console.print(f"turn {turn + 1}: {here[-1]:.0f} µs here, {there[-1]:.0f} µs there")
        ratio = median(a / b for a, b in zip(here, there, strict=True))
        return Comparison(players=players, here=here, there=there, ratio=ratio)

    @contextmanager
    def _open(self, kind: Kind, root: Path) -> Iterator[tuple[Server, Crowd]]:
        data = self._options.data and self._options.data / STROKES
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            environment = {}
            options: list[str] = []
            if kind == "play" and root == ROOT:
                options = ["--workers", str(self._options.workers)] if self._options.workers > 1 else []
                environment = {"INKRUSH_DATABASE_URL": self._options.database} if self._options.database else {}
            server_kind = Server if kind == "play" else KerasServer
            with pin(self._server_cores):
                server = stack.enter_context(server_kind(folder / "var", environment, options, root))
            yield server, stack.enter_context(Crowd(kind, server.port, data, self._bot_cores))


@contextmanager
def pin(cores: Sequence[int]) -> Iterator[None]:
    """Keep this process, and those that it starts, on some cores while this lasts."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def describe_trial(name: str, trial: Trial) -> str:
    """Return one line about a trial."""
    p99 = "no answers" if trial.worst_p99 is None else f"p99 {trial.worst_p99:.0f} ms"
    troubles = "".join(f", {trouble} ×{times}" for trouble, times in trial.troubles.items())
    return f"{name}: {trial.players} players, {p99}, {trial.server_cores:.2f} cores{troubles}"


def print_result(result: Result, console: Console) -> None:
    """Print a table of all trials, and the figures that follow from them."""
    table = Table(title=f"Players of {result.workers} server process(es), one core each")
    table.add_column("server")
    for heading in ("players", "guess", "verdict", "CPU an ink", "a core", "bots late"):
        table.add_column(heading, justify="right")
    for name, trials in (("Inkrush", result.trials), ("Flask, Keras", result.baseline)):
        for trial in sorted(trials, key=lambda trial: trial.players):
            times = [f"{of.p50:.0f}, {of.p99:.0f} ms" if of else "-" for of in (trial.guess, trial.verdict)]
            ink = f"{trial.cpu_us_per_ink:.0f} µs" if trial.cpu_us_per_ink else "-"
            late = f"{trial.lag.p99:.0f} ms" if trial.lag else "-"
            table.add_row(name, str(trial.players), *times, ink, f"{trial.players_per_core:.0f}", late)
    console.print(table)
    console.print(
        "guess, verdict: p50 and p99, from the ink that completed a drawing, by when it was due; "
        "a core: players, by CPU time at that number; bots late: p99 of how late they sent their ink"
    )
    most_bots = max(trial.bot_cores for trial in result.trials)
    console.print(f"The bots took up to {most_bots:.2f} cores.")
    if result.players is not None:
        console.print(f"[bold]{result.players} players[/bold] with p99 ≤ {LIMIT_MS:.0f} ms")
    if result.baseline_players is not None:
        console.print(f"[bold]{result.baseline_players} players[/bold] of keras.Model.predict in a Flask server")
        here = max(trial.players_per_core for trial in result.trials)
        there = max(trial.players_per_core for trial in result.baseline)
        console.print(f"{here / there:.0f} times the players of the Flask server, by CPU time")
        if result.players is not None and result.baseline_players:
            console.print(f"{result.players / result.baseline_players:.0f} times, by p99")
    if result.comparison:
        console.print(
            f"CPU of an ink message: [bold]{result.comparison.ratio:.2f}[/bold] of the other checkout's "
            f"({median(result.comparison.here):.0f} and {median(result.comparison.there):.0f} µs, "
            f"{result.comparison.players} players)"
        )


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.players",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--players", type=int, help="measure this number of players, and search for none")
    parser.add_argument("--seconds", type=float, default=20.0, help="measured of each trial (default: 20)")
    parser.add_argument(
        "--workers", type=int, default=1, help="processes of the server, each on its core (default: 1)"
    )
    parser.add_argument("--database", help="postgresql://… (default: SQLite in a temporary folder)")
    parser.add_argument(
        "--against", type=Path, metavar="FOLDER", help="another checkout, to compare CPU times with"
    )
    parser.add_argument(
        "--no-baseline", action="store_true", help="leave the Keras server out; it needs TensorFlow"
    )
    add_data_option(parser, is_required=False)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="write a chart there, as SVG")
    return parser.parse_args(arguments)


def main() -> int:
    """Measure, print the result, and return the exit status."""
    options = parse_arguments()
    console = Console()
    try:
        result = Bench(options, console).measure()
    except (OSError, ServerFailed, CrowdFailed) as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        return 1
    print_result(result, console)
    if options.json:
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(result)))
    if options.chart:
        options.chart.write_text(draw_chart(result.trials, result.baseline))
    return 0


if __name__ == "__main__":
    sys.exit(main())
