"""Whether place and size leave no trace: ``python -m tests.bench.invariance --data FOLDER``.

Every validation drawing is put somewhere in the drawing square at a random size, and read again.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from recognition import RecognitionError, Recognizer
from recognition.alphabets import get_characters
from tests.strokes import SQUARE, Sample, Samples

STROKES: Final = Path("unipen62") / "val.npz"
SIZES: Final = (0.1, 1.0)
"""Longer side of a drawing as a share of the square."""

Floats = npt.NDArray[np.float64]
Drawing = list[Floats]


class Unchanged(msgspec.Struct, frozen=True):
    """How many drawings kept their label.

    Attributes:
        coordinates: ``floats`` or ``integers``, as the play socket has them.
        size: the range of sizes, as shares of the square.
        share: of the drawings whose label stayed that of the drawing as it was recorded, 0..1.
    """

    coordinates: str
    size: tuple[float, float]
    drawings: int
    share: float


def put(sample: Sample, low: float, high: float, rng: np.random.Generator) -> Drawing:
    """Return the drawing anywhere within the square, at a size drawn evenly from ``low`` to ``high``."""
    size = rng.uniform(low, high)
    corner = rng.uniform(0, 1 - size, 2)
    return [SQUARE * (corner + size * stroke) for stroke in sample.scale_to_unit()]


def measure(recognizer: Recognizer, samples: Samples, alphabet: str, seed: int) -> list[Unchanged]:
    """Read the drawings of an alphabet as recorded and as put elsewhere, and compare.

    Others are left out: what a letter is taken for among digits is arbitrary, wherever it is.
    """
    rng = np.random.default_rng(seed)
    of_alphabet = [sample for sample in samples if sample.label in get_characters(alphabet)]
    recorded = _labels(recognizer, [list(sample.strokes) for sample in of_alphabet], alphabet)
    found = []
    for low, high in (SIZES, (SIZES[0], SIZES[0])):
        drawings = [put(sample, low, high, rng) for sample in of_alphabet]
        for coordinates, of in _COORDINATES.items():
            labels = _labels(recognizer, [[of(stroke) for stroke in drawing] for drawing in drawings], alphabet)
            found.append(Unchanged(coordinates, (low, high), len(of_alphabet), float(np.mean(labels == recorded))))
    return found


def _exact(stroke: Floats) -> Floats:
    return stroke


_COORDINATES: Final[dict[str, Callable[[Floats], Floats]]] = {"floats": _exact, "integers": np.rint}


def _labels(recognizer: Recognizer, drawings: list[Drawing], alphabet: str) -> npt.NDArray[np.str_]:
    batch = 1000
    return np.array(
        [
            prediction.label
            for start in range(0, len(drawings), batch)
            for prediction in recognizer.recognize_many(drawings[start : start + batch], alphabet)
        ]
    )


def report(found: list[Unchanged], console: Console) -> None:
    """Print the figures for people."""
    table = Table(title="Same label wherever and however large it is drawn")
    for heading in ("coordinates 0-1023", "size in the square"):
        table.add_column(heading)
    for heading in ("drawings", "unchanged"):
        table.add_column(heading, justify="right")
    for one in found:
        low, high = one.size
        size = f"{low:.0%}" if low == high else f"{low:.0%} to {high:.0%}"
        table.add_row(one.coordinates, size, str(one.drawings), f"{one.share:.2%}")
    console.print(table)


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.invariance", description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("INKRUSH_DATA"),
        help=f"folder with {STROKES} (default: INKRUSH_DATA)",
    )
    parser.add_argument("--alphabet", default="any")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    if options.data is None:
        parser.error("name the folder of strokes with --data or INKRUSH_DATA")
    errors = Console(stderr=True)
    try:
        with errors.status("Reading every drawing five times…"):
            found = measure(
                Recognizer.load(), Samples.load(Path(options.data) / STROKES), options.alphabet, options.seed
            )
    except (OSError, RecognitionError) as error:
        errors.print(f"[red]{error}[/red]")
        return 1
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
    else:
        report(found, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())
