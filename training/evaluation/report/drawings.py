"""Pictures of samples that stand in the page itself."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from markupsafe import Markup

from feedback.data_uri import encode_png_uri
from recognition.page.images import encode_png
from recognition.render import SIZE, Images, normalize
from recognition.strokes import StrokeBatch
from training.evaluation.test_sets import Exam

_FINER: Final = 4  # units of a drawing's SVG to a pixel that the model sees


def picture_of(exam: Exam[Any], number: int) -> Markup:
    """Return a drawing as its strokes, or a picture as the model saw it, to be put into HTML."""
    raw = exam.raw[number]
    return strokes(raw) if isinstance(raw, StrokeBatch) else pixels(exam.images[number, ..., 0])


def strokes(ink: StrokeBatch) -> Markup:
    """Return one drawing as its strokes."""
    points = np.rint(normalize(ink) * _FINER).astype(np.int64)
    lines = np.split(points, np.cumsum(ink.stroke_lengths)[:-1])
    # A stroke of one point is a dot: a line without length that has round ends.
    path = "".join(f"M{_joined(stroke if len(stroke) > 1 else stroke.repeat(2, axis=0))}" for stroke in lines)
    side = SIZE * _FINER
    return Markup(f'<svg class="drawing" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>')  # noqa: S704


def _joined(stroke: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> str:
    return "L".join(f"{x} {y}" for x, y in stroke.tolist())


def pixels(image: Images) -> Markup:
    """Return a picture, uint8 (28, 28), ink high."""
    return Markup(f'<img class="drawing" src="{encode_png_uri(encode_png(image))}" alt="">')  # noqa: S704
