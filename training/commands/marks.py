"""``python -m training marks``: train the network that tells characters from signs, and measure it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from feedback.location import read_var_folder
from training.commands.console import console, say
from training.datasets.sources import find_data_folder


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    marks = commands.add_parser(
        "marks",
        help="train the network that tells characters from signs on pages",
        description="Lay out pages of characters and signs from the data sets in INKRUSH_DATA, train the network "
        "that tells whole characters from parts, several at once and signs, and measure it on held-out writers.\n"
        "A run that was stopped resumes after its last whole epoch when it is started again.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    marks.add_argument("--out", type=Path, help="folder for the network (default: training/marks in INKRUSH_VAR)")
    marks.add_argument("--pages", type=int, default=7000, help="pages to lay out (default: %(default)s)")
    marks.add_argument("--epochs", type=int, default=4, help="times to train on all marks (default: %(default)s)")
    marks.add_argument(
        "--seed", type=int, default=1, help="the same seed gives the same pages (default: %(default)s)"
    )
    marks.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> None:
    out = chosen.out or read_var_folder(os.environ) / "training" / "marks"
    from training.marks.data import load_marks  # noqa: PLC0415

    training, held_out = load_marks(find_data_folder(), out, chosen.pages, chosen.seed)
    say(f"{len(training):,} marks to train on, {len(held_out):,} of held-out writers")
    # TensorFlow takes seconds to import, so missing data is reported before that.
    from training.quiet import import_tensorflow  # noqa: PLC0415

    import_tensorflow()
    from training.marks.fit import calibrate, train_marks, write_marks  # noqa: PLC0415
    from training.marks.measure import measure_marks, measure_single  # noqa: PLC0415

    network = train_marks(training, held_out, out, chosen.seed, chosen.epochs, say)
    with console.status("exporting and measuring"):
        temperature = calibrate(network, held_out)
        write_marks(network, out / "marks.tflite")
        figures = measure_marks(out / "marks.tflite", held_out)
        single = measure_single(out / "marks.tflite", find_data_folder())
    say(f"temperature {temperature:.2f}\n{figures}\n\n{single}")
    say(f"{out / 'marks.tflite'}: copy it to recognition/bundled/ to use it.")
