"""Measures how long it takes to recognize one drawing: ``python -m tests.bench.latency``.

Times `Recognizer.recognize` for typical drawings on one core, and in the same process `keras.Model.predict` of the
original app's network for the same drawings. The ratio of the two can be compared between machines.
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
from tests.bench.json_output import print_json
from tests.strokes import load_fixture

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

WARM_UP: Final = 20
RECOGNITIONS: Final = 3000
PREDICTIONS: Final = 200
TURNS: Final = 20
_ORIGINAL: Final = "original-62"

Argument = TypeVar("Argument")


class Timing(msgspec.Struct, frozen=True):
    """Percentiles of the time of one call, in milliseconds."""

    p50: float
    p95: float
    calls: int


class Latency(msgspec.Struct, frozen=True):
    """The result. The Keras part is missing if TensorFlow is not installed."""

    model: str
    recognize: Timing
    keras_predict: Timing | None
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Timed(Generic[Argument]):
    """A call to time, with each of its arguments in turn, again and again."""

    call: Callable[[Argument], object]
    arguments: Sequence[Argument]
    calls: int

    def time_turn(self, first: int, calls: int) -> Iterator[float]:
        """Call with the arguments from number ``first`` on, and yield the seconds of each call."""
        for nth in range(first, first + calls):
            argument = self.arguments[nth % len(self.arguments)]
            begin = time.perf_counter()
            self.call(argument)
            yield time.perf_counter() - begin


def time_in_turns(*timed: Timed[Any]) -> list[Timing]:
    """Time all calls in short turns, so that other work on the machine slows all of them down alike."""
    seconds: list[list[float]] = [[] for _ in timed]
    for call in timed:
        list(call.time_turn(0, WARM_UP))
    for turn in range(TURNS):
        for call, of_call in zip(timed, seconds, strict=True):
            count = call.calls // TURNS
            of_call.extend(call.time_turn(turn * count, count))
    return [_summarize(of_call) for of_call in seconds]


def _summarize(seconds: list[float]) -> Timing:
    p50, p95 = (1000 * np.percentile(seconds, [50, 95])).tolist()
    return Timing(p50, p95, len(seconds))


def measure(recognizer: Recognizer) -> Latency:
    """Measure with the bundled drawings, in whole numbers as on the play socket."""
    drawings = [sample.place() for sample in load_fixture()]
    recognize = Timed(recognizer.recognize, drawings, RECOGNITIONS)
    network = _build_original_network()
    if network is None:
        (fast,) = time_in_turns(recognize)
        return Latency(recognizer.version, fast, None, None)
    channels = network.input_shape[-1]
    images = [render(parse_strokes(drawing))[..., :channels].astype(np.float32) / 255 for drawing in drawings]
    predict = Timed(lambda image: network.predict(image, verbose=0), images, PREDICTIONS)
    fast, slow = time_in_turns(recognize, predict)
    return Latency(recognizer.version, fast, slow, slow.p50 / fast.p50)


def _build_original_network() -> Any | None:
    """Return the original app's network, or None without TensorFlow. Its speed does not depend on its weights."""
    try:
        from training.recipes.catalog import build_network
    except ModuleNotFoundError:
        return None
    return build_network(_ORIGINAL)


def report(latency: Latency, console: Console) -> None:
    """Print the result as a table."""
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
        console.print(f"recognize is {latency.ratio:.0f} times as fast at p50, including the rendering of strokes")
    else:
        console.print("keras.Model.predict was not measured: TensorFlow is not installed")


def main() -> int:
    """Measure, print the result, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.latency", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    # Before TensorFlow is loaded, because it counts the usable cores at that moment.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    console = Console()
    try:
        latency = measure(Recognizer.load())
    except RecognitionError as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        return 1
    if options.json:
        print_json(latency)
    else:
        report(latency, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
