"""Measures how often position and size change a label: ``python -m tests.bench.invariance --data FOLDER``.

Every validation drawing is placed at random in the drawing square, at a random size, and read again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from recognition import RecognitionError, Recognizer
from recognition.alphabets import get_characters
from tests.bench.data import add_data_option, load_samples, require_data
from tests.bench.json_output import print_json
from tests.strokes import SQUARE, Sample, Samples

SIZES: Final = (0.1, 1.0)
"""Smallest and largest longer side of a drawing, relative to the square."""

Floats = npt.NDArray[np.float64]
Drawing = list[Floats]


class Unchanged(msgspec.Struct, frozen=True):
    """How many drawings kept their label.

    Attributes:
        coordinates: ``floats``, or ``integers`` as on the play socket.
        size: the smallest and the largest longer side, relative to the square.
        drawings: the number of drawings.
        share: the share of drawings that are read like the recorded ones, 0 to 1.
    """

    coordinates: str
    size: tuple[float, float]
    drawings: int
    share: float


def place_at_random(sample: Sample, low: float, high: float, rng: np.random.Generator) -> Drawing:
    """Return the drawing at a random place in the square, at a random size from ``low`` to ``high``."""
    size = rng.uniform(low, high)
    corner = rng.uniform(0, 1 - size, 2)
    return [SQUARE * (corner + size * stroke) for stroke in sample.scale_to_unit()]


def measure(recognizer: Recognizer, samples: Samples, alphabet: str, seed: int) -> list[Unchanged]:
    """Compare the labels of recorded drawings with those of the same drawings placed at random.

    Only drawings of the alphabet's characters are used: how a letter is read among digits is arbitrary.
    """
    rng = np.random.default_rng(seed)
    of_alphabet = [sample for sample in samples if sample.label in get_characters(alphabet)]
    recorded = _read_labels(recognizer, [list(sample.strokes) for sample in of_alphabet], alphabet)
    results = []
    for low, high in (SIZES, (SIZES[0], SIZES[0])):
        drawings = [place_at_random(sample, low, high, rng) for sample in of_alphabet]
        for coordinates, convert in _COORDINATES.items():
            labels = _read_labels(
                recognizer, [[convert(stroke) for stroke in drawing] for drawing in drawings], alphabet
            )
            results.append(
                Unchanged(coordinates, (low, high), len(of_alphabet), float(np.mean(labels == recorded)))
            )
    return results


def _keep(stroke: Floats) -> Floats:
    return stroke


_COORDINATES: Final[dict[str, Callable[[Floats], Floats]]] = {"floats": _keep, "integers": np.rint}


def _read_labels(recognizer: Recognizer, drawings: list[Drawing], alphabet: str) -> npt.NDArray[np.str_]:
    batch = 1000
    return np.array(
        [
            prediction.label
            for start in range(0, len(drawings), batch)
            for prediction in recognizer.recognize_many(drawings[start : start + batch], alphabet)
        ]
    )


def report(results: list[Unchanged], console: Console) -> None:
    """Print the results as a table."""
    table = Table(title="Drawings that keep their label")
    for heading in ("coordinates 0 to 1023", "size in the square"):
        table.add_column(heading)
    for heading in ("drawings", "unchanged"):
        table.add_column(heading, justify="right")
    for result in results:
        low, high = result.size
        size = f"{low:.0%}" if low == high else f"{low:.0%} to {high:.0%}"
        table.add_row(result.coordinates, size, str(result.drawings), f"{result.share:.2%}")
    console.print(table)


def main() -> int:
    """Measure, print the results, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.invariance", description=__doc__)
    add_data_option(parser, is_required=True)
    parser.add_argument("--alphabet", default="any", help="the alphabet to read (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random placing (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    require_data(parser, options)
    errors = Console(stderr=True)
    try:
        with errors.status("Reading every drawing five times…"):
            results = measure(Recognizer.load(), load_samples(options.data), options.alphabet, options.seed)
    except (OSError, RecognitionError) as error:
        errors.print(f"[red]{error}[/red]")
        return 1
    if options.json:
        print_json(results)
    else:
        report(results, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())
