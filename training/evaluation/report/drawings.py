"""Draws samples as inline SVG or images."""

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
    """Return HTML that shows a drawing as its strokes, or a picture as the model saw it."""
    raw = test_set.raw[number]
    return draw_strokes(raw) if isinstance(raw, StrokeBatch) else embed_pixels(test_set.images[number, ..., 0])


def draw_strokes(batch: StrokeBatch) -> Markup:
    """Return an SVG of one drawing."""
    points = np.rint(normalize(batch) * _FINER).astype(np.int64)
    lines = np.split(points, np.cumsum(batch.stroke_lengths)[:-1])
    # A stroke of one point is a dot: a line of length 0 with round ends.
    path = "".join(
        f"M{_format_points(stroke if len(stroke) > 1 else stroke.repeat(2, axis=0))}" for stroke in lines
    )
    side = SIZE * _FINER
    return Markup(f'<svg class="drawing" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>')  # noqa: S704


def _format_points(stroke: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> str:
    return "L".join(f"{x} {y}" for x, y in stroke.tolist())


def embed_pixels(image: Images) -> Markup:
    """Return an image of a picture, uint8 (28, 28); ink has high values."""
    return Markup(f'<img class="drawing" src="{encode_png_uri(encode_png(image))}" alt="">')  # noqa: S704
