"""PenDigits as UCI has it: a zip in which the training drawings are a UNIPEN file, packed by compress."""

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
    drawn, broken = extract_drawings(_add_writers(parse_statements(_unpack(packed).decode("latin-1"))))
    known = [drawing for drawing in drawn if drawing.writer.isdecimal()]
    if not known:
        raise ValueError(f"{MEMBER} holds no drawings")
    return make_stroke_set(known, [int(drawing.writer) for drawing in known]), broken + len(drawn) - len(known)


def _add_writers(said: Iterable[Statement]) -> Iterator[Statement]:
    """Say who draws as UNIPEN does: here a comment after each segment has the digit, the writer and a number."""
    for statement in said:
        yield statement
        if statement.keyword == "COMMENT":
            _, writer, *_ = [*statement.text.split(), "", ""]
            yield Statement("WRITER_ID", writer)


def _unpack(packed: bytes) -> bytes:
    """Return the content of a ``.Z`` file, which is LZW: Python cannot read it, gzip can."""
    try:
        done = subprocess.run(("gzip", "-dc"), input=packed, capture_output=True, check=True)  # noqa: S607
    except FileNotFoundError as error:
        raise NoGzip("gzip has to be installed to unpack it; on Windows it comes with Git") from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip()
        raise ValueError(f"{MEMBER} cannot be unpacked: {reason}") from error
    return done.stdout
