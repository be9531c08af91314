"""More pictures that cost a reader as much as possible: shapes drawn with a pen, and odd files of them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, PngImagePlugin

from tests.bench.hostile_pictures import Family, Picture, Rng, encode
from tests.recognition.page.paper import write_page
from tests.strokes import load_fixture

Points = list[tuple[float, float]]


def _open_page(rng: Rng, most: int = 4_500) -> tuple[Image.Image, ImageDraw.ImageDraw, int, int]:
    width, height = (int(side) for side in rng.integers(300, most, 2))
    picture = Image.new("L", (width, height), int(rng.integers(180, 256)))
    return picture, ImageDraw.Draw(picture), width, height


def make_spirals(rng: Rng) -> Picture:
    """Return spirals, each one long component."""
    picture, draw, width, height = _open_page(rng)
    count, pitch = int(rng.integers(1, 60)), rng.uniform(3, 40)
    for _ in range(count):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        angles = np.arange(0, rng.uniform(10, 300), 0.2)
        radii = pitch * angles / 6.28
        points = np.stack([x + radii * np.cos(angles), y + radii * np.sin(angles)], 1)
        draw.line([tuple(point) for point in points.tolist()], fill=20, width=max(1, int(pitch / 5)))
    return f"{count} spirals in {width}×{height} pitch {pitch:.0f}", encode(picture)


def make_random_walk(rng: Rng) -> Picture:
    """Return one giant component."""
    picture, draw, width, height = _open_page(rng)
    steps = rng.normal(0, rng.uniform(2, 60), (int(10 ** rng.uniform(3, 4.7)), 2)).cumsum(0)
    points = np.abs(np.add(steps, [width / 2, height / 2]) % [2 * width, 2 * height] - [width, height])
    draw.line([tuple(point) for point in points.tolist()], fill=20, width=int(rng.integers(1, 6)))
    return f"walk of {len(points)} in {width}×{height}", encode(picture)


def make_nested_frames(rng: Rng) -> Picture:
    picture, draw, width, height = _open_page(rng)
    step, gap = int(rng.integers(4, 60)), int(rng.integers(0, 3))
    for inset in range(5, min(width, height) // 2 - 5, step):
        draw.rectangle((inset, inset, width - inset, height - inset), outline=20, width=1 + step // 6)
        if gap:
            draw.rectangle((inset + step, inset - 3, inset + 2 * step, inset + 3), fill=235)
    return f"frames in {width}×{height} step {step}", encode(picture)


def make_ruled_marks(rng: Rng) -> Picture:
    """Return ruled or squared paper with a mark in most of its cells."""
    picture, draw, width, height = _open_page(rng)
    pitch, level = int(rng.integers(16, 90)), int(rng.integers(20, 190))
    for y in range(pitch, height, pitch):
        draw.line((0, y, width, y), fill=level, width=1 + pitch // 30)
    if rng.random() < 0.6:
        for x in range(pitch, width, pitch):
            draw.line((x, 0, x, height), fill=level, width=1 + pitch // 30)
    cells = rng.permutation((width // pitch) * (height // pitch))[: int(rng.integers(100, 5000))]
    for cell in cells.tolist():
        x, y = cell % (width // pitch) * pitch, cell // (width // pitch) * pitch
        ends = np.add(rng.uniform(2, pitch - 2, (int(rng.integers(2, 5)), 2)), [x, y])
        draw.line([tuple(end) for end in ends.tolist()], fill=20, width=max(1, pitch // 12))
    return f"{len(cells)} marks on ruled {width}×{height} pitch {pitch}", encode(picture)


def make_letter_wallpaper(rng: Rng) -> Picture:
    """Return one character again and again, close enough to touch or not."""
    character = str(rng.choice([*"mwWMBg8ijxE"]))
    height, gap = int(rng.integers(10, 50)), rng.uniform(-0.3, 0.5)
    across, down = int(rng.integers(10, 90)), int(rng.integers(5, 60))
    page = write_page(load_fixture(), "\n".join([character * across] * down), height=height, gap=gap)
    return f"{down}×{across} of {character} {height} px gap {gap:.2f}", encode(page.picture)


def make_hatching(rng: Rng) -> Picture:
    picture, draw, width, height = _open_page(rng)
    for _ in range(int(rng.integers(1, 4))):
        pitch, slope = int(rng.integers(5, 70)), rng.uniform(-3, 3)
        dash = int(rng.integers(5, 200))
        for offset in range(-3 * height, width + 3 * height, pitch):
            for start in range(0, height, 2 * dash):
                stop = min(height, start + dash)
                line = (offset + slope * start, start, offset + slope * stop, stop)
                draw.line(line, fill=30, width=max(1, pitch // 8))
    return f"hatching in {width}×{height}", encode(picture)


def make_broken_glass(rng: Rng) -> Picture:
    """Return lines across the whole picture: a mesh whose holes are of all sizes."""
    picture, draw, width, height = _open_page(rng)
    count = int(10 ** rng.uniform(1, 2.8))
    for x0, y0, x1, y1 in (rng.random((count, 4)) * [width, height, width, height]).tolist():
        draw.line((x0, y0, x1, y1), fill=20, width=int(rng.integers(1, 8)))
    return f"{count} lines in {width}×{height}", encode(picture)


def make_fences(rng: Rng) -> Picture:
    """Return rows of joined stems, which can be cut anywhere."""
    picture, draw, width, height = _open_page(rng)
    row, stem = int(rng.integers(12, 120)), int(rng.integers(3, 40))
    for y in range(5, height - row, int(row * 1.4)):
        for x in range(5, width - stem, stem):
            draw.line((x, y, x + int(rng.integers(-2, 3)), y + row), fill=20, width=max(1, stem // 5))
            if rng.random() < 0.93:
                middle = y + row // 2 + int(rng.integers(-row // 4, row // 4 + 1))
                draw.line((x, middle, x + stem, middle), fill=20, width=max(1, stem // 6))
    return f"fences in {width}×{height} row {row} stem {stem}", encode(picture)


def make_accents(rng: Rng) -> Picture:
    """Return bodies with many dots and bars around each."""
    picture, draw, width, height = _open_page(rng, 3_000)
    size = int(rng.integers(20, 120))
    for y in range(size, height - size, 2 * size):
        for x in range(size, width - size, size):
            draw.line((x, y, x, y + size), fill=20, width=max(2, size // 10))
            for _ in range(int(rng.integers(0, 8))):
                left, top = x + int(rng.integers(-size // 2, size // 2)), y - int(rng.integers(2, size // 2))
                dot = max(2, int(size * rng.uniform(0.04, 0.2)))
                draw.ellipse((left, top, left + dot, top + dot), fill=20)
    return f"stems with dots in {width}×{height} size {size}", encode(picture)


def make_two_sizes(rng: Rng) -> Picture:
    """Return large shapes among small ones, so that the large ones are kept in many pixels."""
    picture, draw, width, height = _open_page(rng)
    for _ in range(int(rng.integers(1, 40))):
        points: Any = (rng.random((int(rng.integers(3, 30)), 2)) * [width, height]).tolist()
        draw.line([tuple(point) for point in points], fill=20, width=int(rng.integers(2, 20)))
    for x, y in (rng.random((int(rng.integers(500, 6000)), 2)) * [width, height]).tolist():
        size = rng.uniform(4, 20)
        draw.line((x, y, x + size, y + size, x, y + size), fill=20, width=2)
    return f"two sizes in {width}×{height}", encode(picture)


def make_print(rng: Rng) -> Picture:
    """Return a page in the small print of a program, with frames and shades."""
    picture, draw, width, height = _open_page(rng, 3_500)
    text = "".join(map(chr, rng.integers(33, 127, 300)))
    for number, y in enumerate(range(0, height, int(rng.integers(11, 30)))):
        draw.text((3, y), text[number % 80 :] * 6, fill=int(rng.integers(0, 140)))
    size = int(rng.integers(1, 4))
    return f"print in {width}×{height} ×{size}", encode(picture.resize((width // size, height // size)))


def _wrap(data: npt.NDArray[np.uint8], rng: Rng) -> Picture:
    """Return a picture in an odd file."""
    picture = Image.fromarray(data)
    kinds: dict[str, Callable[[], bytes]] = {
        "animated GIF": lambda: _animate(picture, "GIF"),
        "animated WebP": lambda: _animate(picture, "WEBP"),
        "animated PNG": lambda: _animate(picture, "PNG"),
        "TIFF of 30 pages": lambda: _animate(picture, "TIFF"),
        "CMYK JPEG": lambda: encode(picture.convert("CMYK"), "JPEG"),
        "progressive JPEG": lambda: encode(picture.convert("RGB"), "JPEG", progressive=True, quality=100),
        "palette PNG": lambda: encode(picture.convert("P"), transparency=0),
        "LA PNG": lambda: encode(picture.convert("LA")),
        "16-bit PNG": lambda: encode(data.astype(np.uint16) * 257),
        "1-bit TIFF": lambda: encode(picture.convert("1"), "TIFF", compression="group4"),
        "float TIFF": lambda: encode(data.astype(np.float32), "TIFF"),
        "PNG with texts": lambda: _add_texts(picture),
        "PNG with a profile": lambda: encode(picture, icc_profile=bytes(3_000_000)),
        "JPEG with a profile": lambda: encode(picture, "JPEG", icc_profile=bytes(1_000_000)),
        "cut PNG": lambda: encode(picture)[: -int(rng.integers(1, 2000))],
        "interlaced PNG": lambda: _interlace(picture),
    }
    kind = str(rng.choice(list(kinds)))
    return f"{kind}, {picture.width}×{picture.height}", kinds[kind]()


def make_odd_file(rng: Rng) -> Picture:
    width, height = (int(side) for side in rng.integers(100, 3_000, 2))
    levels = rng.integers(0, 256, (height // 40 + 1, width // 40 + 1), dtype=np.uint8)
    return _wrap(levels.repeat(40, 0).repeat(40, 1)[:height, :width].copy(), rng)


def _animate(picture: Image.Image, kind: str) -> bytes:
    return encode(picture, kind, save_all=True, append_images=[picture.rotate(angle) for angle in range(1, 30)])


def _add_texts(picture: Image.Image) -> bytes:
    texts = PngImagePlugin.PngInfo()
    for number in range(16):
        texts.add_text(f"text {number}", "a" * 1_000_000, zip=True)
    return encode(picture, pnginfo=texts)


def _interlace(picture: Image.Image) -> bytes:
    """Return a PNG that says it is interlaced, though its rows are not."""
    buffer = io.BytesIO(encode(picture))
    data = bytearray(buffer.getvalue())
    data[28] = 1
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


SHAPES: Final[tuple[Family, ...]] = (
    make_spirals,
    make_random_walk,
    make_nested_frames,
    make_ruled_marks,
    make_letter_wallpaper,
    make_hatching,
    make_broken_glass,
    make_fences,
    make_accents,
    make_two_sizes,
    make_print,
    make_odd_file,
)
