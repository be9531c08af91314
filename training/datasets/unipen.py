"""The UNIPEN 1.0 format: what a pen drew, and what it means, in text.

Its definition is http://unipen.nici.ru.nl/unipen.def. Where that leaves something open, this reads as the files of
the release train_r01_v07 are written:

- A component is what stands between ``.PEN_DOWN`` or ``.PEN_UP`` and the next keyword. Those that hold coordinates
  are numbered from 0, the pen's way through the air among them; empty ones are not counted.
- y grows upwards.
- A component of the one point 0 0 stands for ink that was held back from the release.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.strokes import StrokeBatch
from training.datasets.strokes import StrokeSet

Floats = npt.NDArray[np.float64]

_KEYWORD: Final = re.compile(r"^\.([A-Z_]+)", re.MULTILINE)
_RUN: Final = re.compile(r"(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?")
_SEGMENT: Final = re.compile(r'(\S+)\s+([\d:,\-\s]*\d)\s+(?:\S+\s+)?"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_CHARACTERS: Final = ("CHARACTER", "DIGIT")
_FARTHEST: Final = 1e9  # no tablet counts so far
_LAID_OUT: Final = ("X", "Y")  # where nothing else is said
_CLASS_OF: Final = {character: index for index, character in enumerate(CLASSES)}


class Statement(NamedTuple):
    """A keyword without its dot, and what follows it up to the next."""

    keyword: str
    text: str


class Run(NamedTuple):
    """Components that follow each other: from a point of the first to a point of the last, both included.

    ``to_point`` is none where the whole of the last one is meant.
    """

    first: int
    from_point: int
    last: int
    to_point: int | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """One character somebody drew.

    Attributes:
        label: an index into `recognition.alphabets.CLASSES`.
        writer: who drew it, as the file calls them; empty where it does not say.
        strokes: float64 (n, 2) each, n at least 1, x to the right and y down, no point twice in a row.
    """

    label: int
    writer: str
    strokes: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class _Component:
    text: str
    is_down: bool
    columns: Sequence[str]
    writer: str


def parse_statements(text: str) -> Iterator[Statement]:
    """Yield what a file says; what stands before its first keyword is passed over."""
    parts = _KEYWORD.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    for keyword, follows in zip(parts[1::2], parts[2::2], strict=True):
        yield Statement(keyword, follows.strip())


def parse_delineation(text: str) -> list[Run]:
    """Return the components that a segment is made of: ``3``, ``0-2``, ``0:3-1:12,5``.

    Raises:
        ValueError: if it is written in no such way, or backwards.
    """
    runs = []
    for part in text.split(","):
        match = _RUN.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{text!r} names no components")
        first, first_point, last, last_point = match.groups()
        to_point = first_point if last is None else last_point
        run = Run(
            int(first), int(first_point or 0), int(last or first), None if to_point is None else int(to_point)
        )
        if (run.last, np.inf if run.to_point is None else run.to_point) < (run.first, run.from_point):
            raise ValueError(f"{text!r} runs backwards")
        runs.append(run)
    return runs


def extract_drawings(said: Iterable[Statement]) -> tuple[list[Drawing], int]:
    """Return the drawings of the 62 characters among statements, and how many more cannot be made out."""
    components, segments = _collect(said)
    found, broken = [], 0
    for segment in segments:
        try:
            drawing = _extract_drawing(segment, components)
        except ValueError:
            broken += 1
        else:
            found += [drawing] if drawing else []
    return found, broken


def make_stroke_set(drawn: Sequence[Drawing], writers: Sequence[int]) -> StrokeSet:
    """Return drawings, of which there must be some, with their writers' numbers."""
    strokes = [stroke for drawing in drawn for stroke in drawing.strokes]
    ink = StrokeBatch(
        np.concatenate(strokes),
        np.array([len(stroke) for stroke in strokes], dtype=np.int64),
        np.array([len(drawing.strokes) for drawing in drawn], dtype=np.int64),
    )
    labels = np.array([drawing.label for drawing in drawn], dtype=np.int64)
    return StrokeSet(ink, labels, np.array(writers, dtype=np.int64))


def _collect(said: Iterable[Statement]) -> tuple[list[_Component], list[str]]:
    """Return the numbered components, and the segments, which may be told before or after them."""
    components: list[_Component] = []
    segments: list[str] = []
    columns: Sequence[str] = _LAID_OUT
    writer = ""
    for keyword, text in said:
        if keyword in ("PEN_DOWN", "PEN_UP"):
            if text:
                components.append(_Component(text, keyword == "PEN_DOWN", columns, writer))
        elif keyword == "SEGMENT":
            segments.append(text)
        elif keyword == "COORD":
            columns = text.split()
        elif keyword == "WRITER_ID":
            writer = " ".join(text.split())
    return components, segments


def _extract_drawing(segment: str, components: Sequence[_Component]) -> Drawing | None:
    """Return what a segment marks; none if that is a word, say, or a comma.

    Raises:
        ValueError: if that cannot be made out.
    """
    match = _SEGMENT.match(segment)
    if match is None:
        raise ValueError(f"{segment!r} is no segment")
    hierarchy, where, label = match.groups()
    index = _CLASS_OF.get(_ESCAPED.sub(_unescape, label))
    if hierarchy not in _CHARACTERS or index is None:
        return None
    runs = parse_delineation(where)
    strokes = tuple(stroke for run in runs for stroke in _extract_strokes(run, components))
    if not strokes:
        raise ValueError(f"the pen is never down in {segment!r}")
    return Drawing(index, components[runs[0].first].writer, strokes)


def _unescape(match: re.Match[str]) -> str:
    return {"t": "\t", "n": "\n"}.get(match[1], match[1])


def _extract_strokes(run: Run, components: Sequence[_Component]) -> Iterator[Floats]:
    if run.last >= len(components):
        raise ValueError(f"there are only {len(components)} components")
    for number in range(run.first, run.last + 1):
        if not components[number].is_down:
            continue
        points = _parse_points(components[number])
        if not points[0].any() and len(points) == 1:
            raise ValueError("this ink was held back")
        start = run.from_point if number == run.first else 0
        end = run.to_point if number == run.last else None
        points = points[start : None if end is None else end + 1]
        if len(points):
            yield points[np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))]


def _parse_points(component: _Component) -> Floats:
    """Return float64 (n, 2), n at least 1, y down.

    Raises:
        ValueError: if they are no numbers of this world, or not as many as the columns need.
    """
    columns = component.columns
    values = np.array(component.text.split(), dtype=np.float64).reshape(-1, len(columns))
    points = values[:, [columns.index("X"), columns.index("Y")]]
    if not (np.abs(points) <= _FARTHEST).all():
        raise ValueError("a coordinate is not finite or far too large")
    return points * (1.0, -1.0)
