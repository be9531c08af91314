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
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from recognition import RecognitionError, Recognizer
from recognition.render import render
from recognition.strokes import parse
from tests.strokes import fixture

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

WARM_UP: Final = 20
RECOGNITIONS: Final = 3000
PREDICTIONS: Final = 200
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


def time_calls(call: Callable[[Argument], object], arguments: Sequence[Argument], calls: int) -> Timing:
    """Call with each of the arguments in turn, over and over, and return how long that takes."""
    for nth in range(WARM_UP):
        call(arguments[nth % len(arguments)])
    taken = np.empty(calls)
    for nth in range(calls):
        argument = arguments[nth % len(arguments)]
        begin = time.perf_counter()
        call(argument)
        taken[nth] = time.perf_counter() - begin
    p50, p95 = (1000 * np.percentile(taken, [50, 95])).tolist()
    return Timing(p50, p95, calls)


def measure(recognizer: Recognizer) -> Latency:
    """Measure on the bundled drawings, as they come over the play socket."""
    drawings = [sample.placed() for sample in fixture()]
    recognize = time_calls(recognizer.recognize, drawings, RECOGNITIONS)
    network = _original_network()
    if network is None:
        return Latency(recognizer.version, recognize, None, None)
    channels = network.input_shape[-1]
    pictures = [render(parse(drawing))[..., :channels].astype(np.float32) / 255 for drawing in drawings]
    predict = time_calls(lambda picture: network.predict(picture, verbose=0), pictures, PREDICTIONS)
    return Latency(recognizer.version, recognize, predict, predict.p50 / recognize.p50)


def _original_network() -> Any | None:
    """Return the network that the original app predicted with; fresh weights take as long as taught ones."""
    try:
        from training.recipes import build
    except ModuleNotFoundError:
        return None
    return build(_ORIGINAL)


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
