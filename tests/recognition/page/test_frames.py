"""Files with several pages."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from recognition import Recognizer
from recognition.page.frames import count_frames
from tests.recognition.page.paper import encode_picture, write_page
from tests.strokes import Samples


def encode_pages(pages: list[Image.Image], kind: str) -> bytes:
    buffer = io.BytesIO()
    pages[0].save(buffer, kind, save_all=True, append_images=pages[1:])
    return buffer.getvalue()


def test_the_first_page_is_read_and_all_are_counted(recognizer: Recognizer, samples: Samples) -> None:
    pages = [write_page(samples, text).picture for text in ("42", "AB", "2468")]
    page = recognizer.read_page(encode_pages(pages, "TIFF"))
    assert (page.text, page.frames) == ("42", 3)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_single_page(kind: str) -> None:
    assert count_frames(encode_picture(Image.new("L", (9, 9)), kind)) == 1


def test_an_animation_has_no_pages() -> None:
    assert count_frames(encode_pages([Image.new("L", (9, 9), level) for level in (0, 99)], "GIF")) == 1


def test_a_tiff_that_goes_in_circles_or_ends_early() -> None:
    data = encode_pages([Image.new("L", (9, 9))] * 4, "TIFF")
    assert count_frames(data) == 4
    assert count_frames(data[: len(data) // 2]) < 4
    circle = b"II*\0" + (8).to_bytes(4, "little") + b"\0\0" + (8).to_bytes(4, "little")
    assert count_frames(circle) == 1


@given(st.sampled_from([b"II*\0", b"MM\0*", b""]), st.binary(max_size=60))
def test_any_bytes_are_counted(magic: bytes, rest: bytes) -> None:
    assert count_frames(magic + rest) >= 1
