"""What of a picture is the page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import process_time

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from recognition import Recognizer
from recognition.page.images import Gray
from recognition.page.sheet import find_sheet
from recognition.page.transform import Transform
from tests.recognition.page.paper import (
    CORNERS,
    add_grain,
    add_rulings,
    compute_middles,
    encode_picture,
    lay_on_desk,
    write_page,
)
from tests.strokes import Samples

TEXT = "2024"


def make_wood(width: int = 800, height: int = 480) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    grain = 90 + 14 * np.sin(y / 6 + 3 * np.sin(x / 130)) + np.random.default_rng(5).normal(0, 4, x.shape)
    return Image.fromarray(grain.clip(0, 255).astype(np.uint8))


def put_in_window(page: Image.Image) -> Image.Image:
    window = ImageOps.expand(page, (70, 90, 40, 60), fill=250)
    pen = ImageDraw.Draw(window)
    pen.rectangle((0, 0, window.width, 40), fill=150)
    pen.rounded_rectangle((60, 8, window.width - 60, 32), 6, fill=235)
    pen.text((70, 14), "http://localhost:8000/draw", fill=60)
    return window


def cut_corner(page: Image.Image) -> Image.Image:
    wide = ImageOps.expand(page, 40, fill=225)
    ImageDraw.Draw(wide).polygon([(0, 0), (80, 0), (0, 60)], fill=20)
    return wide


def throw_shadow(page: Image.Image) -> Image.Image:
    """Return a page on a desk, with a shadow whose edge crosses both."""
    picture = np.asarray(lay_on_desk(page, make_wood())).astype(np.float64)
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]]
    return Image.fromarray((picture * np.where(x + y / 3 < 480, 1, 0.6)).astype(np.uint8))


def lay_things_beside(page: Image.Image) -> Image.Image:
    """Return a page on a desk, with things beside two of its sides that are as bright as it is."""
    desk = Image.new("L", (800, 480), 60)
    pen = ImageDraw.Draw(desk)
    pen.rectangle((60, 180, 200, 260), fill=225)
    pen.ellipse((350, 320, 460, 430), fill=225)
    return lay_on_desk(page, desk)


SURROUNDINGS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "a dark desk": lambda page: lay_on_desk(page, Image.new("L", (800, 480), 40)),
    "a wooden desk": lambda page: add_grain(lay_on_desk(page, make_wood())),
    "a lighter desk": lambda page: lay_on_desk(page, Image.new("L", (800, 480), 252)),
    "a blackboard on a wall": lambda page: lay_on_desk(ImageOps.invert(page), Image.new("L", (800, 480), 200)),
    "ruled paper on a desk": lambda page: lay_on_desk(add_rulings(page), make_wood()),
    "a desk on which the page reaches out of the picture": lambda page: lay_on_desk(
        page, Image.new("L", (800, 480), 60), CORNERS + np.array([-150.0, -80.0])
    ),
    "a frame of one pixel": lambda page: ImageOps.expand(page, 1, fill=0),
    "a thick frame": lambda page: ImageOps.expand(page, 9, fill=0),
    "two frames": lambda page: ImageOps.expand(ImageOps.expand(ImageOps.expand(page, 3, 0), 7, 225), 2, 0),
    "a frame with paper around it": lambda page: ImageOps.expand(ImageOps.expand(page, 3, 0), 20, 225),
    "a dark margin on all sides": lambda page: ImageOps.expand(page, 60, fill=0),
    "a dark margin on one side": lambda page: ImageOps.expand(page, (30, 0, 0, 0), fill=0),
    "dark margins on two sides": lambda page: ImageOps.expand(page, (0, 25, 40, 0), fill=10),
    "a white page around a black canvas": lambda page: ImageOps.expand(ImageOps.invert(page), 50, fill=255),
    "a window of a browser": put_in_window,
    "a window around a black canvas": lambda page: put_in_window(ImageOps.invert(page)),
    "a dark corner": cut_corner,
    "a desk, with a shadow on it and on the page": throw_shadow,
    "a desk, with bright things beside the page": lay_things_beside,
}


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_what_is_around_a_page_is_not_read(recognizer: Recognizer, samples: Samples, surroundings: str) -> None:
    page = write_page(samples, TEXT, height=90, gap=0.4)
    picture = SURROUNDINGS[surroundings](page.picture)
    characters = recognizer.read_image(encode_picture(picture), "digits")
    assert "".join(character.prediction.label for character in characters) == TEXT
    assert not find_sheet(np.asarray(picture)).to_picture.is_identity


def test_boxes_are_where_the_characters_are_in_the_picture(recognizer: Recognizer, samples: Samples) -> None:
    page = write_page(samples, TEXT, height=90, gap=0.4)
    picture = lay_on_desk(page.picture, Image.new("L", (800, 480), 40))
    to_picture = Transform.make_from_corners(*page.picture.size, CORNERS)
    middles = to_picture.map_points(np.array(compute_middles(page.boxes)))
    characters = recognizer.read_image(encode_picture(picture), "digits")
    for character, (x, y) in zip(characters, middles, strict=True):
        left, top, width, height = character.box
        assert left < x < left + width and top < y < top + height
        assert abs(left + width / 2 - x) < 12 and abs(top + height / 2 - y) < 12


def draw_character(character: str, samples: Samples, height: int, pen: float, margin: float) -> Gray:
    """Return a picture of one character, close around it or not, with a pen as wide as this part of its height."""
    strokes = samples.get(character)[0].scale_to_unit()
    extent = np.concatenate(strokes).max(axis=0)
    around = margin + pen / 2
    size = np.ceil(height * (extent + 2 * around)).astype(int).tolist()
    picture = Image.new("L", tuple(size), 230)
    brush = ImageDraw.Draw(picture)
    radius = height * pen / 2
    for stroke in strokes:
        path = [tuple(height * (point + around)) for point in stroke]
        brush.line(path, fill=30, width=round(2 * radius), joint="curve")
        for x, y in path:
            brush.ellipse((x - radius, y - radius, x + radius, y + radius), fill=30)
    return np.asarray(picture)


@pytest.mark.parametrize(("pen", "margin"), [(0.1, 0.0), (0.1, 0.3), (0.3, 0.02), (0.3, 0.4)])
def test_a_character_alone_is_no_surface_on_a_page(samples: Samples, pen: float, margin: float) -> None:
    for height in (50, 200):
        for character in "017DLo":
            gray = draw_character(character, samples, height, pen, margin)
            for picture in (gray, 255 - gray):
                assert find_sheet(picture).to_picture.is_identity, (character, height)


@pytest.mark.parametrize("thickness", [4, 9])
def test_a_box_of_a_row_is_no_page(samples: Samples, thickness: int) -> None:
    page = write_page(samples, TEXT, height=60, gap=0.8)
    pen = ImageDraw.Draw(page.picture)
    middles = [x for x, _ in compute_middles(page.boxes)]
    walls = [1.5 * middles[0] - 0.5 * middles[1], *np.add(middles[1:], middles[:-1]) / 2]
    walls.append(2 * middles[-1] - walls[-1])
    top, bottom = min(box[1] for box in page.boxes) - 22, max(box[3] for box in page.boxes) + 22
    for left, right in pairwise(walls):
        pen.rectangle((left, top, right + thickness - 1, bottom), outline=30, width=thickness)
    assert find_sheet(np.asarray(page.picture)).to_picture.is_identity


def test_a_page_of_writing_is_the_whole_picture(samples: Samples) -> None:
    page = write_page(samples, "The quick brown fox\njumps over 13 lazy dogs\nand 2468 JUGS 9750").picture
    for picture in (page, add_rulings(page), add_rulings(page, squares=True), add_grain(page)):
        assert find_sheet(np.asarray(picture)).to_picture.is_identity


def light(page: Image.Image, angle: float, place: float, softness: float) -> Gray:
    """Return a page of which one part, beyond a soft edge, is in bright light."""
    levels = np.asarray(page).astype(np.float64)
    y, x = np.mgrid[0 : page.height, 0 : page.width] / max(page.size)
    depth = (x - 0.5) * np.cos(angle) + (y - 0.5 * page.height / max(page.size)) * np.sin(angle) - place
    share = 0.55 + 0.45 / (1 + np.exp(-depth / softness))
    return np.asarray(levels * share, dtype=np.uint8)


@pytest.mark.parametrize(
    ("angle", "place", "softness"), [(1.7, 0.15, 0.02), (1.7, -0.2, 0.012), (5.2, 0.0, 0.012)]
)
def test_a_patch_of_light_is_no_page(samples: Samples, angle: float, place: float, softness: float) -> None:
    page = write_page(samples, TEXT, height=90, gap=0.4).picture
    assert find_sheet(light(page, angle, place, softness)).to_picture.is_identity


def test_a_picture_without_a_page_does_not_take_long() -> None:
    random = np.random.default_rng(9)
    y, x = np.mgrid[0:1000, 0:1000]
    nested = np.where(np.minimum(np.minimum(x, 999 - x), np.minimum(y, 999 - y)) // 5 % 2, 230, 20)
    hostile = {
        "noise": random.integers(0, 256, (1000, 1000)),
        "checkerboard": (x // 9 + y // 9) % 2 * 255,
        "large checkerboard": (x // 250 + y // 250) % 2 * 255,
        "nested frames": nested,
        "a strip": random.integers(0, 256, (4, 60_000)),
    }
    for name, picture in hostile.items():
        gray = picture.astype(np.uint8)
        start = process_time()
        find_sheet(gray)
        # A bound, not a measurement: what is not bounded takes minutes.
        assert process_time() - start < 5, name


def test_a_frame_is_no_picture_of_blocks(samples: Samples) -> None:
    page = ImageOps.expand(write_page(samples, "7", height=60).picture, 30, fill=0)
    sheet = find_sheet(np.asarray(page))
    left, top = sheet.to_picture.map_points(np.zeros((1, 2)))[0].astype(int)
    height, width = sheet.gray.shape
    assert np.array_equal(sheet.gray, np.asarray(page)[top : top + height, left : left + width])


@pytest.mark.parametrize("desk", [(18, 38, 45), (50, 80, 40)])
def test_the_color_of_a_desk_does_not_hide_the_ink(
    recognizer: Recognizer, samples: Samples, desk: tuple[int, int, int]
) -> None:
    gray = np.asarray(write_page(samples, "24", height=90, gap=0.4).picture).astype(np.float64)
    ink, paper = np.array([40, 40, 60]), np.array([240, 250, 242])
    page = Image.fromarray((ink + (paper - ink) * (gray[..., None] / 225).clip(0, 1)).astype(np.uint8))
    picture = lay_on_desk(page, Image.new("RGB", (800, 480), desk))
    characters = recognizer.read_image(encode_picture(picture), "digits")
    assert "".join(character.prediction.label for character in characters) == "24"
