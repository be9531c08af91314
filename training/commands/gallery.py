"""``python -m training gallery``: choose the example drawings that explanations show."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from feedback.location import read_var_folder
from recognition.alphabets import CLASSES
from recognition.model.network import BUNDLED, Model
from training.commands.console import console, say
from training.datasets.sources import find_data_folder
from training.evaluation.gallery import choose_drawings, load_training_drawings, save_gallery
from training.progress import show_progress


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    gallery = commands.add_parser(
        "gallery",
        help="choose the example drawings that explanations show",
        description="Choose example drawings of each character from UNIPEN, for explanations to show. The bundled "
        "ones are left as they are.",
    )
    gallery.add_argument(
        "--model",
        type=Path,
        default=BUNDLED,
        metavar="FOLDER",
        help="folder of the model that must read the drawings with confidence (default: the bundled model)",
    )
    gallery.add_argument(
        "--out", type=Path, metavar="FILE", help="file to write (default: gallery/drawings.npz in INKRUSH_VAR)"
    )
    gallery.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> None:
    out = chosen.out or read_var_folder(os.environ) / "gallery" / "drawings.npz"
    model = Model.load(chosen.model)
    with console.status("reading the drawings"):
        drawings = load_training_drawings(find_data_folder())
    labels = show_progress(range(len(CLASSES)), "choosing")
    gallery = drawings.take(choose_drawings(drawings, model, labels))
    save_gallery(gallery, out)
    say(f"{len(gallery)} drawings that {model.card['version']} reads with confidence are in {out}")
