"""``python -m training train``: train a model by a recipe and export it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from feedback.location import read_var_folder
from training.commands.console import console, say
from training.datasets.sources import find_data_folder, is_present
from training.recipes.catalog import RECIPES


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    recipes = "\n".join(f"  {name:18}{recipe.summary}" for name, recipe in RECIPES.items())
    train = commands.add_parser(
        "train",
        help="train a model on the data sets and export it with its card",
        description="Train a model on the data sets in INKRUSH_DATA and export it, with its card, to a folder.\n"
        "A run that was stopped resumes after its last whole epoch when it is started again.",
        epilog=f"recipes:\n{recipes}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    train.add_argument(
        "--recipe",
        choices=RECIPES,
        default="residual-62",
        metavar="RECIPE",
        help=f"what to train and how: {', '.join(RECIPES)} (default: %(default)s)",
    )
    train.add_argument("--out", type=Path, help="folder for the model (default: training/RECIPE in INKRUSH_VAR)")
    train.add_argument(
        "--seed", type=int, default=1, help="the same seed gives the same batches (default: %(default)s)"
    )
    train.add_argument(
        "--processes",
        type=int,
        default=0,
        help="processes that make the batches, so that a GPU need not wait (default: %(default)s, two threads)",
    )
    train.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> None:
    recipe, folder = RECIPES[chosen.recipe], find_data_folder()
    out = chosen.out or read_var_folder(os.environ) / "training" / chosen.recipe
    for source in recipe.optional:
        if not is_present(folder, source):
            say(
                f"Missing, but optional: {folder / source.files[0]} ({source.name}). "
                "Training works without it, and the model's card will say so."
            )
    with console.status("reading the data sets"):
        data_mix = recipe.load_data(folder)
    # TensorFlow takes seconds to import, so missing data is reported before that.
    from training.fit.export import export_model  # noqa: PLC0415
    from training.fit.train import delete_checkpoints, train  # noqa: PLC0415

    networks = train(recipe, data_mix, out, chosen.seed, chosen.processes)
    with console.status("exporting and evaluating"):
        card = export_model(networks, chosen.recipe, chosen.seed, data_mix, out)
    delete_checkpoints(out)
    say(f"{card['version']} is in {out}")
