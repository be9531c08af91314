"""Converts a decoded picture to gray levels in which its ink can be seen, whatever its colors and transparency."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from recognition.page.color import (
    LUMA,
    PAPER_LEVEL,
    SMALL_SIDE,
    Pixels,
    Projection,
    choose_projection,
    has_color,
)
from recognition.page.enlargement import smooth_enlargement
from recognition.page.polygons import Points, draw_polygon
from recognition.page.sheet import find_sheet

_BAND_PIXELS: Final = 250_000  # that are converted at a time: copies of a large picture take 100 MB each
_WIDEST_RANGE: Final = 1e30  # between the levels of a deep picture; float32 can hold their difference
_GRAY_MODES: Final = ("1", "L", "LA", "La")
_WHITE: Final = 255
_OPAQUE: Final = 0.7  # of the highest opacity; pixels below are the edges of strokes
_PAPER_SHARE: Final = 0.5  # of the picture; ink does not cover as much
_VISIBLE: Final = 60  # contrast, of 255, at which ink is seen well on white
_PLAIN: Final = 30  # range of gray levels, of 255, below which a paper has no ink of its own
_HOLES: Final = 0.002  # of the pixels: transparent ones inside an opaque picture, which are its ink
_INNER: Final = 0.92  # of a page's sides: its edge and what is around it are no ink

Convert = Callable[[slice, Image.Image], Pixels]
"""Takes the rows of a band of a picture, and the band, and returns its gray levels."""


class PageOutline(NamedTuple):
    """Where the page is in a picture.

    Attributes:
        corners: float64 (4, 2), relative to the picture's width and height, clockwise.
        luma: how light its paper is, of 255.
    """

    corners: Points
    luma: float


class Conversion(NamedTuple):
    """How colors become gray levels.

    Attributes:
        background: the gray level that transparent parts show.
        projection: the weights of the colors, None for luma.
        page: where these weights are used. Around it luma is, shifted as much as the page's paper is. None: on
            all of the picture.
    """

    background: int = _WHITE
    projection: Projection | None = None
    page: PageOutline | None = None


def choose_conversion(picture: Image.Image) -> Conversion:
    """Return the conversion that shows the ink of a decoded picture."""
    is_transparent = picture.has_transparency_data
    if _is_deep(picture) or picture.mode == "LAB" or (picture.mode in _GRAY_MODES and not is_transparent):
        return Conversion()
    pixels = _shrink(picture, "RGBA" if is_transparent else "RGB")
    if not is_transparent:
        return _choose_on_page(pixels)
    background = _choose_background(pixels)
    opacity = pixels[..., 3:].astype(np.float32) / 255
    seen = (pixels[..., :3] * opacity + background * (1 - opacity)).astype(np.uint8)
    return Conversion(background, choose_projection(seen))


def _choose_on_page(pixels: Pixels) -> Conversion:
    """Return the conversion that shows the ink on the page. What lies on the desk has colors, too."""
    if not has_color(pixels):
        return Conversion()
    luma = np.asarray(Image.fromarray(pixels).convert("L"))
    if smooth_enlargement(luma) is not None:
        return Conversion(projection=choose_projection(pixels))
    sheet = find_sheet(luma)
    corners = sheet.corners
    if sheet.gray.shape == pixels.shape[:2]:
        return Conversion(projection=choose_projection(pixels))
    middle = corners.mean(axis=0)
    quad = middle + _INNER * (corners - middle)
    paper = np.median(pixels[draw_polygon(quad, pixels.shape)], axis=0)
    page = Image.fromarray(pixels).transform(
        sheet.gray.shape[::-1],
        Image.Transform.QUAD,
        quad[[0, 3, 2, 1]].ravel().tolist(),
        Image.Resampling.BILINEAR,
        fillcolor=tuple(paper.astype(int).tolist()),
    )
    projection = choose_projection(np.asarray(page))
    size = np.array(pixels.shape[1::-1])
    return Conversion(projection=projection, page=projection and PageOutline(corners / size, float(paper @ LUMA)))


def choose_for_jpeg(data: bytes) -> Conversion:
    """Return the conversion for a JPEG. It is decoded to a small copy, which takes little memory."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as small:
        small.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
        return choose_conversion(small)


