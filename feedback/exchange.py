"""``python -m feedback export | import``: rounds to a file and back."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from feedback.export import FORMATS
from feedback.importing.errors import NotRounds, UnusableLine
from feedback.importing.rounds_file import read_rounds
from feedback.records import Round
from feedback.store import Store

_MESSAGES: Final = Console(stderr=True)
_BATCH: Final = 250  # rounds stored in one transaction
_READ_AHEAD: Final = 1024 * 1024  # bytes


class ExchangeError(Exception):
    """A file cannot be written or read; the text says which and why, for a person."""


def add_commands(commands: Any) -> None:
    """Add the commands to the subparsers of ``python -m feedback``."""
    export = commands.add_parser("export", help="write every round to a file, one per line")
    export.add_argument(
        "--format",
        choices=tuple(FORMATS),
        default="ndjson",
        help="lines of JSON in the layout of Quick, Draw!, or CSV for spreadsheet programs (default: %(default)s)",
    )
    export.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")
    export.set_defaults(run=_export)
    import_ = commands.add_parser(
        "import",
        help="store the rounds of a file",
        description="Store the rounds of a file: one that export wrote, even if a spreadsheet program or pandas "
        "saved it again, or lines of Quick, Draw! whose words are characters. Rounds that are here already stay "
        "as they are. Every line that cannot be used is named, with the reason; the exit status is 1 then.",
    )
    import_.add_argument("file", type=Path, metavar="FILE")
    import_.set_defaults(run=_import)


async def _export(store: Store, arguments: argparse.Namespace) -> None:
    format_ = FORMATS[arguments.format]
    total = (await store.read_counts()).rounds
    with _open_output(arguments.out) as out, _make_progress() as progress:
        task = progress.add_task("writing rounds", total=total)
        out.write(format_.header)
        async for round_ in store.read_rounds():
            out.write(format_.encode(round_))
            progress.advance(task)


async def _import(store: Store, arguments: argparse.Namespace) -> int:
    counts: Counter[str] = Counter()
    try:
        with arguments.file.open("rb", buffering=_READ_AHEAD) as file, _make_progress() as progress:
            size = os.fstat(file.fileno()).st_size  # 0 for a pipe
            task = progress.add_task("reading rounds", total=size or None)
            entries = read_rounds(file)
            while batch := list(islice(entries, _BATCH)):
                for entry in batch:
                    if isinstance(entry, UnusableLine):
                        _say(f"line {entry.line}: {entry.why}")
                        counts["unusable"] += 1
                imported = await store.import_rounds(entry for entry in batch if isinstance(entry, Round))
                counts.update(imported._asdict())
                if size:
                    progress.update(task, completed=file.tell())
    except NotRounds as error:
        raise ExchangeError(f"{arguments.file} cannot be used: {error}.") from error
    except OSError as error:
        raise ExchangeError(f"{arguments.file} cannot be read: {error.strerror}.") from error
    Console().print(_summarize(counts), markup=False, highlight=False, soft_wrap=True)
    return 1 if counts["unusable"] else 0


def _summarize(counts: Counter[str]) -> str:
    parts = [f"{_count(counts['new'], 'round')} imported"]
    parts += [f"{counts['known']:,} were here already"] if counts["known"] else []
    parts += [f"{counts['deleted']:,} left out because their players deleted them"] if counts["deleted"] else []
    parts += [f"{_count(counts['unusable'], 'line')} could not be used"] if counts["unusable"] else []
    return ", ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@contextmanager
def _open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open standard output, or a file that gets its name only when it is complete.

    Raises:
        ExchangeError: if it cannot be written, for example because the disk is full.
        BrokenPipeError: if the reader of standard output has stopped reading.
    """
    try:
        if path is None:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif path.exists() and not path.is_file():  # a device or a pipe
            with path.open("wb") as out:
                yield out
        else:
            with _write_whole(path) as out:
                yield out
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        if path is None:
            silence_output()
        where = "The output" if path is None else str(path)
        raise ExchangeError(f"{where} cannot be written: {error.strerror}.") from error


@contextmanager
def _write_whole(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def silence_output() -> None:
    """Discard everything written to standard output from now on: after a failure, it would fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _make_progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=_MESSAGES)


def _say(text: str) -> None:
    _MESSAGES.print(text, markup=False, highlight=False, soft_wrap=True)
