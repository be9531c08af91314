"""``python -m training``: teach a model, and say how well one reads.

Exits 0 when it worked, 1 when it failed, 2 when it was called wrongly.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from recognition.errors import RecognitionError
from recognition.model import BUNDLED, Model
from training.datasets.sources import UNIPEN_APART, DataMissing, data_folder
from training.exams import PICTURES, Exam, pictures_exam, strokes_exam
from training.judgement import Judgement, NothingToJudge, judge
from training.report import write_report

_SCREEN: Final = Console()
_MOST_MODELS: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except (DataMissing, NothingToJudge, RecognitionError, OSError) as error:
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

    judged = commands.add_parser("evaluate", help="figures of one model, or of two side by side")
    judged.add_argument(
        "--model",
        type=Path,
        action="append",
        help="folder of a model; may be given twice (default: the bundled one)",
    )
    samples = judged.add_mutually_exclusive_group()
    samples.add_argument("--strokes", type=Path, help="an .npz of drawings (default: UNIPEN's validation writers)")
    samples.add_argument("--pictures", choices=PICTURES, help="a set of pictures, read as uploaded ones are")
    judged.add_argument("--out", type=Path, help="folder for report.html and report.json (default: none are made)")
    judged.set_defaults(run=_evaluate)
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
    folders = chosen.model or [BUNDLED]
    if len(folders) > _MOST_MODELS:
        _parser().error(f"--model may be given {_MOST_MODELS} times at most")
    models = [Model.load(folder) for folder in folders]
    with _SCREEN.status("reading the samples"):
        exam: Exam[Any] = (
            pictures_exam(chosen.pictures, data_folder())
            if chosen.pictures
            else strokes_exam(chosen.strokes or data_folder() / UNIPEN_APART.files[0])
        )
    with _SCREEN.status("judging"):
        judgements = [judge(model, exam) for model in models]
    for judgement in judgements:
        _print_figures(judgement, exam)
    if chosen.out:
        _SCREEN.print(f"The report is {write_report(exam, judgements, chosen.out)}", soft_wrap=True)


def _print_figures(judgement: Judgement, exam: Exam[Any]) -> None:
    _SCREEN.print(f"{judgement.version} on {exam.title}", highlight=False, soft_wrap=True)
    if exam.nothing_found:
        _SCREEN.print(f"No ink was found on {exam.nothing_found} of them.", highlight=False)
    if judgement.taught_from:
        _SCREEN.print("It was taught from these very samples: its figures say little.", style="red")
    table = Table("alphabet", "samples", "accuracy %", "look-alikes folded %", "calibration error %")
    for name, figures in judgement.by_alphabet.items():
        shares = (figures.accuracy, figures.folded, figures.calibration_error)
        table.add_row(name, f"{figures.samples}", *(f"{100 * share:.2f}" for share in shares))
    _SCREEN.print(table)
    latency = judgement.latency
    _SCREEN.print(f"p50 {latency.p50:.2f} ms, p95 {latency.p95:.2f} ms a sample", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
