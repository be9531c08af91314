"""Reads PenDigits as UCI publishes it: a zip with the training drawings in UNIPEN format, packed with compress."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from training.datasets.strokes import StrokeSet
from training.datasets.unipen import Statement, extract_drawings, make_stroke_set, parse_statements

MEMBER: Final = "pendigits-orig.tra.Z"


class NoGzip(Exception):
    """The program gzip, which unpacks ``.Z`` files, is not installed."""


def read_zip(path: Path) -> tuple[StrokeSet, int]:
    """Return the training drawings, and how many more could not be read.

    Raises:
        ValueError: if the file does not hold them.
        NoGzip: if gzip is not installed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            packed = archive.read(MEMBER)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"it is not a zip with {MEMBER}: {error}") from error
    drawings, unreadable = extract_drawings(_add_writers(parse_statements(_unpack(packed).decode("latin-1"))))
    known = [drawing for drawing in drawings if drawing.writer.isdecimal()]
    if not known:
        raise ValueError(f"{MEMBER} holds no drawings")
    return make_stroke_set(known, [int(drawing.writer) for drawing in known]), unreadable + len(drawings) - len(
        known
    )


def _add_writers(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Add the statement that names a writer in UNIPEN.

    PenDigits names the writer in a comment after each segment instead: the digit, the writer and a number.
    """
    for statement in statements:
        yield statement
        if statement.keyword == "COMMENT":
            _, writer, *_ = [*statement.text.split(), "", ""]
            yield Statement("WRITER_ID", writer)


def _unpack(packed: bytes) -> bytes:
    """Return the content of a ``.Z`` file. It is LZW, which gzip can read and Python cannot."""
    try:
        completed = subprocess.run(("gzip", "-dc"), input=packed, capture_output=True, check=True)  # noqa: S607
    except FileNotFoundError as error:
        raise NoGzip("gzip has to be installed to unpack it; on Windows it comes with Git") from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip()
        raise ValueError(f"{MEMBER} cannot be unpacked: {reason}") from error
    return completed.stdout
