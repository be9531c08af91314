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
from training.datasets.fetch import DATA_SETS, DownloadedSet, find_missing_files
from training.datasets.sources import UNIPEN_VALIDATION, DataMissing, find_data_folder
from training.errors import TrainingError
from training.evaluation.evaluate import Evaluation, NothingToEvaluate, evaluate
from training.evaluation.gallery import choose_drawings, load_training_drawings, save_gallery
from training.evaluation.report import write_report
from training.evaluation.test_sets import PICTURE_SETS, TestSet, load_drawing_test_set, load_picture_test_set

_SCREEN: Final = Console()
_MOST_MODELS: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = _parser().parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # else TensorFlow talks of itself
    try:
        chosen.run(chosen)
    except (DataMissing, NothingToEvaluate, RecognitionError, StoreError, TrainingError, OSError) as error:
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
    fetch.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(DATA_SETS)} (default: every one)")
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
    samples.add_argument("--pictures", choices=PICTURE_SETS, help="a set of pictures, read as uploaded ones are")
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
    unknown = [name for name in chosen.names if name not in DATA_SETS]
    if unknown:
        _parser().error(f"there is no set {unknown[0]!r}; there is {', '.join(DATA_SETS)}")
    folder, names = find_data_folder(), chosen.names or list(DATA_SETS)
    for name in names:
        wanted = DATA_SETS[name]
        if isinstance(wanted, DownloadedSet):
            _bring(name, wanted, folder)
        elif missing := find_missing_files(name, folder):
            _say(f"{name}: {wanted.sources[0].name}. This you have to get by hand.")
            _say(f"{wanted.where}\n{wanted.layout}\nThey go to {' and '.join(map(str, missing))}\n")
        else:
            _say(f"{name}: is there")
    still = [name for name in names if find_missing_files(name, folder)]
    if still:
        raise DataMissing(f"Not in {folder}: {', '.join(still)}.")


def _bring(name: str, wanted: DownloadedSet, folder: Path) -> None:
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
    from training.fit.export import export_model  # noqa: PLC0415
    from training.fit.train import train  # noqa: PLC0415
    from training.recipes.catalog import RECIPES  # noqa: PLC0415

    if chosen.recipe not in RECIPES:
        _parser().error(f"there is no recipe {chosen.recipe!r}; there is {', '.join(RECIPES)}")
    out = chosen.out or Path("var/training") / chosen.recipe
    recipe = RECIPES[chosen.recipe]
    with _SCREEN.status("reading the data"):
        data_mix = recipe.load_data(find_data_folder())
    networks = train(recipe, data_mix, out, chosen.seed)
    with _SCREEN.status("exporting and judging"):
        card = export_model(networks, chosen.recipe, chosen.seed, data_mix, out)
    _SCREEN.print(f"{card['version']} is in {out}")


def _evaluate(chosen: argparse.Namespace) -> None:
    folders = chosen.model or [BUNDLED]
    if len(folders) > _MOST_MODELS:
        _parser().error(f"--model may be given {_MOST_MODELS} times at most")
    loaded = [Model.load(folder) for folder in folders]
    with _SCREEN.status("reading the samples"):
        test_set: TestSet[Any] = (
            load_picture_test_set(chosen.pictures, find_data_folder())
            if chosen.pictures
            else load_drawing_test_set(chosen.strokes or find_data_folder() / UNIPEN_VALIDATION.files[0])
        )
    with _SCREEN.status("judging"):
        evaluations = [evaluate(model, test_set) for model in loaded]
    for evaluation in evaluations:
        _print_figures(evaluation, test_set)
    if chosen.out:
        _say(f"The report is {write_report(test_set, evaluations, chosen.out)}")


def _gallery(chosen: argparse.Namespace) -> None:
    model = Model.load(chosen.model)
    with _SCREEN.status("reading the drawings"):
        drawings = load_training_drawings(find_data_folder())
    classes = track(range(len(CLASSES)), "choosing", console=_SCREEN, transient=True)
    gallery = drawings.take(choose_drawings(drawings, model, classes))
    save_gallery(gallery, chosen.out)
    _say(f"{len(gallery)} drawings that {model.card['version']} is sure of are in {chosen.out}")


def _print_figures(evaluation: Evaluation, test_set: TestSet[Any]) -> None:
    _say(f"{evaluation.version} on {test_set.title}")
    if test_set.without_ink:
        _say(f"No ink was found on {test_set.without_ink} of them.")
    if evaluation.trained_on_it:
        _say("It was taught from these very samples: its figures say little.", style="red")
    headings = ["alphabet", "samples", "accuracy %", "look-alikes folded %", "calibration error %"]
    if evaluation.early:
        headings += ["taken early %", "of those wrong %", "ink %"]
    table = Table(*headings)
    for name, figures in evaluation.by_alphabet.items():
        shares = [figures.accuracy, figures.folded, figures.calibration_error]
        if early := evaluation.early.get(name):
            shares += [early.taken, early.wrong, early.ink]
        table.add_row(name, f"{figures.samples}", *(f"{100 * share:.2f}" for share in shares))
    _SCREEN.print(table)
    latency = evaluation.latency
    _say(f"p50 {latency.p50:.2f} ms, p95 {latency.p95:.2f} ms a sample")


if __name__ == "__main__":
    sys.exit(main())
