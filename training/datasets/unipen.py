"""Reads the UNIPEN 1.0 format: text with what a pen drew and what it means.

The definition of the format is http://unipen.nici.ru.nl/unipen.def. Where it leaves something open, this reader
follows the files of the release train_r01_v07:

- A component is the text between ``.PEN_DOWN`` or ``.PEN_UP`` and the next keyword. Components with coordinates
  are numbered from 0, also those where the pen was in the air. Empty components are not counted.
- y grows upwards.
- A component of the single point 0 0 stands for ink that was left out of the release.
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
_MAX_COORDINATE: Final = 1e9  # more than any tablet's
_DEFAULT_COLUMNS: Final = ("X", "Y")
_CLASS_OF: Final = {character: index for index, character in enumerate(CLASSES)}


class Statement(NamedTuple):
    """A keyword without its dot, and the text up to the next keyword."""

    keyword: str
    text: str


class Run(NamedTuple):
    """Consecutive components, from a point of the first to a point of the last, both included.

    ``to_point`` is None if the whole last component is meant.
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
        writer: the name of the person who drew it, as in the file; empty if the file does not say.
        strokes: float64 (n, 2) each, n at least 1, x to the right, y down, no point twice in a row.
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
    """Yield the statements of a file. Text before the first keyword is ignored."""
    parts = _KEYWORD.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    for keyword, follows in zip(parts[1::2], parts[2::2], strict=True):
        yield Statement(keyword, follows.strip())


def parse_delineation(text: str) -> list[Run]:
    """Return the components that a segment consists of, written as ``3``, ``0-2`` or ``0:3-1:12,5``.

    Raises:
        ValueError: if the text is written in another way, or runs backwards.
    """
    runs = []
    for part in text.split(","):
        match = _RUN.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{text!r} does not name components")
        first, first_point, last, last_point = match.groups()
        to_point = first_point if last is None else last_point
        run = Run(
            int(first), int(first_point or 0), int(last or first), None if to_point is None else int(to_point)
        )
        if (run.last, np.inf if run.to_point is None else run.to_point) < (run.first, run.from_point):
            raise ValueError(f"{text!r} runs backwards")
        runs.append(run)
    return runs


def extract_drawings(statements: Iterable[Statement]) -> tuple[list[Drawing], int]:
    """Return the drawings of the 62 characters among statements, and how many more could not be read."""
    components, segments = _collect(statements)
    drawings, unreadable = [], 0
    for segment in segments:
        try:
            drawing = _extract_drawing(segment, components)
        except ValueError:
            unreadable += 1
        else:
            drawings += [drawing] if drawing else []
    return drawings, unreadable


def make_stroke_set(drawings: Sequence[Drawing], writers: Sequence[int]) -> StrokeSet:
    """Return drawings, at least one, with the numbers of their writers."""
    strokes = [stroke for drawing in drawings for stroke in drawing.strokes]
    batch = StrokeBatch(
        np.concatenate(strokes),
        np.array([len(stroke) for stroke in strokes], dtype=np.int64),
        np.array([len(drawing.strokes) for drawing in drawings], dtype=np.int64),
    )
    labels = np.array([drawing.label for drawing in drawings], dtype=np.int64)
    return StrokeSet(batch, labels, np.array(writers, dtype=np.int64))


def _collect(statements: Iterable[Statement]) -> tuple[list[_Component], list[str]]:
    """Return the numbered components and the segments. A segment may come before or after its components."""
    components: list[_Component] = []
    segments: list[str] = []
    columns: Sequence[str] = _DEFAULT_COLUMNS
    writer = ""
    for keyword, text in statements:
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
    """Return the drawing that a segment marks, or None if it marks something else, such as a word or a comma.

    Raises:
        ValueError: if the segment cannot be read.
    """
    match = _SEGMENT.match(segment)
    if match is None:
        raise ValueError(f"{segment!r} is not a segment")
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
            raise ValueError("this ink was left out of the release")
        start = run.from_point if number == run.first else 0
        end = run.to_point if number == run.last else None
        points = points[start : None if end is None else end + 1]
        if len(points):
            yield points[np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))]


def _parse_points(component: _Component) -> Floats:
    """Return float64 (n, 2), n at least 1, y down.

    Raises:
        ValueError: if they are not finite numbers of a reasonable size, or do not fill the columns.
    """
    columns = component.columns
    values = np.array(component.text.split(), dtype=np.float64).reshape(-1, len(columns))
    points = values[:, [columns.index("X"), columns.index("Y")]]
    if not (np.abs(points) <= _MAX_COORDINATE).all():
        raise ValueError("a coordinate is not finite or is far too large")
    return points * (1.0, -1.0)
