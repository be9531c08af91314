"""``python -m training gallery``: choose the drawings that explanations show, or draw pictures for the docs."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final

from feedback.location import read_var_folder
from recognition.alphabets import CLASSES
from recognition.model.network import BUNDLED, Model
from training.commands.console import console, say
from training.datasets.sources import find_data_folder
from training.evaluation.checkout_reader import open_checkout
from training.evaluation.gallery import choose_drawings, load_training_drawings, save_gallery
from training.evaluation.page_gallery import KINDS_SHOWN, choose_shown, draw_gallery
from training.evaluation.pages import get_alphabets, load_writers, make_pictures
from training.evaluation.picture_reader import PictureReader
from training.progress import show_progress

_SEARCHED: Final = 60  # pictures of a kind that are read to find some that were read wrong before
_QUALITY: Final = 82  # of WebP, in percent


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    gallery = commands.add_parser(
        "gallery",
        help="choose the example drawings that explanations show",
        description="Choose example drawings of each character from UNIPEN, for explanations to show. The bundled "
        "ones are left as they are. With --pages, draw made pictures of pages with what was read on them before "
        "and after a change.",
    )
    gallery.add_argument(
        "--model",
        type=Path,
        default=BUNDLED,
        metavar="FOLDER",
        help="folder of the model that must read the drawings with confidence (default: the bundled model)",
    )
    gallery.add_argument(
        "--pages",
        type=Path,
        metavar="CHECKOUT",
        help="draw pictures of pages, with what the code in this folder reads",
    )
    gallery.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="file to write (default: gallery/drawings.npz in INKRUSH_VAR, with --pages gallery/pages.webp)",
    )
    gallery.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> None:
    folder = read_var_folder(os.environ) / "gallery"
    if chosen.pages:
        _draw_pages(chosen.pages, chosen.out or folder / "pages.webp")
        return
    out = chosen.out or folder / "drawings.npz"
    model = Model.load(chosen.model)
    with console.status("reading the drawings"):
        drawings = load_training_drawings(find_data_folder())
    labels = show_progress(range(len(CLASSES)), "choosing")
    gallery = drawings.take(choose_drawings(drawings, model, labels))
    save_gallery(gallery, out)
    say(f"{len(gallery)} drawings that {model.card['version']} reads with confidence are in {out}")


def _draw_pages(checkout: Path, out: Path) -> None:
    with console.status("reading the drawings"):
        writers = load_writers(find_data_folder(), "held-out")
    after = PictureReader()
    with open_checkout(checkout) as before:
        by_kind = [
            (kind, choose_shown(make_pictures(writers, kind, _SEARCHED, 2), get_alphabets(kind)[0], before, after))
            for kind in show_progress(KINDS_SHOWN, "reading pictures")
        ]
    out.parent.mkdir(parents=True, exist_ok=True)
    draw_gallery(by_kind).save(out, quality=_QUALITY)
    say(f"{sum(len(shown) for _, shown in by_kind)} pictures that were read wrong before are in {out}")