def convert_to_gray(picture: Image.Image, conversion: Conversion, step: int = 1) -> Pixels:
    """Return uint8 (height, width), a band at a time. Each pixel is the mean of ``step``×``step`` pixels."""
    convert = _make_deep_converter(picture) if _is_deep(picture) else _make_converter(picture, conversion)
    gray = np.empty((-(-picture.height // step), -(-picture.width // step)), dtype=np.uint8)
    for rows, band in _cut_bands(picture, step):
        levels = convert(rows, band)
        if step > 1:
            levels = np.asarray(Image.fromarray(levels).reduce(step))
        gray[rows.start // step : rows.start // step + len(levels)] = levels
    return gray


def _make_deep_converter(picture: Image.Image) -> Convert:
    low, high = _find_range(picture)
    scale = 255 / max(high - low, 1e-9)

    def convert(_rows: slice, band: Image.Image) -> Pixels:
        # Pillow would clip levels above 255 to white.
        return ((np.asarray(band, dtype=np.float32) - low) * scale).astype(np.uint8)

    return convert


def _make_converter(picture: Image.Image, conversion: Conversion) -> Convert:
    is_transparent = picture.has_transparency_data
    size = np.array(picture.size)

    def convert(rows: slice, band: Image.Image) -> Pixels:
        levels = _convert_band(band, conversion, is_transparent=is_transparent)
        return levels if conversion.page is None else _show_surroundings(levels, band, rows, conversion.page, size)

    return convert


def _show_surroundings(levels: Pixels, band: Image.Image, rows: slice, page: PageOutline, size: Points) -> Pixels:
    """Return luma around the page, as different from its paper as in the picture, so that the page is found."""
    around = ~draw_polygon(page.corners * size - [0, rows.start], levels.shape)
    luma = np.asarray(band.convert("L"))[around].astype(np.float32)
    shown = levels.copy()
    shown[around] = np.clip(luma + (PAPER_LEVEL - page.luma), 0, 255)
    return shown


def _convert_band(band: Image.Image, conversion: Conversion, *, is_transparent: bool) -> Pixels:
    background, projection, _ = conversion
    if band.mode == "LAB":
        return np.asarray(band.getchannel("L"))
    if projection is None and not is_transparent:
        return np.asarray(band.convert("L"))
    if is_transparent:
        colors = band.convert("RGBA")
        mode = "L" if projection is None else "RGB"
        levels, opacity = colors.convert(mode), colors.getchannel("A")
        band = Image.new(mode, band.size, background if projection is None else (background,) * 3)
        band.paste(levels, mask=opacity)
    return np.asarray(band) if projection is None else projection.apply(np.asarray(band.convert("RGB")))


def _is_deep(picture: Image.Image) -> bool:
    return picture.mode.startswith("I;16") or picture.mode in ("I", "F")


def _cut_bands(picture: Image.Image, step: int = 1) -> Iterator[tuple[slice, Image.Image]]:
    """Yield bands of the picture, from the top, and their rows. Their heights are multiples of ``step``."""
    width, height = picture.size
    band_height = max(1, _BAND_PIXELS // (width * step)) * step
    for top in range(0, height, band_height):
        bottom = min(top + band_height, height)
        yield slice(top, bottom), picture.crop((0, top, width, bottom))


def _shrink(picture: Image.Image, mode: str) -> Pixels:
    """Return a small copy, uint8 (height, width, channels of ``mode``)."""
    step = -(-max(picture.size) // SMALL_SIDE)
    side = step * max(1, round(_BAND_PIXELS**0.5) // step)
    # In parts: Pillow makes copies to convert a picture, and to reduce a transparent one.
    return np.concatenate(
        [
            np.concatenate(
                [
                    np.asarray(_cut_part(picture, left, top, side).convert(mode).reduce(step))
                    for left in range(0, picture.width, side)
                ],
                axis=1,
            )
            for top in range(0, picture.height, side)
        ]
    )


def _cut_part(picture: Image.Image, left: int, top: int, side: int) -> Image.Image:
    return picture.crop((left, top, min(left + side, picture.width), min(top + side, picture.height)))


def _find_range(picture: Image.Image) -> tuple[float, float]:
    """Return the lowest and the highest level of a picture of 16 or 32 bits."""
    deep = (np.asarray(band, dtype=np.float32) for _, band in _cut_bands(picture))
    ranges = [(float(band.min()), float(band.max())) for band in deep]
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    if not high - low < _WIDEST_RANGE:  # also if a level is not a number
        raise ValueError("levels that are no numbers")
    return low, high


def _choose_background(pixels: Pixels) -> int:
    """Return the gray level on which the ink of a small picture, uint8 (height, width, 4), is seen."""
    opacity = pixels[..., 3].astype(np.float32) / 255
    if opacity.min() == 1 or not opacity.any():
        return _WHITE
    is_opaque = opacity >= _OPAQUE * opacity.max()
    levels = np.asarray(Image.fromarray(pixels[..., :3]).convert("L"))
    usual = int(np.median(levels[is_opaque]))
    if is_opaque.mean() < _PAPER_SHARE:  # only the ink is opaque
        is_seen = float(np.median(opacity[is_opaque])) * (_WHITE - usual) >= _VISIBLE
        return _WHITE if is_seen or usual < _WHITE / 2 else 0
    low, high = np.percentile(levels[is_opaque], (2, 98))
    if high - low < _PLAIN and _measure_holes(opacity < 1 / 2) >= _HOLES:
        return 0 if usual > _WHITE / 2 else _WHITE
    return usual


def _measure_holes(is_clear: npt.NDArray[np.bool_]) -> float:
    """Return the share of the pixels that are transparent and not connected to the edge of the picture."""
    labels, _ = ndimage.label(is_clear)
    outer = np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1]))
    return float((is_clear & ~np.isin(labels, outer)).mean())
