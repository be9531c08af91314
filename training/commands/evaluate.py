"""``python -m training evaluate``: measure how well one model reads, or two side by side."""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path
from typing import Any, Final

from rich import box
from rich.table import Table

from recognition.model.network import BUNDLED, Model
from training.commands.console import console, say
from training.commands.evaluate_pages import add_arguments, run_pages
from training.datasets.sources import UNIPEN_VALIDATION, find_data_folder
from training.evaluation.evaluate import Evaluation, evaluate
from training.evaluation.report import write_report
from training.evaluation.test_sets import PICTURE_SETS, TestSet, load_drawing_test_set, load_picture_test_set

_MAX_MODELS: Final = 2
_WORST: Final = 3  # writers that are shown


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    parser = commands.add_parser(
        "evaluate",
        help="measure how well a model reads, or two models side by side",
        description="Measure how well a model reads samples that it was not trained on.",
    )
    parser.add_argument(
        "--model",
        type=Path,
        action="append",
        metavar="FOLDER",
        help="folder of a model; give it twice to compare two (default: the bundled model)",
    )
    samples = parser.add_mutually_exclusive_group()
    samples.add_argument(
        "--strokes",
        type=Path,
        metavar="FILE",
        help="an .npz file of drawings (default: those of UNIPEN's validation writers)",
    )
    samples.add_argument("--pictures", choices=PICTURE_SETS, help="a set of pictures, read as uploads are")
    samples.add_argument(
        "--pages",
        action="store_true",
        help="pictures of numbers, words, lines and forms made of drawings, read with the bundled model",
    )
    parser.add_argument(
        "--by-writer", action="store_true", help="also show how the median writer and the three worst are read"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="write report.html and report.json here (default: no report)"
    )
    add_arguments(parser)
    parser.set_defaults(run=_run, error=parser.error)


def _run(chosen: argparse.Namespace) -> None:
    if chosen.pages:
        if chosen.model:
            chosen.error("--pages reads with the bundled model, so --model cannot be given")
        run_pages(chosen)
        return
    folders = chosen.model or [BUNDLED]
    if len(folders) > _MAX_MODELS:
        chosen.error(f"--model can be given {_MAX_MODELS} times at most")
    models = [Model.load(folder) for folder in folders]
    with console.status("reading the samples"):
        test_set: TestSet[Any] = (
            load_picture_test_set(chosen.pictures, find_data_folder())
            if chosen.pictures
            else load_drawing_test_set(chosen.strokes or find_data_folder() / UNIPEN_VALIDATION.files[0])
        )
    with console.status("evaluating"):
        evaluations = [evaluate(model, test_set) for model in models]
    for evaluation in evaluations:
        _print_figures(evaluation, test_set)
        if chosen.by_writer and evaluation.by_writer:
            _print_writers(evaluation)
    if chosen.out:
        say(f"The report is {write_report(test_set, evaluations, chosen.out)}")


def _print_figures(evaluation: Evaluation, test_set: TestSet[Any]) -> None:
    say(f"{evaluation.version} on {test_set.title}")
    if test_set.without_ink:
        say(f"No ink was found on {test_set.without_ink} of them. The figures are for the others.")
    if evaluation.trained_on_it:
        say("The model was trained on these very samples, so its figures say little.", style="red")
    headings = ["%", "samples", "exact", "look-alikes", "error"]
    if evaluation.early:
        headings += ["early", "wrong", "left", "ink"]
    table = Table(*headings, box=box.SIMPLE)
    for name, figures in evaluation.by_alphabet.items():
        shares = [figures.accuracy, figures.folded, figures.calibration_error]
        if early := evaluation.early.get(name):
            shares += [early.taken, early.wrong, early.unfinished, early.ink]
        table.add_row(name, f"{figures.samples}", *(f"{100 * share:.2f}" for share in shares))
    console.print(table)
    say("exact: read right. look-alikes: read right or as a look-alike. error: how far its confidence is off.")
    if evaluation.early:
        say("early: accepted before it is finished. wrong: of those, unfinished drawings of another character.")
        say("left: of those accepted early, drawings with further strokes to come.")
        say("ink: mean share of the ink that a drawing needs to be accepted.")
    if evaluation.lifted:
        _print_lifted(evaluation)
    latency = evaluation.latency
    say(f"One sample takes {latency.p50:.2f} ms at the median, {latency.p95:.2f} ms at the 95th percentile.")


def _print_writers(evaluation: Evaluation) -> None:
    table = Table("%, look-alikes", "writers", "median", "worst", box=box.SIMPLE)
    for name, writers in evaluation.by_writer.items():
        median = statistics.median(figures.folded for figures in writers)
        worst = (f"{100 * w.folded:.1f} (writer {w.writer}, {w.samples} drawings)" for w in writers[:_WORST])
        table.add_row(name, f"{len(writers)}", f"{100 * median:.2f}", ", ".join(worst))
    console.print(table)


def _print_lifted(evaluation: Evaluation) -> None:
    table = Table("%", "when lifted", "wrong", "unfinished", box=box.SIMPLE)
    for name, lifted in evaluation.lifted.items():
        shares = (lifted.taken, lifted.wrong, lifted.unfinished)
        table.add_row(name, *(f"{100 * share:.2f}" for share in shares))
    console.print(table)
    say("when lifted: accepted as soon as it is finished. wrong: of those accepted, beginnings of another one.")
    say("unfinished: of those accepted, drawings of the right character with further strokes to come.")
