"""The options that name the folder of the data sets and the people in it, and their drawings."""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests.strokes import Sample, Samples, load_fixture

STROKES: Final = Path("unipen62") / "val.npz"
"""The drawings of people whom the bundled model was not trained on, in the folder of the data sets."""


def add_data_option(parser: argparse.ArgumentParser, *, is_required: bool, files: str = f"{STROKES}") -> None:
    """Add ``--data``, by default INKRUSH_DATA. If it is not required, `load_samples` takes its absence."""
    otherwise = "" if is_required else ", or else the bundled drawings"
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("INKRUSH_DATA"),
        help=f"folder with {files} (default: INKRUSH_DATA{otherwise})",
    )


def require_data(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """End the program with a message if no folder is named."""
    if options.data is None:
        parser.error("name the data folder with --data or INKRUSH_DATA")


def load_samples(data: Path | None) -> Samples:
    """Return the drawings of a folder, or the bundled ones.

    Raises:
        OSError: if the folder has none.
    """
    return load_fixture() if data is None else Samples.load(data / STROKES)


def parse_people_options(program: str, description: str | None) -> argparse.Namespace:
    """Return the options ``data``, ``people`` and ``json`` of a benchmark that reads people's drawings.

    Settings are chosen by the people held out, and reported on the validation people.
    """
    parser = argparse.ArgumentParser(prog=program, description=description)
    add_data_option(parser, is_required=True)
    parser.add_argument(
        "--people",
        choices=("validation", "held-out"),
        default="validation",
        help="UNIPEN's validation writers, or its training writers that are held out (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    require_data(parser, options)
    return options


def load_people(data: Path, people: str) -> list[list[Sample]]:
    """Return the drawings of each person: ``validation`` or ``held-out``.

    Raises:
        OSError: if the folder has none.
    """
    samples: Iterable[Sample] = load_samples(data)
    if people == "held-out":
        # Imported here, since other benchmarks run without what training needs.
        from training.datasets.sources import UNIPEN
        from training.datasets.splits import split_unipen

        held_out = set(split_unipen(data)[1].writers.tolist())
        samples = [sample for sample in Samples.load(data / UNIPEN.files[0]) if sample.writer in held_out]
    by_writer: dict[int, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_writer[sample.writer].append(sample)
    return list(by_writer.values())
