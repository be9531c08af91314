"""Paints marks on a page as a camera sees them, and keeps which pixel of ink belongs to which stroke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from scipy import ndimage

from recognition.page.images import Gray
from training.marks.strokes import Random, Strokes

Ids = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.float64]

_OVER: Final = 2  # times the size at which strokes are painted, so that their edges are smooth


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A character, a sign or a doodle in its place.

    Attributes:
        label: the character or the sign, or the name of the doodle.
        is_character: whether it is a letter or digit.
        strokes: float64 (n, 2) each, in pixels of the page. Empty if it is an image.
        image: uint8 (rows, columns), its ink, high where there is ink, if it is an image.
        corner: left and top of the image.
    """

    label: str
    is_character: bool
    strokes: Strokes
    image: Gray | None = None
    corner: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Page:
    """A painted page.

    Attributes:
        gray: uint8 (height, width), as a camera saw it.
        ids: int32 (height, width), the number of the stroke that a pixel of ink belongs to, from 1. 0 elsewhere.
        owners: int64 (strokes + 1,), the index of the mark that each stroke belongs to. -1 for number 0.
        is_character: bool (marks,).
        labels: of each mark.
    """

    gray: Gray
    ids: Ids
    owners: Ints
    is_character: npt.NDArray[np.bool_]
    labels: list[str]


def measure_mark(mark: PlacedMark) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom."""
    if mark.image is not None:
        (left, top), (rows, columns) = mark.corner, mark.image.shape
        return left, top, left + columns, top + rows
    points = np.concatenate(mark.strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def paint(marks: Sequence[PlacedMark], height_of_writing: float, pen: float, random: Random) -> Page:
    """Return a page with the marks, cropped more or less closely, photographed or scanned."""
    boxes = np.array([measure_mark(mark) for mark in marks])
    # A scan may be cut close to the ink. Around a single character, a photo shows much more paper.
    free = height_of_writing * random.uniform(0.05, 1.5, 4) + pen + 3
    if random.random() < 0.15:
        free += height_of_writing * random.uniform(0, 6, 4)
    origin = boxes[:, :2].min(axis=0) - free[:2]
    size = np.ceil(boxes[:, 2:].max(axis=0) + free[2:] - origin).astype(int)
    width, height = (int(side) for side in size)
    ink = Image.new("L", (_OVER * width, _OVER * height))
    ids = Image.new("I", (_OVER * width, _OVER * height))
    owners = [-1]
    pen_of_form = random.uniform(0.3, 1.0)
    for owner, mark in enumerate(marks):
        if mark.image is not None:
            owners.append(owner)
            _paste_image(ink, ids, mark, origin, len(owners) - 1)
            continue
        width_of_pen = pen * float(np.exp(random.normal(0, 0.08)))
        if mark.label == "box":
            width_of_pen *= pen_of_form
        for stroke in mark.strokes:
            owners.append(owner)
            _paint_stroke(ink, ids, (stroke - origin) * _OVER, width_of_pen * _OVER, len(owners) - 1)
    levels = np.asarray(ink.reduce(_OVER), dtype=np.float64) / 255
    small_ids = np.array(ids)[_OVER // 2 :: _OVER, _OVER // 2 :: _OVER][:height, :width].astype(np.int32)
    gray = photograph(levels[:height, :width], height_of_writing, pen, random)
    return Page(
        gray,
        small_ids,
        np.array(owners, dtype=np.int64),
        np.array([mark.is_character for mark in marks], dtype=np.bool_),
        [mark.label for mark in marks],
    )


def _paste_image(ink: Image.Image, ids: Image.Image, mark: PlacedMark, origin: npt.NDArray[Any], id_: int) -> None:
    assert mark.image is not None  # noqa: S101
    rows, columns = mark.image.shape
    image = Image.fromarray(mark.image).resize((_OVER * columns, _OVER * rows), Image.Resampling.BILINEAR)
    left, top = (round(float(_OVER * (a - b))) for a, b in zip(mark.corner, origin, strict=True))
    ink.paste(255, (left, top), image)
    ids.paste(id_, (left, top), image.point(lambda level: 255 * (level > 80)).convert("1"))


def _paint_stroke(
    ink: Image.Image, ids: Image.Image, points: npt.NDArray[np.float64], width: float, id_: int
) -> None:
    flat = points.ravel().tolist()
    thick = max(1, round(width))
    for picture, level in ((ink, 255), (ids, id_)):
        draw = ImageDraw.Draw(picture)
        if len(points) > 1:
            draw.line(flat, fill=level, width=thick, joint="curve")
        if thick > 2:
            for x, y in (points[0], points[-1]):
                draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2 - 1, y + thick / 2 - 1), fill=level)


def photograph(levels: Levels, height_of_writing: float, pen: float, random: Random) -> Gray:
    """Return the page as a camera or scanner sees it: blur, faint or broken ink, uneven light, rulings, dust."""
    height, width = levels.shape
    if random.random() < 0.25:
        # The pen skips.
        patches = ndimage.gaussian_filter(random.normal(size=levels.shape), max(1.0, pen * 0.7))
        patches /= patches.std() + 1e-9
        levels = levels * np.clip(1.8 + 0.8 * patches - random.uniform(0, 1.2), 0, 1)
    if random.random() < 0.75:
        levels = ndimage.gaussian_filter(
            levels, float(np.exp(random.uniform(np.log(0.3), np.log(0.35 * pen + 0.5))))
        )
    down, across = np.meshgrid(np.linspace(-0.5, 0.5, height), np.linspace(-0.5, 0.5, width), indexing="ij")
    paper = random.uniform(130, 250) * (1 + random.normal(0, 0.12) * down + random.normal(0, 0.12) * across)
    if random.random() < 0.2:
        spacing, dark = height_of_writing * random.uniform(0.5, 1.9), random.uniform(0.05, 0.3)
        rows = (np.arange(0, height / spacing) * spacing + random.uniform(0, spacing)).astype(int)
        paper[rows[rows < height]] *= 1 - dark
        if random.random() < 0.5:
            columns = (np.arange(0, width / spacing) * spacing + random.uniform(0, spacing)).astype(int)
            paper[:, columns[columns < width]] *= 1 - dark
    if random.random() < 0.15:
        for _ in range(int(random.integers(1, 12))):
            y, x = int(random.integers(height)), int(random.integers(width))
            reach = max(1, round(height_of_writing * random.uniform(0.02, 0.12)))
            paper[y : y + reach, x : x + reach] *= random.uniform(0.4, 0.9)
    page = paper * (1 - random.uniform(0.35, 0.95) * levels)
    page += random.normal(0, random.uniform(0, 5), page.shape)
    gray: Gray = np.rint(page.clip(0, 255)).astype(np.uint8)
    return gray
