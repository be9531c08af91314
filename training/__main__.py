"""``python -m training``: teach a model, say how well one reads, and put one to use.

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
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
    track,
)
from rich.table import Table

from feedback.errors import StoreError
from recognition.alphabets import CLASSES
from recognition.errors import RecognitionError
from recognition.explain.gallery import GALLERY_FILE
from recognition.model.network import BUNDLED, Model
from training.augmentation import synthesize
from training.commands import models, quarantine, retrain
from training.datasets.download import DownloadFailed
from training.datasets.fetch import SETS, Fetched, missing_files
from training.datasets.sources import UNIPEN_APART, DataMissing, data_folder
from training.errors import TrainingError
from training.evaluation.evaluate import Judgement, NothingToJudge, judge
from training.evaluation.gallery import choose, save, training_writers
from training.evaluation.report import write_report
from training.evaluation.test_sets import PICTURES, Exam, pictures_exam, strokes_exam

_SCREEN: Final = Console()
_MOST_MODELS: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = _parser().parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # else TensorFlow talks of itself
    try:
        chosen.run(chosen)
    except (DataMissing, NothingToJudge, RecognitionError, StoreError, TrainingError, OSError) as error:
        Console(stderr=True).print(str(error), style="red", highlight=False)
        return 1
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped. Start the same command again to go on from the last checkpoint.")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description="Teach and judge Inkrush's models.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    fetch = commands.add_parser("fetch", help="bring data sets into INKRUSH_DATA, or say how to get them")
    fetch.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(SETS)} (default: every one)")
    fetch.set_defaults(run=_fetch)

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
    gallery = commands.add_parser("gallery", help="choose the known drawings that explanations show")
    gallery.add_argument(
        "--model", type=Path, default=BUNDLED, help="folder of the model that must be sure of them"
    )
    gallery.add_argument(
        "--out", type=Path, default=GALLERY_FILE, help="the file they go to (default: %(default)s)"
    )
    gallery.set_defaults(run=_gallery)
    synthesize.add_commands(commands)
    retrain.add_commands(commands)
    quarantine.add_commands(commands)
    models.add_commands(commands)
    return parser


def _fetch(chosen: argparse.Namespace) -> None:
    unknown = [name for name in chosen.names if name not in SETS]
    if unknown:
        _parser().error(f"there is no set {unknown[0]!r}; there is {', '.join(SETS)}")
    folder, names = data_folder(), chosen.names or list(SETS)
    for name in names:
        wanted = SETS[name]
        if isinstance(wanted, Fetched):
            _bring(name, wanted, folder)
        elif missing := missing_files(name, folder):
            _say(f"{name}: {wanted.sources[0].name}. This you have to get by hand.")
            _say(f"{wanted.where}\n{wanted.layout}\nThey go to {' and '.join(map(str, missing))}\n")
        else:
            _say(f"{name}: is there")
    still = [name for name in names if missing_files(name, folder)]
    if still:
        raise DataMissing(f"Not in {folder}: {', '.join(still)}.")


def _bring(name: str, wanted: Fetched, folder: Path) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    try:
        with Progress(*columns, TimeRemainingColumn(), console=_SCREEN, transient=True) as shown:
            task = shown.add_task(name, total=None)
            told = wanted.bring(folder, lambda there, whole: shown.update(task, completed=there, total=whole))
        _say(f"{name}: is there{told}")
    except DownloadFailed as error:
        _say(f"{name}: {error}", style="red")


def _say(text: str, style: str | None = None) -> None:
    _SCREEN.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def _train(chosen: argparse.Namespace) -> None:
    # TensorFlow takes seconds to import: only the command that needs it pays.
    from training.fit.export import export  # noqa: PLC0415
    from training.fit.train import train  # noqa: PLC0415
    from training.recipes import RECIPES  # noqa: PLC0415

    if chosen.recipe not in RECIPES:
        _parser().error(f"there is no recipe {chosen.recipe!r}; there is {', '.join(RECIPES)}")
    out = chosen.out or Path("var/training") / chosen.recipe
    recipe = RECIPES[chosen.recipe]
    with _SCREEN.status("reading the data"):
        lesson = recipe.lesson(data_folder())
    networks = train(recipe, lesson, out, chosen.seed)
    with _SCREEN.status("exporting and judging"):
        card = export(networks, chosen.recipe, chosen.seed, lesson, out)
    _SCREEN.print(f"{card['version']} is in {out}")


def _evaluate(chosen: argparse.Namespace) -> None:
    folders = chosen.model or [BUNDLED]
    if len(folders) > _MOST_MODELS:
        _parser().error(f"--model may be given {_MOST_MODELS} times at most")
    loaded = [Model.load(folder) for folder in folders]
    with _SCREEN.status("reading the samples"):
        exam: Exam[Any] = (
            pictures_exam(chosen.pictures, data_folder())
            if chosen.pictures
            else strokes_exam(chosen.strokes or data_folder() / UNIPEN_APART.files[0])
        )
    with _SCREEN.status("judging"):
        judgements = [judge(model, exam) for model in loaded]
    for judgement in judgements:
        _print_figures(judgement, exam)
    if chosen.out:
        _say(f"The report is {write_report(exam, judgements, chosen.out)}")


def _gallery(chosen: argparse.Namespace) -> None:
    model = Model.load(chosen.model)
    with _SCREEN.status("reading the drawings"):
        drawings = training_writers(data_folder())
    classes = track(range(len(CLASSES)), "choosing", console=_SCREEN, transient=True)
    gallery = drawings.take(choose(drawings, model, classes))
    save(gallery, chosen.out)
    _say(f"{len(gallery)} drawings that {model.card['version']} is sure of are in {chosen.out}")


def _print_figures(judgement: Judgement, exam: Exam[Any]) -> None:
    _say(f"{judgement.version} on {exam.title}")
    if exam.nothing_found:
        _say(f"No ink was found on {exam.nothing_found} of them.")
    if judgement.taught_from:
        _say("It was taught from these very samples: its figures say little.", style="red")
    headings = ["alphabet", "samples", "accuracy %", "look-alikes folded %", "calibration error %"]
    if judgement.early:
        headings += ["taken early %", "of those wrong %", "ink %"]
    table = Table(*headings)
    for name, figures in judgement.by_alphabet.items():
        shares = [figures.accuracy, figures.folded, figures.calibration_error]
        if early := judgement.early.get(name):
            shares += [early.taken, early.wrong, early.ink]
        table.add_row(name, f"{figures.samples}", *(f"{100 * share:.2f}" for share in shares))
    _SCREEN.print(table)
    latency = judgement.latency
    _say(f"p50 {latency.p50:.2f} ms, p95 {latency.p95:.2f} ms a sample")


if __name__ == "__main__":
    sys.exit(main())
