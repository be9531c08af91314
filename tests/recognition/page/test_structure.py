"""Files that are built to be slow are refused by their structure, and those that programs make are not."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from recognition import ImageTooLarge, UnreadableImage
from recognition.page.structure import check_structure
from tests.bench.hostile_files import FILES
from tests.recognition.page.paper import encode_picture


@pytest.mark.parametrize(
    "name",
    [
        "PNG of a million chunks",
        "PNG of compressed texts",
        "JPEG of a million segments",
        "JPEG of junk",
        "JPEG of fill bytes",
        "JPEG of EXIF data",
        "GIF of a long comment",
        "GIF of tiny comments",
        "TIFF of long tables",
    ],
)
def test_files_of_too_many_pieces_are_refused(name: str) -> None:
    with pytest.raises(UnreadableImage):
        check_structure(FILES[name]())


def test_a_large_jpeg_is_refused_only_if_it_has_several_scans() -> None:
    picture = Image.new("L", (12_000, 9_000), 200)
    check_structure(encode_picture(picture, "JPEG"))
    with pytest.raises(ImageTooLarge, match="progressive"):
        check_structure(encode_picture(picture, "JPEG", progressive=True))


def test_a_progressive_jpeg_in_colors_for_print_may_have_fewer_pixels() -> None:
    picture = Image.new("RGB", (3500, 3500), (200, 190, 180))
    check_structure(encode_picture(picture, "JPEG", progressive=True, subsampling=0))
    with pytest.raises(ImageTooLarge, match="8 megapixels"):
        check_structure(encode_picture(picture.convert("CMYK"), "JPEG", progressive=True))


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    jpeg = encode_picture(Image.new("L", (2000, 2000), 200), "JPEG", progressive=True)
    start = jpeg.index(b"\xff\xda")
    end = jpeg.index(b"\xff\xc4", start)
    check_structure(jpeg)
    with pytest.raises(UnreadableImage):
        check_structure(jpeg[:start] + jpeg[start:end] * 1000 + jpeg[start:])


def make_photo(**options: object) -> bytes:
    """Return a JPEG with a preview and all the data that cameras write."""
    rng = np.random.default_rng(0)
    picture = Image.fromarray(rng.integers(0, 255, (400, 600, 3), dtype=np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8769)[0x9286] = b"a comment" * 2000
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.5)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif, icc_profile=bytes(300_000), comment=b"hello", **options)
    return buffer.getvalue()


def make_tiff_of_strips() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (50, 60_000), "white").save(buffer, "TIFF", compression="tiff_lzw", strip_size=150)
    return buffer.getvalue()


def make_png_with_more_behind_it() -> bytes:
    return encode_picture(Image.new("L", (60, 60), 200)) + bytes(1_000_000)


FROM_PROGRAMS: dict[str, Callable[[], bytes]] = {
    "a photo": make_photo,
    "a progressive photo": lambda: make_photo(progressive=True),
    "a PNG with more behind it": make_png_with_more_behind_it,
    "a TIFF of many strips": make_tiff_of_strips,
    "an animation": lambda: encode_picture(
        Image.new("L", (99, 99)),
        "GIF",
        save_all=True,
        append_images=[Image.new("L", (99, 99), 9)],
        comment=b"x" * 999,
    ),
}


@pytest.mark.parametrize("name", FROM_PROGRAMS)
def test_files_that_programs_make_are_not_refused(name: str) -> None:
    check_structure(FROM_PROGRAMS[name]())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF"])
def test_the_beginning_of_a_file_is_refused_or_left_to_the_decoder(kind: str) -> None:
    data = encode_picture(Image.new("L", (40, 30), 200), kind)
    for length in range(len(data)):
        try:
            check_structure(data[:length])
        except UnreadableImage as error:
            assert str(error)


def test_values_that_share_their_bytes_are_counted_once_for_each_entry() -> None:
    entries = struct.pack("<HHII", 40_000, 7, 1000, 0) * 2000
    with pytest.raises(UnreadableImage):
        check_structure(b"II*\0" + struct.pack("<IH", 8, 2000) + entries)
