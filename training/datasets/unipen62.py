"""UNIPEN's isolated digits, capitals and small letters, out of the archive of train_r01_v07.

In it, ``train_r01_v07/data/CATEGORY/CONTRIBUTOR/…`` are files that say which components are a character. They
include those with the components, ``train_r01_v07/include/CONTRIBUTOR/…``.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
import tarfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from training.datasets.strokes import StrokeSet
from training.datasets.unipen import Drawing, Statement, extract_drawings, make_stroke_set, parse_statements

VALIDATION_FINGERPRINTS: Final = frozenset(
    (Path(__file__).parent / "unipen62_apart.txt").read_text("ascii").split()
)
"""Fingerprints of drawings of the people who are kept apart, so that every copy keeps the same people apart."""

_WANTED: Final = re.compile(r"(?:^|/)(data/1[abc]|include)/(.+)")  # 1a digits, 1b capitals, 1c small letters
_QUICKLY: Final = 1  # zlib's level
_BLOCK: Final = 1 << 20  # bytes

ReportProgress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class UnipenArchive:
    """What an archive holds.

    Attributes:
        taught: drawings to teach from.
        apart: drawings of other people.
        broken: how many more cannot be made out.
    """

    taught: StrokeSet
    apart: StrokeSet
    broken: int


def read_archive(
    path: Path, progress: ReportProgress, apart: frozenset[str] = VALIDATION_FINGERPRINTS
) -> UnipenArchive:
    """Read the archive in one go, which takes about 650 MB of memory.

    Args:
        path: the archive, a tar in gzip.
        progress: told the bytes that are read, of the archive and then of what is wanted of it.
        apart: fingerprints of drawings of those who are kept apart.

    Raises:
        ValueError: if it is no such archive, is cut off, or holds nobody to teach from or to keep apart.
    """
    try:
        pages, included = _unpack(path, progress)
    except (EOFError, gzip.BadGzipFile, tarfile.TarError, zlib.error) as error:
        raise ValueError(f"it is no whole archive: {error}") from error
    drawn, broken = _read_drawings(pages, included, progress)
    return _split(drawn, broken, apart)


def compute_fingerprint(drawing: Drawing) -> str:
    """Return what tells a drawing from every other, wherever on the tablet it stands: 16 hexadecimal digits."""
    low = np.min([stroke.min(axis=0) for stroke in drawing.strokes], axis=0)
    content = bytes([drawing.label]) + b"".join(
        len(stroke).to_bytes(4, "little") + np.rint(stroke - low).astype("<i4").tobytes()
        for stroke in drawing.strokes
    )
    return hashlib.sha256(content).hexdigest()[:16]


def _unpack(path: Path, progress: ReportProgress) -> tuple[list[tuple[str, bytes]], dict[str, bytes]]:
    """Return the packed text of the files with segments, each with who contributed it, and of those to include."""
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
                packed = zlib.compress(file.read(), _QUICKLY)
                if wanted[1] == "include":
                    included[wanted[2]] = packed
                else:
                    pages.append((wanted[2].partition("/")[0], packed))
        while content.read(_BLOCK):
            pass  # to the end, where gzip finds out whether all that came before is right
    return pages, included


def _read_drawings(
    pages: Sequence[tuple[str, bytes]], included: Mapping[str, bytes], progress: ReportProgress
) -> tuple[list[tuple[str, Drawing]], int]:
    """Return each drawing with who contributed it, and how many more cannot be made out."""
    # The three categories refer to the same components, which are long: they are read once for all that do.
    segments: defaultdict[tuple[str, tuple[Statement, ...]], list[Statement]] = defaultdict(list)
    for contributor, packed in pages:
        said = list(parse_statements(_decompress(packed)))
        rest = tuple(statement for statement in said if statement.keyword != "SEGMENT")
        segments[contributor, rest] += [statement for statement in said if statement.keyword == "SEGMENT"]
    drawn: list[tuple[str, Drawing]] = []
    broken = 0
    sizes = [sum(len(included.get(s.text, b"")) for s in rest if s.keyword == "INCLUDE") for _, rest in segments]
    done = 0
    for size, ((contributor, rest), marked) in zip(sizes, segments.items(), strict=True):
        progress(done, sum(sizes))
        done += size
        found, unclear = extract_drawings([*_expand_includes(rest, included), *marked])
        drawn += [(contributor, drawing) for drawing in found]
        broken += unclear
    return drawn, broken


def _expand_includes(
    said: Sequence[Statement], included: Mapping[str, bytes], inside: tuple[str, ...] = ()
) -> Iterator[Statement]:
    """Yield statements, those of an included file in place of its mention.

    A file is mentioned by its path below ``include``, or from the folder of the file that mentions it. One that is
    not there, or that is ``inside`` itself, is passed over: what needs it cannot be made out.
    """
    folder = posixpath.dirname(inside[-1]) if inside else ""
    for statement in said:
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
    return zlib.decompress(packed).decode("latin-1")  # names have accents; nothing that counts has


def _split(drawn: Sequence[tuple[str, Drawing]], broken: int, apart: frozenset[str]) -> UnipenArchive:
    """Part the drawings by who drew them, and number their writers."""
    people = [(contributor, drawing.writer) for contributor, drawing in drawn]
    kept_apart = {
        person for person, (_, drawing) in zip(people, drawn, strict=True) if compute_fingerprint(drawing) in apart
    }
    numbers = {person: number for number, person in enumerate(sorted(set(people)))}
    parts = []
    for is_apart in (False, True):
        chosen = [i for i, person in enumerate(people) if (person in kept_apart) == is_apart]
        if not chosen:
            raise ValueError(f"it holds nobody {'to keep apart' if is_apart else 'to teach from'}")
        parts.append(make_stroke_set([drawn[i][1] for i in chosen], [numbers[people[i]] for i in chosen]))
    taught, others = parts
    return UnipenArchive(taught, others, broken)
