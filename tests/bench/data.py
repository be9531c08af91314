"""The option that names the folder of the data sets, and the drawings in it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final

from tests.strokes import Samples, load_fixture

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
