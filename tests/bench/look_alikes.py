"""Measures which characters no reader can tell apart: ``python -m tests.bench.look_alikes --data FOLDER``.

UNIPEN's training writers are split in two, and a small network is trained on each half. It reads the drawings of
the other half, so no model has seen the writer. This takes half an hour on two cores.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.bench.data import add_data_option, require_data
from tests.bench.json_output import print_json
from training.datasets.sources import UNIPEN
from training.datasets.strokes import StrokeSet
from training.evaluation.look_alikes import PairFigures, measure_pairs
from training.fit.label_noise import cross_validate

FOLDS: Final = 2
SHOWN: Final = 0.05
"""Least pair error of a pair that is shown although it is not in the table of look-alikes."""


def report(pairs: list[PairFigures], console: Console) -> None:
    """Print the pairs as a table."""
    table = Table(title="Drawings of one character that are read as the other, %")
    for heading in ("pair", "drawings", "writers", "error", "from", "to", "both drawn by", "error", "with hand"):
        table.add_column(heading, justify="right")
    table.add_column("look-alikes")
    for pair in pairs:
        if pair.error < SHOWN and not pair.is_alike_today:
            continue
        shares = [f"{100 * share:.1f}" for share in (pair.error, pair.low, pair.high)]
        known = [f"{100 * share:.1f}" for share in (pair.error_of_both, pair.with_hand)]
        verdict = "yes" if pair.is_alike_today else "no"
        if pair.should_be_alike != pair.is_alike_today:
            verdict += ", but should " + ("not be" if pair.is_alike_today else "be")
        table.add_row(
            " ".join(pair.pair), f"{pair.drawings}", f"{pair.writers}", *shares, f"{pair.both}", *known, verdict
        )
    console.print(table)


def main() -> int:
    """Measure, print the results, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.look_alikes", description=__doc__)
    add_data_option(parser, is_required=True)
    parser.add_argument(
        "--out", type=Path, default=Path("var/look-alikes"), help="folder for what the networks read"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the split (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    require_data(parser, options)
    drawings = StrokeSet.load(options.data / UNIPEN.files[0])
    pairs = measure_pairs(drawings, cross_validate(drawings, FOLDS, options.seed, options.out))
    if options.json:
        print_json(pairs)
    else:
        report(pairs, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())
