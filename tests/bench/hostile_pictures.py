"""Pictures that cost a reader as much as possible. Each family has its sizes and patterns at random."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from tests.recognition.page.paper import write_page
from tests.strokes import load_fixture

Gray = npt.NDArray[np.uint8]
Rng = np.random.Generator
Picture = tuple[str, bytes]
"""What the picture is, and its file."""
Family = Callable[[Rng], Picture]

_PIXELS: Final = 25_000_000


def encode(levels: npt.NDArray[Any] | Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Return an array or a picture as a file."""
    picture = levels if isinstance(levels, Image.Image) else Image.fromarray(levels)
    if kind == "PNG":
        options.setdefault("compress_level", 1)
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def tile_marks(across: int, down: int) -> bytes:
    """Return a picture of so many small marks. Two rows are not in line: that would be a dashed line."""
    mark = np.full((16, 14), 235, dtype=np.uint8)
    mark[3:13, 4:6] = mark[3:5, 4:10] = 30
    rows = np.tile(mark, (2, across))
    rows[16:] = np.roll(rows[16:], 4, axis=1)
    return encode(np.tile(rows, (-(-down // 2), 1))[: 16 * down])


def _draw_sides(rng: Rng) -> tuple[int, int]:
    """Return a random height and width, with up to 25 megapixels."""
    pixels = 10 ** rng.uniform(4, np.log10(_PIXELS))
    ratio = 4 ** rng.uniform(-1, 1)
    return max(8, int((pixels * ratio) ** 0.5)), max(8, int((pixels / ratio) ** 0.5))


def _make_grid(height: int, width: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    y, x = np.ogrid[:height, :width]
    return y.astype(np.int32), x.astype(np.int32)


def _ink(mask: npt.NDArray[np.bool_]) -> Gray:
    return np.where(mask, 20, 235).astype(np.uint8)


def make_noise(rng: Rng) -> Picture:
    height, width = _draw_sides(rng)
    grain, density = int(2 ** rng.uniform(0, 5)), 10 ** rng.uniform(-3.5, -0.3)
    coarse = rng.random((height // grain + 1, width // grain + 1), dtype=np.float32) < density
    mask = coarse.repeat(grain, 0).repeat(grain, 1)[:height, :width]
    return f"noise {width}×{height} grain {grain} density {density:.4f}", encode(_ink(mask))


def make_gray_noise(rng: Rng) -> Picture:
    height, width = _draw_sides(rng)
    height, width = min(height, 3500), min(width, 3500)
    sigma = rng.uniform(0, 6)
    levels = ndimage.gaussian_filter(rng.random((height, width), dtype=np.float32), sigma)
    levels = (levels - levels.min()) * (255 / np.ptp(levels))
    return f"gray noise {width}×{height} blurred {sigma:.1f}", encode(levels.astype(np.uint8))


def make_dots(rng: Rng) -> Picture:
    height, width = _draw_sides(rng)
    pitch = int(rng.integers(2, 90))
    size = max(1, int(pitch * rng.uniform(0.1, 0.9)))
    y, x = _make_grid(height, width)
    mask = (y % pitch < size) & (x % pitch < size)
    return f"dots {width}×{height} pitch {pitch} size {size}", encode(_ink(mask))


def make_dots_of_a_number(rng: Rng) -> Picture:
    """Return as many small marks as are just allowed, or not."""
    count = int(rng.integers(1500, 8000))
    side = int(np.ceil(count**0.5))
    pitch = int(rng.integers(10, 40))
    mark = rng.random((pitch, pitch)) < 0.3
    mark[2:-2, 2:-2] |= ndimage.binary_dilation(mark[2:-2, 2:-2])
    mark[:2] = mark[-2:] = mark[:, :2] = mark[:, -2:] = False
    return f"{side * side} marks, pitch {pitch}", encode(_ink(np.tile(mark, (side, side))))


def make_halftone(rng: Rng) -> Picture:
    height, width = _draw_sides(rng)
    pitch, angle = rng.uniform(3, 40), rng.uniform(0, np.pi)
    y, x = (axis.astype(np.float32) for axis in _make_grid(height, width))
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    wave = np.cos(2 * np.pi / pitch * u) + np.cos(2 * np.pi / pitch * v)
    mask = wave > np.linspace(-1, 2, width, dtype=np.float32)
    return f"halftone {width}×{height} pitch {pitch:.1f}", encode(_ink(mask))


def make_stripes(rng: Rng) -> Picture:
    height, width = _draw_sides(rng)
    pitch, slope = int(rng.integers(3, 80)), rng.choice([0, 0, 0.05, 0.3, 1])
    y, x = _make_grid(height, width)
    mask = (y + (slope * x).astype(np.int32)) % pitch < max(1, int(pitch * rng.uniform(0.2, 0.8)))
    if rng.random() < 0.5:
        gap = int(rng.integers(3, 300))
        mask = mask & (x % gap > gap // 3)
    if rng.random() < 0.5:
        mask = mask.T
    return f"stripes {width}×{height} pitch {pitch} slope {slope}", encode(_ink(mask))


def make_maze(rng: Rng) -> Picture:
    height, width = _draw_sides(rng)
    cell = int(rng.integers(3, 60))
    choice = rng.random((height // cell + 1, width // cell + 1)) < rng.uniform(0.2, 0.8)
    wide = choice.repeat(cell, 0).repeat(cell, 1)[:height, :width]
    y, x = _make_grid(height, width)
    down, up = (y % cell - x % cell), (y % cell + x % cell - cell)
    mask = np.where(wide, np.abs(down) <= max(1, cell // 8), np.abs(up) <= max(1, cell // 8))
    return f"maze {width}×{height} cell {cell}", encode(_ink(mask))


def make_checkers(rng: Rng) -> Picture:
    height, width = _draw_sides(rng)
    cell = int(2 ** rng.uniform(0, 7))
    y, x = _make_grid(height, width)
    return f"checkers {width}×{height} cell {cell}", encode(_ink((y // cell + x // cell) % 2 == 0))


def make_specks(rng: Rng) -> Picture:
    height, width = int(rng.integers(1200, 4500)), int(rng.integers(1200, 4500))
    count = int(10 ** rng.uniform(3, 5))
    mask = np.zeros((height, width), dtype=np.bool_)
    mask[rng.integers(0, height, count), rng.integers(0, width, count)] = True
    mask = ndimage.binary_dilation(mask, iterations=int(rng.integers(1, 5)))
    return f"{count} specks on {width}×{height}", encode(_ink(mask))


def make_rings(rng: Rng) -> Picture:
    side = int(rng.integers(300, 5000))
    pitch, shape = int(rng.integers(4, 60)), int(rng.integers(0, 3))
    y, x = (axis.astype(np.float32) - side / 2 for axis in _make_grid(side, side))
    radius = (np.hypot(x, y), np.abs(x) + np.abs(y), np.maximum(np.abs(x), np.abs(y)))[shape]
    mask = (radius % pitch < pitch / 2) & (radius < side / 2 - 2)
    name = ("rings", "diamonds", "squares")[shape]
    return f"{side // pitch // 2} {name} in {side}×{side}", encode(_ink(mask))


def make_rings_among_dots(rng: Rng) -> Picture:
    """Return rings among dots that make the writing look small, so that the rings are kept in many pixels."""
    side, pitch = int(rng.integers(1500, 4000)), int(rng.integers(20, 60))
    y, x = (axis.astype(np.float32) - side / 2 for axis in _make_grid(side, side))
    radius = np.hypot(x, y)
    rings = (radius % pitch < 3) & (radius < side / 2 - 2)
    dots = (radius % pitch > pitch / 3) & (radius % pitch < pitch / 3 * 2.5) & (x % pitch < 6) & (y % pitch < 14)
    return f"rings and dots in {side}×{side} pitch {pitch}", encode(_ink(rings | dots))


def make_staircase(rng: Rng) -> Picture:
    """Return bars that each overlap the next, from one corner to the other: all are one group."""
    side, count = int(rng.integers(800, 4500)), int(rng.integers(50, 3000))
    mask = np.zeros((side, side), dtype=np.bool_)
    bar = max(4, int(side / count * rng.uniform(1.5, 4)))
    for number in range(count):
        at = number * (side - bar) // count
        mask[at : at + bar, at : at + max(2, bar // 4)] = True
        if rng.random() < 0.5:
            mask[at : at + bar // 2, side - at - bar // 4 : side - at] = True
    return f"staircase of {count} bars in {side}×{side}", encode(_ink(mask))


def make_blob(rng: Rng) -> Picture:
    height, width = _draw_sides(rng)
    levels = rng.random((12, 12), dtype=np.float32)
    picture = Image.fromarray(levels).resize((width, height), Image.Resampling.BICUBIC)
    mask = np.asarray(picture) > rng.uniform(0.2, 0.7)
    return f"large blobs in {width}×{height}", encode(_ink(mask))


def make_touching(rng: Rng) -> Picture:
    """Return lines of digits that touch each other."""
    lines, length = int(rng.integers(3, 45)), int(rng.integers(5, 70))
    gap, height = rng.uniform(-0.3, 0.12), int(rng.integers(12, 60))
    text = "\n".join("".join(map(str, rng.integers(0, 10, length))) for _ in range(lines))
    page = write_page(load_fixture(), text, height=height, gap=gap)
    name = f"{lines}×{length} digits {height} px, gap {gap:.2f}"
    return name, encode(page.picture)


def make_scrawl(rng: Rng) -> Picture:
    """Return wide scrawls, each of which can be cut in many places."""
    height, width = int(rng.integers(600, 4000)), int(rng.integers(600, 4000))
    pitch = int(rng.integers(14, 80))
    y, x = (axis.astype(np.float32) for axis in _make_grid(height, width))
    wave = pitch * 0.35 * np.sin(x * (2 * np.pi / rng.uniform(6, 60))) + pitch / 2
    mask = (np.abs(y % pitch - wave) < max(2, pitch / 10)) & (x % (pitch * int(rng.integers(3, 40))) > pitch / 4)
    return f"scrawls in {width}×{height} pitch {pitch}", encode(_ink(mask))


def make_text(rng: Rng) -> Picture:
    """Return a page of writing as full as one may be, in one of several formats."""
    lines, length = int(rng.integers(1, 41)), int(rng.integers(5, 61))
    characters = [*"abcdefghijkmnopqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ0123456789   "]
    text = "\n".join("".join(rng.choice(characters, length)) + "7" for _ in range(lines))
    height = int(min(120, (_PIXELS / (lines * 2.2 + 1.5) / (1.3 * length + 3.3)) ** 0.5))
    page = write_page(load_fixture(), text, height=height)
    kind = str(rng.choice(["PNG", "JPEG", "GIF"]))
    return f"text {lines}×{length} as {kind}", encode(page.picture, kind)


def make_long(rng: Rng) -> Picture:
    length = int(rng.choice([65_535, 60_000, 30_000, 25_000_000]))
    across = max(1, min(_PIXELS // length, int(10 ** rng.uniform(0, 3))))
    levels = rng.integers(0, 2, (across, length), dtype=np.uint8) * 200
    shown = levels if rng.random() < 0.5 else np.ascontiguousarray(levels.T)
    return f"long {shown.shape[1]}×{shown.shape[0]}", encode(shown)


FAMILIES: Final[tuple[Family, ...]] = (
    make_noise,
    make_gray_noise,
    make_dots,
    make_dots_of_a_number,
    make_halftone,
    make_stripes,
    make_maze,
    make_checkers,
    make_specks,
    make_rings,
    make_rings_among_dots,
    make_staircase,
    make_blob,
    make_touching,
    make_scrawl,
    make_text,
    make_long,
)
