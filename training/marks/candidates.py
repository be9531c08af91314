"""Collects marks with their kinds, to train and to measure the network of marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.page.binarize import binarize
from recognition.page.images import Gray, open_gray
from recognition.page.layout import find_lines
from recognition.page.marks import CHARACTER, FRAME_SIDE, PART, Framer, Frames
from recognition.page.window import cut_wide_units, open_window
from training.datasets.sources import explain_unreadable
from training.marks.characters import Characters
from training.marks.pages import lay_out_page
from training.marks.spans import Span, find_spans
from training.marks.strokes import Random
from training.progress import show_progress

_LONGEST_LABEL: Final = 8  # characters that are stored of the label of a mark


@dataclass(frozen=True, slots=True)
class Candidates:
    """Marks with their kinds.

    Attributes:
        frames: uint8 (N, side, side, 2), as `recognition.page.marks.Framer` makes them.
        kinds: int64 (N,), indices into `recognition.page.marks.KINDS`.
        labels: str (N,), the characters, or the sign.
        gaps: float64 (N,), of several characters, the gap between them relative to the height.
    """

    frames: Frames
    kinds: npt.NDArray[np.int64]
    labels: npt.NDArray[np.str_]
    gaps: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.kinds)

    @classmethod
    def collect(cls, spans: Iterable[Span]) -> Candidates:
        """Return the marks as arrays."""
        items = list(spans)
        return cls(
            np.array([span.frame for span in items], dtype=np.uint8).reshape(-1, FRAME_SIDE, FRAME_SIDE, 2),
            np.array([span.kind for span in items], dtype=np.int64),
            np.array([span.label for span in items], dtype=f"<U{_LONGEST_LABEL}"),
            np.array([span.gap for span in items], dtype=np.float64),
        )

    def save(self, path: Path) -> None:
        """Write an ``.npz`` that `load` reads. The file appears only once it is whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.part")
        with unfinished.open("wb") as file:
            np.savez(file, frames=self.frames, kinds=self.kinds, labels=self.labels, gaps=self.gaps)
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> Candidates:
        """Read what `save` wrote.

        Raises:
            UnreadableData: if it is not such a file.
        """
        with explain_unreadable(path), path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return cls(arrays["frames"], arrays["kinds"], arrays["labels"], arrays["gaps"])

    @classmethod
    def join(cls, parts: Iterable[Candidates]) -> Candidates:
        """Return the marks of all parts."""
        parts = list(parts)
        return cls(
            np.concatenate([part.frames for part in parts]),
            np.concatenate([part.kinds for part in parts]),
            np.concatenate([part.labels for part in parts]),
            np.concatenate([part.gaps for part in parts]),
        )


def collect_from_pages(characters: Characters, pages: int, random: Random) -> Candidates:
    """Return the marks of newly laid out pages."""
    spans: list[Span] = []
    for _ in show_progress(range(pages), "laying out pages"):
        spans += find_spans(lay_out_page(characters, random), random)
    return Candidates.collect(spans)


def collect_from_pictures(pictures: Iterable[tuple[bytes, int]], random: Random) -> Candidates:
    """Return whole characters, and some of their parts, from pictures of single characters with their labels."""
    spans: list[Span] = []
    for data, label in show_progress(pictures, "reading pictures"):
        spans += _find_in_picture(open_gray(data)[0], CLASSES[label], random)
    return Candidates.collect(spans)


def _find_in_picture(gray: Gray, label: str, random: Random) -> list[Span]:
    ink = binarize(gray)
    lines = find_lines(ink.boxes, ink.areas, ink.height) if ink else []
    blobs = [blob for line in lines for piece in line.pieces for blob in piece]
    if not ink or not blobs:
        return []
    framer = Framer(ink.strength, ink.height)
    window = open_window(ink, [blobs])
    spans = [Span(framer.frame_units(window, 0, 1, ink.height), CHARACTER, label, 0.0)]
    if random.random() < 1 / 3:
        window, is_cut = cut_wide_units(window, ink.height)
        areas = np.bincount(window.units.ravel(), minlength=len(is_cut) + 2)[1:]
        start = int(random.integers(len(areas)))
        if areas[start] < 0.7 * areas.sum():
            spans.append(Span(framer.frame_units(window, start, start + 1, ink.height), PART, label, 0.0))
    return spans
