"""``python -m training``: teach a model, and say how well one reads.

Exits 0 when it worked, 1 when it failed, 2 when it was called wrongly.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from recognition.errors import RecognitionError
from recognition.model import BUNDLED, Model
from training.datasets.sources import DataMissing, data_folder
from training.datasets.strokes import StrokeSet
from training.evaluate import evaluate

_SCREEN = Console()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except (DataMissing, RecognitionError, OSError) as error:
        Console(stderr=True).print(str(error), style="red", highlight=False)
        return 1
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped. Start the same command again to go on from the last checkpoint.")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description="Teach and judge Inkrush's models.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    train = commands.add_parser("train", help="teach a model on the base data and export it with its card")
    train.add_argument("--recipe", default="residual-62", help="what to teach and how (default: %(default)s)")
    train.add_argument("--out", type=Path, help="where the model goes (default: var/training/RECIPE)")
    train.add_argument(
        "--seed", type=int, default=1, help="the same seed gives the same batches (default: %(default)s)"
    )
    train.set_defaults(run=_train)

    judge = commands.add_parser("evaluate", help="figures of a model on a set of drawings")
    judge.add_argument(
        "--model", type=Path, default=BUNDLED, help="folder of the model (default: the bundled one)"
    )
    judge.add_argument("--strokes", type=Path, help="an .npz of drawings (default: UNIPEN's validation writers)")
    judge.set_defaults(run=_evaluate)
    return parser


def _train(chosen: argparse.Namespace) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # TensorFlow takes seconds to import: only the command that needs it pays.
    from training.export import export  # noqa: PLC0415
    from training.recipes import RECIPES  # noqa: PLC0415
    from training.train import train  # noqa: PLC0415

    if chosen.recipe not in RECIPES:
        _parser().error(f"there is no recipe {chosen.recipe!r}; there is {', '.join(RECIPES)}")
    out = chosen.out or Path("var/training") / chosen.recipe
    recipe = RECIPES[chosen.recipe]
    with _SCREEN.status("reading the data"):
        lesson = recipe.lesson(data_folder())
    model = train(recipe, lesson, out, chosen.seed)
    with _SCREEN.status("exporting and judging"):
        card = export(model, chosen.recipe, chosen.seed, lesson, out)
    _SCREEN.print(f"{card['version']} is in {out}")


def _evaluate(chosen: argparse.Namespace) -> None:
    model = Model.load(chosen.model)
    path = chosen.strokes or data_folder() / "unipen62/val.npz"
    if not path.is_file():
        raise DataMissing(f"{path} is not there; set INKRUSH_DATA or name another file with --strokes.")
    with _SCREEN.status("reading drawings"):
        by_alphabet = evaluate(model, StrokeSet.load(path))
    table = Table("alphabet", "samples", "accuracy %", "look-alikes folded %", "calibration error %")
    for name, figures in by_alphabet.items():
        shares = (figures.accuracy, figures.folded, figures.calibration_error)
        table.add_row(name, f"{figures.samples}", *(f"{100 * share:.2f}" for share in shares))
    _SCREEN.print(table)


if __name__ == "__main__":
    sys.exit(main())
