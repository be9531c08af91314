"""``python -m training fetch``: put the data sets into the data folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from training.commands.console import console, say
from training.datasets.download import DownloadFailed
from training.datasets.fetch import DATA_SETS, DataSet, find_missing_files
from training.datasets.sources import DataMissing, find_data_folder

_DESCRIPTION = f"""\
Download the data sets that models are trained on into the folder INKRUSH_DATA (default: data). A download that
broke off is resumed, and every file is checked. Data sets that are there already are not downloaded again.

Data sets: {", ".join(DATA_SETS)}. For the photos there is no download address. They are optional.
"""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    fetch = commands.add_parser(
        "fetch",
        help="download the data sets into INKRUSH_DATA",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    fetch.add_argument(
        "names",
        nargs="*",
        type=_parse_name,
        metavar="NAME",
        help=f"a data set: {', '.join(DATA_SETS)} (default: all of them)",
    )
    fetch.set_defaults(run=_run)


def _parse_name(text: str) -> str:
    if text not in DATA_SETS:
        raise argparse.ArgumentTypeError(f"there is no data set {text!r}; there are {', '.join(DATA_SETS)}")
    return text


def _run(chosen: argparse.Namespace) -> None:
    folder = find_data_folder()
    for name in chosen.names or DATA_SETS:
        _fetch(name, DATA_SETS[name], folder)
    # An optional data set counts as a failure only if it was asked for by name.
    wanted = chosen.names or [name for name, data_set in DATA_SETS.items() if not data_set.is_optional]
    if missing := [name for name in wanted if find_missing_files(name, folder)]:
        raise DataMissing(f"Still missing or damaged in {folder}: {', '.join(missing)}.")


def _fetch(name: str, data_set: DataSet, folder: Path) -> None:
    if data_set.fetch is not None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        try:
            with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
                task = progress.add_task(name, total=None)
                summary = data_set.fetch(
                    folder, lambda received, total: progress.update(task, completed=received, total=total)
                )
        except DownloadFailed as error:
            say(f"{name}: {error}", style="red")
        else:
            say(" ".join(filter(None, (f"{name}: ready.", summary))))
            return
    missing = find_missing_files(name, folder)
    if not missing:
        say(f"{name}: ready.")
        return
    if data_set.is_optional:
        say(f"{name}: missing or damaged, but optional. Models can be trained without this data set.")
    say(f"  To get it by hand, in {folder}: {data_set.by_hand}")
    for path in missing:
        say(f"  Needed: {path}")
