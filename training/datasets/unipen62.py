"""Reads UNIPEN's isolated digits and letters from the archive of train_r01_v07.

In the archive, the files ``train_r01_v07/data/CATEGORY/CONTRIBUTOR/…`` say which components are a character. They
include the files with the components, ``train_r01_v07/include/CONTRIBUTOR/…``.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
import tarfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from training.datasets.download import ReportProgress
from training.datasets.strokes import StrokeSet
from training.datasets.unipen import Drawing, Statement, extract_drawings, make_stroke_set, parse_statements

VALIDATION_FINGERPRINTS: Final = frozenset(
    (Path(__file__).parent / "unipen62_validation.txt").read_text("ascii").split()
)
"""Fingerprints of drawings of the validation writers, so that these are the same people in every copy."""

_WANTED: Final = re.compile(r"(?:^|/)(data/1[abc]|include)/(.+)")  # 1a digits, 1b uppercase, 1c lowercase
_FAST: Final = 1  # zlib's level
_BLOCK: Final = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class UnipenArchive:
    """The content of the archive.

    Attributes:
        training: drawings to train on.
        validation: drawings of other people, to evaluate on.
        unreadable: how many more drawings could not be read.
    """

    training: StrokeSet
    validation: StrokeSet
    unreadable: int


def read_archive(
    path: Path, progress: ReportProgress, validation: frozenset[str] = VALIDATION_FINGERPRINTS
) -> UnipenArchive:
    """Read the archive in one go, which takes about 650 MB of memory.

    Args:
        path: the archive, a tar packed with gzip.
        progress: is told the bytes read: first of the archive, then of the files that are needed.
        validation: fingerprints of drawings of the validation writers.

    Raises:
        ValueError: if it is not that archive, is cut off, or lacks writers of one of the two kinds.
    """
    try:
        pages, included = _unpack(path, progress)
    except (EOFError, gzip.BadGzipFile, tarfile.TarError, zlib.error) as error:
        raise ValueError(f"it is not a whole archive: {error}") from error
    drawings, unreadable = _read_drawings(pages, included, progress)
    return _split(drawings, unreadable, validation)


def compute_fingerprint(drawing: Drawing) -> str:
    """Return 16 hexadecimal digits that identify a drawing, wherever it is on the tablet."""
    low = np.min([stroke.min(axis=0) for stroke in drawing.strokes], axis=0)
    content = bytes([drawing.label]) + b"".join(
        len(stroke).to_bytes(4, "little") + np.rint(stroke - low).astype("<i4").tobytes()
        for stroke in drawing.strokes
    )
    return hashlib.sha256(content).hexdigest()[:16]


def _unpack(path: Path, progress: ReportProgress) -> tuple[list[tuple[str, bytes]], dict[str, bytes]]:
    """Return the packed text of the files with segments, with their contributors, and of the files to include."""
    pages: list[tuple[str, bytes]] = []
    included: dict[str, bytes] = {}
    size = path.stat().st_size
    with path.open("rb") as raw, gzip.open(raw) as content:
        with tarfile.open(fileobj=content, mode="r|") as archive:
            for member in archive:
                progress(raw.tell(), size)
                wanted = _WANTED.search(member.name)
                file = archive.extractfile(member) if wanted and member.isfile() else None
                if wanted is None or file is None:
                    continue
                packed = zlib.compress(file.read(), _FAST)
                if wanted[1] == "include":
                    included[wanted[2]] = packed
                else:
                    pages.append((wanted[2].partition("/")[0], packed))
        while content.read(_BLOCK):
            pass  # gzip checks the content at its end
    return pages, included


def _read_drawings(
    pages: Sequence[tuple[str, bytes]], included: Mapping[str, bytes], progress: ReportProgress
) -> tuple[list[tuple[str, Drawing]], int]:
    """Return each drawing with its contributor, and how many more could not be read."""
    # The three categories refer to the same components, which are long, so these are read only once.
    segments: defaultdict[tuple[str, tuple[Statement, ...]], list[Statement]] = defaultdict(list)
    for contributor, packed in pages:
        statements = list(parse_statements(_decompress(packed)))
        rest = tuple(statement for statement in statements if statement.keyword != "SEGMENT")
        segments[contributor, rest] += [statement for statement in statements if statement.keyword == "SEGMENT"]
    drawings: list[tuple[str, Drawing]] = []
    unreadable = 0
    sizes = [sum(len(included.get(s.text, b"")) for s in rest if s.keyword == "INCLUDE") for _, rest in segments]
    done = 0
    for size, ((contributor, rest), marked) in zip(sizes, segments.items(), strict=True):
        progress(done, sum(sizes))
        done += size
        found, broken = extract_drawings([*_expand_includes(rest, included), *marked])
        drawings += [(contributor, drawing) for drawing in found]
        unreadable += broken
    return drawings, unreadable


def _expand_includes(
    statements: Sequence[Statement], included: Mapping[str, bytes], inside: tuple[str, ...] = ()
) -> Iterator[Statement]:
    """Yield the statements, each INCLUDE replaced with the statements of the file that it names.

    A file is named by its path below ``include``, or relative to the file that names it. A file that is missing,
    or that would include itself, is left out; drawings that need it cannot be read.
    """
    folder = posixpath.dirname(inside[-1]) if inside else ""
    for statement in statements:
        if statement.keyword != "INCLUDE":
            yield statement
            continue
        for path in (statement.text, posixpath.join(folder, statement.text)):
            name = posixpath.normpath(path)
            if name in included and name not in inside:
                inner = [s for s in parse_statements(_decompress(included[name])) if s.keyword != "SEGMENT"]
                yield from _expand_includes(inner, included, (*inside, name))
                break


def _decompress(packed: bytes) -> str:
    return zlib.decompress(packed).decode("latin-1")  # only people's names have accents


def _split(
    drawings: Sequence[tuple[str, Drawing]], unreadable: int, fingerprints: frozenset[str]
) -> UnipenArchive:
    """Split the drawings into those to train on and those of the validation writers, and number the writers."""
    people = [(contributor, drawing.writer) for contributor, drawing in drawings]
    validation_writers = {
        person
        for person, (_, drawing) in zip(people, drawings, strict=True)
        if compute_fingerprint(drawing) in fingerprints
    }
    numbers = {person: number for number, person in enumerate(sorted(set(people)))}
    parts = []
    for is_validation in (False, True):
        chosen = [i for i, person in enumerate(people) if (person in validation_writers) == is_validation]
        if not chosen:
            raise ValueError(f"it holds nobody to {'evaluate' if is_validation else 'train'} on")
        parts.append(make_stroke_set([drawings[i][1] for i in chosen], [numbers[people[i]] for i in chosen]))
    training, validation = parts
    return UnipenArchive(training, validation, unreadable)
