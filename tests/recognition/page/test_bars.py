"""Which marks along the edges of a screenshot are its bars."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from recognition.page.bars import find_bars, is_flat
from recognition.page.binarize import binarize
from tests.recognition.page.paper import write_page
from tests.strokes import Samples


def _draw_screen(samples: Samples, text: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    screen = Image.new("L", (400, 700), 255)
    screen.paste(write_page(samples, text, height=110, gap=0.3, paper=255, ink=20).picture, (20, 250))
    return screen, ImageDraw.Draw(screen)


def test_the_clock_and_icons_of_a_phone_are_no_ink(samples: Samples) -> None:
    screen, pen = _draw_screen(samples, "23")
    plain = binarize(np.asarray(screen))
    for left, width in ((14, 8), (26, 8), (38, 8), (366, 22)):
        pen.rectangle((left, 10, left + width, 22), fill=30)
    for number in range(5):
        left = 30 + 80 * number
        pen.ellipse((left, 655, left + 22, 677), outline=40, width=4)
    ink = binarize(np.asarray(screen))
    assert plain is not None and ink is not None
    assert len(ink.boxes) == len(plain.boxes)


def test_a_line_of_writing_at_the_top_is_no_bar(samples: Samples) -> None:
    picture = write_page(samples, "abcdef\nnumber\n123456", height=60, paper=255, ink=20).picture
    pixels = np.asarray(picture)
    assert is_flat(pixels)
    ink = binarize(pixels)
    assert ink is not None
    assert not find_bars(ink.boxes, pixels.shape).any()
    assert ink.boxes[:, 1].min() < pixels.shape[0] / 3
