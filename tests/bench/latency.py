"""How long one drawing takes: ``python -m tests.bench.latency``.

Times `Recognizer.recognize` on typical drawings on one core, and `keras.Model.predict` of the original app's
network on the same pictures in the same process, since only the ratio of the two outlives the machine that it was
measured on.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from recognition import RecognitionError, Recognizer
from recognition.render import render
from recognition.strokes import parse_strokes
from tests.strokes import load_fixture

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

WARM_UP: Final = 20
RECOGNITIONS: Final = 3000
PREDICTIONS: Final = 200
TURNS: Final = 20
_ORIGINAL: Final = "original-62"

Argument = TypeVar("Argument")


class Timing(msgspec.Struct, frozen=True):
    """Percentiles of the time of one call, milliseconds."""

    p50: float
    p95: float
    calls: int


class Latency(msgspec.Struct, frozen=True):
    """What was measured; the Keras part is missing where TensorFlow is not installed."""

    model: str
    recognize: Timing
    keras_predict: Timing | None
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Timed(Generic[Argument]):
    """A call that is timed, with each of the arguments in turn, over and over."""

    call: Callable[[Argument], object]
    arguments: Sequence[Argument]
    calls: int

    def turn(self, first: int, calls: int) -> Iterator[float]:
        """Call, from the ``first`` argument on, and yield the seconds that each call took."""
        for nth in range(first, first + calls):
            argument = self.arguments[nth % len(self.arguments)]
            begin = time.perf_counter()
            self.call(argument)
            yield time.perf_counter() - begin


def time_in_turns(*timed: Timed[Any]) -> list[Timing]:
    """Time one a while, then the next, again and again: what else a machine does slows all of them down alike."""
    taken: list[list[float]] = [[] for _ in timed]
    for one in timed:
        list(one.turn(0, WARM_UP))
    for nth in range(TURNS):
        for one, mine in zip(timed, taken, strict=True):
            calls = one.calls // TURNS
            mine.extend(one.turn(nth * calls, calls))
    return [_timing(mine) for mine in taken]


def _timing(seconds: list[float]) -> Timing:
    p50, p95 = (1000 * np.percentile(seconds, [50, 95])).tolist()
    return Timing(p50, p95, len(seconds))


def measure(recognizer: Recognizer) -> Latency:
    """Measure on the bundled drawings, as they come over the play socket."""
    drawings = [sample.place() for sample in load_fixture()]
    recognize = Timed(recognizer.recognize, drawings, RECOGNITIONS)
    network = _original_network()
    if network is None:
        (fast,) = time_in_turns(recognize)
        return Latency(recognizer.version, fast, None, None)
    channels = network.input_shape[-1]
    pictures = [render(parse_strokes(drawing))[..., :channels].astype(np.float32) / 255 for drawing in drawings]
    predict = Timed(lambda picture: network.predict(picture, verbose=0), pictures, PREDICTIONS)
    fast, slow = time_in_turns(recognize, predict)
    return Latency(recognizer.version, fast, slow, slow.p50 / fast.p50)


def _original_network() -> Any | None:
    """Return the network that the original app predicted with; fresh weights take as long as taught ones."""
    try:
        from training.recipes.catalog import build_network
    except ModuleNotFoundError:
        return None
    return build_network(_ORIGINAL)


def report(latency: Latency, console: Console) -> None:
    """Print the figures for people."""
    table = Table(title=f"One drawing on one core, {latency.model}")
    table.add_column("call")
    for heading in ("p50", "p95", "calls"):
        table.add_column(heading, justify="right")
    timings = (("Recognizer.recognize", latency.recognize), ("keras.Model.predict", latency.keras_predict))
    for name, timing in timings:
        if timing:
            table.add_row(name, f"{timing.p50:.3f} ms", f"{timing.p95:.3f} ms", str(timing.calls))
    console.print(table)
    if latency.ratio:
        console.print(f"recognize is {latency.ratio:.0f} times as fast at p50, rendering of the strokes included")
    else:
        console.print("keras.Model.predict was not measured: TensorFlow is not installed")


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.latency", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    # Before TensorFlow is loaded, since it counts the cores it may use then.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    console = Console()
    try:
        latency = measure(Recognizer.load())
    except RecognitionError as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        return 1
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(latency)).decode() + "\n")
    else:
        report(latency, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
