"""UNIPEN's isolated digits, capitals and small letters, out of the archive of train_r01_v07.

In it, ``train_r01_v07/data/CATEGORY/CONTRIBUTOR/…`` are files that say which components are a character. They
include those with the components, ``train_r01_v07/include/CONTRIBUTOR/…``.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import tarfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from training.datasets.strokes import StrokeSet
from training.datasets.unipen import Drawing, Statement, drawings, statements, stroke_set

APART: Final = frozenset((Path(__file__).parent / "unipen62_apart.txt").read_text("ascii").split())
"""Fingerprints of drawings of the people who are kept apart, so that every copy keeps the same people apart."""

_CATEGORIES: Final = ("1a", "1b", "1c")  # isolated digits, capitals, small letters
_QUICKLY: Final = 1  # zlib's level
_DEEPEST: Final = 8  # files that include files
_BLOCK: Final = 1 << 20  # bytes

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What an archive holds.

    Attributes:
        taught: drawings to teach from.
        apart: drawings of other people.
        broken: how many more cannot be made out.
    """

    taught: StrokeSet
    apart: StrokeSet
    broken: int


def read_archive(path: Path, progress: Progress, apart: frozenset[str] = APART) -> Found:
    """Read the archive in one go; about 150 MB of memory hold its packed text meanwhile.

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
    drawn, broken = _drawings(pages, included, progress)
    return _divide(drawn, broken, apart)


def fingerprint(drawing: Drawing) -> str:
    """Return what tells a drawing from every other, wherever on the tablet it stands: 16 hexadecimal digits."""
    low = np.min([stroke.min(axis=0) for stroke in drawing.strokes], axis=0)
    content = bytes([drawing.label]) + b"".join(
        len(stroke).to_bytes(4, "little") + np.rint(stroke - low).astype("<i4").tobytes()
        for stroke in drawing.strokes
    )
    return hashlib.sha256(content).hexdigest()[:16]


def _unpack(path: Path, progress: Progress) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the files wanted below ``data`` and those below ``include``, packed, by their paths there."""
    pages: dict[str, bytes] = {}
    included: dict[str, bytes] = {}
    size = path.stat().st_size
    with path.open("rb") as raw, gzip.open(raw) as content:
        with tarfile.open(fileobj=content, mode="r|") as archive:
            for member in archive:
                progress(raw.tell(), size)
                _, _, inside = member.name.removeprefix("./").partition("/")
                part, _, name = inside.partition("/")
                wanted = part == "include" or (part == "data" and name.startswith(_CATEGORIES))
                file = archive.extractfile(member) if wanted and member.isfile() else None
                if file is not None:
                    (pages if part == "data" else included)[name] = zlib.compress(file.read(), _QUICKLY)
        while content.read(_BLOCK):
            pass  # to the end, where gzip finds out whether all that came before is right
    return pages, included


def _drawings(
    pages: Mapping[str, bytes], included: Mapping[str, bytes], progress: Progress
) -> tuple[list[tuple[str, Drawing]], int]:
    """Return each drawing with who contributed it, and how many more cannot be made out."""
    # The three categories refer to the same components, which are long: they are read once for all that do.
    segments: defaultdict[tuple[str, tuple[Statement, ...]], list[Statement]] = defaultdict(list)
    for name, packed in pages.items():
        said = list(statements(_text(packed)))
        _, contributor, *_ = name.split("/")
        rest = tuple(statement for statement in said if statement.keyword != "SEGMENT")
        segments[contributor, rest] += [statement for statement in said if statement.keyword == "SEGMENT"]
    drawn: list[tuple[str, Drawing]] = []
    broken = 0
    sizes = [sum(len(included.get(s.text, b"")) for s in rest if s.keyword == "INCLUDE") for _, rest in segments]
    done = 0
    for size, ((contributor, rest), marked) in zip(sizes, segments.items(), strict=True):
        progress(done, sum(sizes))
        done += size
        found, unclear = drawings([*_with_included(rest, "", included, _DEEPEST), *marked])
        drawn += [(contributor, drawing) for drawing in found]
        broken += unclear
    return drawn, broken


def _with_included(
    said: Sequence[Statement], folder: str, included: Mapping[str, bytes], depth: int
) -> Iterator[Statement]:
    """Yield statements, those of an included file in place of its mention.

    A file is mentioned by its path below ``include``, or from the folder of the file that mentions it. One that is
    not there is passed over: what needs it cannot be made out.
    """
    for statement in said:
        if statement.keyword != "INCLUDE":
            yield statement
            continue
        for path in (statement.text, posixpath.join(folder, statement.text)):
            name = posixpath.normpath(path)
            if depth and name in included:
                inner = [s for s in statements(_text(included[name])) if s.keyword != "SEGMENT"]
                yield from _with_included(inner, posixpath.dirname(name), included, depth - 1)
                break


def _text(packed: bytes) -> str:
    return zlib.decompress(packed).decode("latin-1")  # names have accents; nothing that counts has


def _divide(drawn: Sequence[tuple[str, Drawing]], broken: int, apart: frozenset[str]) -> Found:
    """Part the drawings by who drew them, and number their writers."""
    people = [(contributor, drawing.writer) for contributor, drawing in drawn]
    kept_apart = {
        person for person, (_, drawing) in zip(people, drawn, strict=True) if fingerprint(drawing) in apart
    }
    numbers = {person: number for number, person in enumerate(sorted(set(people)))}
    parts = []
    for is_apart in (False, True):
        chosen = [i for i, person in enumerate(people) if (person in kept_apart) == is_apart]
        if not chosen:
            raise ValueError(f"it holds nobody {'to keep apart' if is_apart else 'to teach from'}")
        parts.append(stroke_set([drawn[i][1] for i in chosen], [numbers[people[i]] for i in chosen]))
    taught, others = parts
    return Found(taught, others, broken)
