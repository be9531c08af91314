"""PenDigits as UCI has it: a zip with, among others, the training drawings in the UNIPEN format, packed by compress."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from training.datasets.strokes import StrokeSet
from training.datasets.unipen import Statement, drawings, statements, stroke_set

MEMBER: Final = "pendigits-orig.tra.Z"


class NoGzip(Exception):
    """There is no program here that unpacks ``.Z`` files."""


def read_zip(path: Path) -> tuple[StrokeSet, int]:
    """Return the training drawings, and how many more cannot be made out.

    Raises:
        ValueError: if they are not in the file.
        NoGzip: if gzip is not installed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            packed = archive.read(MEMBER)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"it is no zip with {MEMBER}: {error}") from error
    drawn, broken = drawings(_with_writers(statements(_unpacked(packed).decode("latin-1"))))
    if not drawn:
        raise ValueError(f"{MEMBER} holds no drawings")
    numbers = {writer: number for number, writer in enumerate(sorted({drawing.writer for drawing in drawn}))}
    return stroke_set(drawn, [numbers[drawing.writer] for drawing in drawn]), broken


def _with_writers(said: Iterable[Statement]) -> Iterator[Statement]:
    """Say who draws as UNIPEN does: here a comment after each segment has the digit, the writer and a number."""
    for statement in said:
        yield statement
        if statement.keyword == "COMMENT":
            _, writer, *_ = [*statement.text.split(), "", ""]
            yield Statement("WRITER_ID", writer)


def _unpacked(packed: bytes) -> bytes:
    """Return the content of a ``.Z`` file.

    Python reads no LZW, nor does a library that is kept up; gzip does, and comes with nearly every system.
    """
    try:
        done = subprocess.run(("gzip", "-dc"), input=packed, capture_output=True, check=True)  # noqa: S603, S607
    except FileNotFoundError as error:
        raise NoGzip("gzip has to be installed to unpack it; on Windows it comes with Git") from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip()
        raise ValueError(f"{MEMBER} cannot be unpacked: {reason}") from error
    return done.stdout
