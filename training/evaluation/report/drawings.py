"""Pictures of samples that stand in the page itself."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from markupsafe import Markup

from feedback.data_uri import encode_png_uri
from recognition.page.images import encode_png
from recognition.render import SIZE, Images, normalize
from recognition.strokes import StrokeBatch
from training.evaluation.test_sets import TestSet

_FINER: Final = 4  # units of a drawing's SVG to a pixel that the model sees


def draw_sample(test_set: TestSet[Any], number: int) -> Markup:
    """Return a drawing as its strokes, or a picture as the model saw it, to be put into HTML."""
    raw = test_set.raw[number]
    return draw_strokes(raw) if isinstance(raw, StrokeBatch) else embed_pixels(test_set.images[number, ..., 0])


def draw_strokes(ink: StrokeBatch) -> Markup:
    """Return one drawing as its strokes."""
    points = np.rint(normalize(ink) * _FINER).astype(np.int64)
    lines = np.split(points, np.cumsum(ink.stroke_lengths)[:-1])
    # A stroke of one point is a dot: a line without length that has round ends.
    path = "".join(
        f"M{_format_points(stroke if len(stroke) > 1 else stroke.repeat(2, axis=0))}" for stroke in lines
    )
    side = SIZE * _FINER
    return Markup(f'<svg class="drawing" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>')  # noqa: S704


def _format_points(stroke: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> str:
    return "L".join(f"{x} {y}" for x, y in stroke.tolist())


def embed_pixels(image: Images) -> Markup:
    """Return a picture, uint8 (28, 28), ink high."""
    return Markup(f'<img class="drawing" src="{encode_png_uri(encode_png(image))}" alt="">')  # noqa: S704
