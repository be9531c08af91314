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
from feedback.intake import NotRounds, Unusable, read_rounds
from feedback.records import Round
from feedback.store import Store

_MESSAGES: Final = Console(stderr=True)
_BATCH: Final = 250  # rounds that are kept in one transaction


class ExchangeError(Exception):
    """A file cannot be written or read; the text says which and why, for a person."""


def add_commands(commands: Any) -> None:
    """Add the commands to the subparsers of ``python -m feedback``."""
    export = commands.add_parser("export", help="write every round to a file, a line each")
    export.add_argument(
        "--format",
        choices=tuple(FORMATS),
        default="ndjson",
        help="lines of JSON, as Quick, Draw! has them, or CSV for spreadsheet programs (default: %(default)s)",
    )
    export.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")
    export.set_defaults(run=_export)
    taking_in = commands.add_parser("import", help="keep the rounds of a file that export wrote, of either format")
    taking_in.add_argument("file", type=Path, metavar="FILE")
    taking_in.set_defaults(run=_import)


async def _export(store: Store, chosen: argparse.Namespace) -> None:
    written = FORMATS[chosen.format]
    total = (await store.counts()).rounds
    with _written(chosen.out) as out, _progress() as progress:
        task = progress.add_task("writing rounds", total=total)
        out.write(written.head)
        async for kept in store.rounds():
            out.write(written.line(kept))
            progress.advance(task)


async def _import(store: Store, chosen: argparse.Namespace) -> int:
    became: Counter[str] = Counter()
    try:
        with chosen.file.open("rb", buffering=1024 * 1024) as file, _progress() as progress:
            size = os.fstat(file.fileno()).st_size
            task = progress.add_task("reading rounds", total=size or None)
            found = read_rounds(file, lambda length: progress.advance(task, length))
            while some := list(islice(found, _BATCH)):
                for one in some:
                    if isinstance(one, Unusable):
                        _complain(f"line {one.line}: {one.why}")
                        became["unusable"] += 1
                became.update((await store.import_rounds(o for o in some if isinstance(o, Round)))._asdict())
    except NotRounds as error:
        raise ExchangeError(f"{chosen.file} cannot be used: {error}.") from error
    except OSError as error:
        raise ExchangeError(f"{chosen.file} cannot be read: {error.strerror}.") from error
    Console().print(_summary(became), markup=False, highlight=False, soft_wrap=True)
    return 1 if became["unusable"] else 0


def _summary(became: Counter[str]) -> str:
    parts = [f"{became['new']:,} rounds taken in"]
    parts += [f"{became['known']:,} were here already"] if became["known"] else []
    parts += [f"{became['deleted']:,} left out that their players deleted here"] if became["deleted"] else []
    parts += [f"{became['unusable']:,} lines could not be used"] if became["unusable"] else []
    return ", ".join(parts)


@contextmanager
def _written(path: Path | None) -> Iterator[BinaryIO]:
    """Open what is to be written: standard output, or a file that takes its name only when it is whole.

    Raises:
        ExchangeError: if it cannot be written, the disk being full for one.
        BrokenPipeError: if whoever reads it has enough.
    """
    try:
        if path is None:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif path.exists() and not path.is_file():  # a device or a pipe
            with path.open("wb") as out:
                yield out
        else:
            with _whole(path) as out:
                yield out
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        if path is None:
            silence_output()
        where = "The output" if path is None else str(path)
        raise ExchangeError(f"{where} cannot be written: {error.strerror}.") from error


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
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
    """Have nothing more written to standard output, where it would fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=_MESSAGES)


def _complain(text: str) -> None:
    _MESSAGES.print(text, markup=False, highlight=False, soft_wrap=True)
