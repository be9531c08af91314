"""Files that cost a reader as much as possible to decode: by their size, or by how they are put together."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.bench.hostile_pictures import encode
from tests.recognition.page.heic import make_grid

_FILE: Final = 16_000_000  # bytes; somewhat less than may be uploaded
_SIDE: Final = 5000  # pixels: 25 megapixels


def _fill(*shape: int) -> npt.NDArray[np.uint8]:
    return np.full(shape, 200, dtype=np.uint8)


def _draw_noise(*shape: int, levels: int = 2) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(6).integers(0, levels, shape, dtype=np.uint8)


def _draw_stripes(side: int) -> npt.NDArray[np.uint8]:
    """Return red lines on green that is as bright."""
    levels = np.full((side, side, 3), (60, 160, 70), dtype=np.uint8)
    for row in range(side // 200):
        levels[row :: side // 12] = (205, 85, 60)
    return levels


def _make_palette() -> Image.Image:
    return Image.fromarray(_draw_noise(_SIDE, _SIDE)).convert("P")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _put_into_png(chunks: bytes) -> bytes:
    png = encode(_fill(60, 60))
    return png[:33] + chunks + png[33:]


def _put_into_jpeg(segments: bytes) -> bytes:
    jpeg = encode(_fill(60, 60), "JPEG")
    return jpeg[:2] + segments + jpeg[2:]


def _put_into_gif(extension: bytes) -> bytes:
    gif = encode(_fill(60, 60), "GIF")
    start = 13 + (3 << (gif[10] & 7) + 1)
    return gif[:start] + extension + gif[start:]


def _make_directory() -> bytes:
    """Return EXIF data of 60 kB whose 5,000 entries all hold the same 60 kB."""
    entries = 5000
    header = b"II*\0" + struct.pack("<IH", 8, entries)
    return header + struct.pack("<HHII", 40_000, 7, 12 * entries, 0) * entries


def _make_exif_jpeg() -> bytes:
    exif = b"Exif\0\0" + _make_directory()
    return _put_into_jpeg(b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif)


def _make_tiff_of_tables() -> bytes:
    entries = [(256, 3, 1, 60), (257, 3, 1, 60), (258, 4, 3_900_000, 8), (274, 4, 3_900_000, 8)]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", _FILE - 100) + bytes(_FILE - 108) + directory + bytes(4)


def _make_tiff_of_one_tile() -> bytes:
    """Return a small TIFF in a tile of 900 megapixels."""
    side, content = 30_000, zlib.compress(bytes(1000) * 900_000, 9)
    entries = [
        *((256, 3, 1, 60), (257, 3, 1, 60), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1)),
        *((322, 4, 1, side), (323, 4, 1, side), (324, 4, 1, 8), (325, 4, 1, len(content))),
    ]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8 + len(content)) + content + directory + bytes(4)


def _make_many_scans() -> bytes:
    jpeg = encode(_fill(4000, 4000), "JPEG", progressive=True)
    start = jpeg.index(b"\xff\xda")
    end = jpeg.index(b"\xff\xc4", start)
    return jpeg[:start] + jpeg[start:end] * min(1000, _FILE // (end - start)) + jpeg[start:]


def _make_runs() -> bytes:
    """Return a BMP of one row whose runs skip 255 rows of 25 million pixels."""
    bmp = bytearray(encode(Image.new("P", (60, 60)), "BMP"))
    bmp[18:26] = struct.pack("<II", 25_000_000, 1)
    bmp[30:34] = struct.pack("<I", 1)
    return bytes(bmp) + b"\0\x02\xff\xff" * 4


FILES: Final[dict[str, Callable[[], bytes]]] = {
    "RGB PNG, 25 MP": lambda: encode(_fill(_SIDE, _SIDE, 3)),
    "RGBA PNG of noise, 25 MP": lambda: encode(_draw_noise(_SIDE, _SIDE, 4)),
    "16-bit PNG, 25 MP": lambda: encode(_fill(_SIDE, _SIDE).astype(np.uint16)),
    "palette PNG of noise, 25 MP": lambda: encode(_make_palette()),
    "RGBA PNG of 25,000,000×1": lambda: encode(_fill(1, 25_000_000, 4)),
    "PNG of 1×25,000,000": lambda: encode(_fill(25_000_000, 1)),
    "GIF of noise, 25 MP": lambda: encode(_make_palette(), "GIF"),
    "animated GIF, 25 MP": lambda: encode(
        Image.fromarray(_fill(_SIDE, _SIDE)), "GIF", save_all=True, append_images=[_make_palette()]
    ),
    "BMP, 5 MP": lambda: encode(_fill(2300, 2300, 3), "BMP"),
    "WebP, 25 MP": lambda: encode(_fill(_SIDE, _SIDE, 3), "WEBP", method=0),
    "WebP of noise, 5 MP": lambda: encode(_draw_noise(2200, 2200, 3, levels=255), "WEBP", method=0),
    "lossless WebP of noise, 5 MP": lambda: encode(
        _draw_noise(2200, 2200, 4, levels=16), "WEBP", method=0, lossless=True
    ),
    "gray TIFF, 25 MP": lambda: encode(_fill(_SIDE, _SIDE), "TIFF", compression="tiff_lzw"),
    "RGB TIFF, 9 MP": lambda: encode(_fill(3000, 3000, 3), "TIFF", compression="tiff_lzw"),
    "RGB TIFF, 9 MP, to be turned": lambda: encode(
        _fill(3000, 3000, 3), "TIFF", compression="tiff_lzw", tiffinfo={274: 6}
    ),
    "RGB TIFF of JPEG, 8 MP": lambda: encode(_fill(2880, 2880, 3), "TIFF", compression="jpeg"),
    "float TIFF, 25 MP": lambda: encode(_fill(_SIDE, _SIDE).astype(np.float32), "TIFF", compression="tiff_lzw"),
    "float TIFF of noise, 8 MP": lambda: encode(
        _draw_noise(2880, 2880).astype(np.float32), "TIFF", compression="tiff_lzw"
    ),
    "JPEG of 30,000×30,000": lambda: encode(_fill(30_000, 30_000), "JPEG"),
    "JPEG of 65,000×20,000": lambda: encode(_fill(20_000, 65_000), "JPEG", quality=10),
    "progressive JPEG of 20,000×20,000": lambda: encode(_fill(20_000, 20_000), "JPEG", progressive=True),
    "progressive JPEG of noise, 17 MP": lambda: encode(
        _draw_noise(4100, 4100, 3, levels=255), "JPEG", progressive=True, subsampling=0, quality=40
    ),
    "progressive JPEG in CMYK, 8 MP": lambda: encode(
        Image.fromarray(_draw_noise(2900, 2900, 3, levels=255)).convert("CMYK"),
        "JPEG",
        progressive=True,
        quality=40,
    ),
    "PNG of 65,535×381": lambda: encode(_draw_noise(381, 65_535, 3, levels=255)),
    "RGBA PNG of 65,535×381": lambda: encode(_draw_noise(381, 65_535, 4, levels=16)),
    "progressive gray JPEG, 50 MP": lambda: encode(_fill(7000, 7000), "JPEG", progressive=True),
    "PNG of a million chunks": lambda: _put_into_png(_chunk(b"teSt", b"") * (_FILE // 12)),
    "PNG of compressed texts": lambda: _put_into_png(
        _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000), 9)) * 60
    ),
    "PNG of EXIF data": lambda: _put_into_png(_chunk(b"eXIf", _make_directory())),
    "JPEG of a million segments": lambda: _put_into_jpeg(b"\xff\xfe\0\x02" * (_FILE // 4)),
    "JPEG of junk": lambda: _put_into_jpeg(b"\xff\xfe\0\x02" + bytes(_FILE)),
    "JPEG of fill bytes": lambda: _put_into_jpeg(b"\xff" * _FILE),
    "JPEG of EXIF data": _make_exif_jpeg,
    "JPEG of a thousand scans": _make_many_scans,
    "GIF of a long comment": lambda: _put_into_gif(b"\x21\xfe" + (b"\xff" + bytes(255)) * 62_000 + b"\0"),
    "GIF of tiny comments": lambda: _put_into_gif(b"\x21\xfe\x01a\0" * (_FILE // 5)),
    "TIFF of long tables": _make_tiff_of_tables,
    "TIFF of one huge tile": _make_tiff_of_one_tile,
    "BMP of runs": _make_runs,
    "HEIC, 12 MP": lambda: make_grid(12, 15),
    "HEIC, 24 MP": lambda: make_grid(23, 17, size=(5712, 4284)),
    "HEIC of tiles that lie": lambda: make_grid(12, 15, said=(64, 64)),
    "AVIF, 12 MP": lambda: encode(_fill(3500, 3500, 3), "AVIF", speed=10, subsampling="4:4:4"),
    "transparent AVIF, 11 MP": lambda: encode(_fill(3350, 3350, 4), "AVIF", speed=10),
    "AVIF of noise, 6 MP": lambda: encode(_draw_noise(2400, 2400, 3, levels=255), "AVIF", speed=10, quality=55),
    "red JPEG of 5,000×5,000 on green": lambda: encode(_draw_stripes(_SIDE), "JPEG"),
    "red PNG of 5,000×5,000 on green": lambda: encode(_draw_stripes(_SIDE)),
    "progressive JPEG in color, 35 MP": lambda: encode(_draw_stripes(5900), "JPEG", progressive=True),
}
"""By what each is: a function that makes it. MP: megapixels."""
