"""Pages of real handwriting on synthetic paper."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from recognition import Character, Recognizer, compose_text, read_image_size
from recognition.alphabets import get_look_alikes
from recognition.page.binarize import binarize
from recognition.page.images import Box
from tests.recognition.page.paper import (
    SYMBOLS,
    Page,
    add_grain,
    add_rulings,
    add_shadow,
    compute_middles,
    draw_symbols,
    encode_picture,
    write_page,
)
from tests.strokes import Samples

TEXT = "The quick brown fox\njumps over 13 lazy dogs\nand 2468 JUGS 9750\nvex bad nymph wizards"

PAPERS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "plain": lambda page: page,
    "ruled": add_rulings,
    "squared": lambda page: add_rulings(page, squares=True),
    "shaded": add_shadow,
    "blurred and grainy": add_grain,
    "all at once": lambda page: add_grain(add_shadow(add_rulings(page, squares=True))),
    "a blackboard": ImageOps.invert,
}


def read_page(recognizer: Recognizer, picture: Image.Image) -> list[Character]:
    """Read a page, and check that its boxes are inside the picture and hardly overlap."""
    data = encode_picture(picture)
    characters = recognizer.read_image(data)
    width, height = read_image_size(data)
    for character in characters:
        x, y, w, h = character.box
        assert x >= 0 and y >= 0 and w > 0 and h > 0
        assert x + w <= width and y + h <= height
    for before, after in pairwise(characters):
        assert _measure_overlap(before.box, after.box) < 0.9 * min(
            _measure_area(before.box), _measure_area(after.box)
        )
    return characters


def compose(characters: list[Character]) -> str:
    """Return what was read as a text."""
    return compose_text(
        [character.prediction.label for character in characters], [character.box for character in characters]
    )


def match_labels(page: Page, characters: list[Character]) -> list[str | None]:
    """Return the label of each character of the page, or None if it was missed, cut or joined."""
    reach = 0.3 * 60
    labels: list[str | None] = []
    for left, top, right, bottom in page.boxes:
        fits = [
            character.prediction.label
            for character in characters
            for x, y, w, h in [character.box]
            if np.abs(np.array([x - left, y - top, x + w - right, y + h - bottom])).max() <= reach
        ]
        labels.append(fits[0] if len(fits) == 1 else None)
    return labels


@pytest.mark.parametrize("paper", PAPERS)
def test_a_page_is_read(recognizer: Recognizer, samples: Samples, paper: str) -> None:
    page = write_page(samples, TEXT)
    characters = read_page(recognizer, PAPERS[paper](page.picture))
    labels = match_labels(page, characters)
    truth = TEXT.replace(" ", "").replace("\n", "")
    assert sum(label is None for label in labels) <= 0.06 * len(truth)
    right = sum(
        label is not None and label in get_look_alikes(true, "any")
        for label, true in zip(labels, truth, strict=True)
    )
    assert right >= 0.75 * len(truth)
    assert len(characters) <= 1.06 * len(truth)
    text = compose(characters)
    assert text.count("\n") == TEXT.count("\n")
    if len(characters) == len(truth):
        assert [len(line.replace(" ", "")) for line in text.split("\n")] == [
            len(line.replace(" ", "")) for line in TEXT.split("\n")
        ]


@pytest.mark.parametrize("degrees", [-4, 4])
def test_rising_and_falling_lines_are_found(recognizer: Recognizer, samples: Samples, degrees: int) -> None:
    page = write_page(samples, TEXT)
    characters = read_page(recognizer, page.picture.rotate(degrees, fillcolor=225))
    text = compose(characters)
    assert [
        abs(len(line.replace(" ", "")) - len(true.replace(" ", ""))) <= 2
        for line, true in zip(text.split("\n"), TEXT.split("\n"), strict=True)
    ] == [True] * 4


def test_symbols_are_signs_or_unsure_characters(recognizer: Recognizer, samples: Samples) -> None:
    are_sure = [character.is_sure for character in read_page(recognizer, write_page(samples, TEXT).picture)]
    assert np.mean(are_sure) >= 0.85
    page = recognizer.read_page(encode_picture(draw_symbols()))
    assert len(page.signs) + len(page.characters) >= len(SYMBOLS)
    assert len(page.signs) >= len(SYMBOLS) / 2
    assert sum(character.is_sure for character in page.characters) <= len(SYMBOLS) / 4


def test_words_are_separated(recognizer: Recognizer, samples: Samples) -> None:
    page = write_page(samples, "BAD DOG\nGOOD CAT")
    characters = read_page(recognizer, page.picture)
    text = compose(characters)
    assert [[len(word) for word in line.split(" ")] for line in text.split("\n")] == [[3, 3], [4, 3]]


@pytest.mark.parametrize("text", ["42", "CAT", "1357"])
def test_commas_are_no_parts_of_characters(recognizer: Recognizer, samples: Samples, text: str) -> None:
    page = write_page(samples, text, gap=0.6)
    pen = ImageDraw.Draw(page.picture)
    for before, after in pairwise(page.boxes):
        x, y = (before[2] + after[0]) / 2, max(before[3], after[3])
        pen.line([(x + 3, y - 6), (x + 3, y), (x - 2, y + 9)], 45, 6)
    read = recognizer.read_page(encode_picture(page.picture))
    assert len(read.signs) == len(text) - 1
    assert read.text == " ".join(text)


def test_boxes_are_in_pixels_of_the_upright_picture(recognizer: Recognizer, samples: Samples) -> None:
    page = write_page(samples, "HEN\nPAW", height=180)
    exif = Image.Exif()
    exif[0x0112] = 8
    data = encode_picture(page.picture.rotate(-90, expand=True), "JPEG", exif=exif, quality=90)
    assert read_image_size(data) == page.picture.size
    characters = recognizer.read_image(data, "upper")
    assert [character.prediction.label for character in characters] == list("HENPAW")
    for character, (x, y) in zip(characters, compute_middles(page.boxes), strict=True):
        left, top, width, height = character.box
        assert left <= x <= left + width and top <= y <= top + height


@pytest.mark.parametrize("character", ["i", "j", "B", "H", "K", "W", "m", "0"])
@pytest.mark.parametrize("height", [24, 300])
def test_a_single_character_stays_one(
    recognizer: Recognizer, samples: Samples, character: str, height: int
) -> None:
    page = write_page(samples, character, height=height)
    (only,) = read_page(recognizer, page.picture)
    left, top, right, bottom = page.boxes[0]
    x, y, w, h = only.box
    assert np.abs(np.array([x - left, y - top, x + w - right, y + h - bottom])).max() <= max(6, 0.15 * height)


@pytest.mark.parametrize("gap", [0.15, 0.3, 0.5])
@pytest.mark.parametrize("text", ["42", "17", "605", "8391"])
def test_a_number_alone_is_as_many_characters(
    recognizer: Recognizer, samples: Samples, text: str, gap: float
) -> None:
    page = write_page(samples, text, gap=gap)
    characters = recognizer.read_image(encode_picture(page.picture), "digits")
    assert "".join(character.prediction.label for character in characters) == text


@pytest.mark.parametrize("character", ["4", "5", "8", "B", "H", "K", "R", "a", "n"])
@pytest.mark.parametrize("level", [0.35, 0.6])
def test_a_broken_character_stays_one(
    recognizer: Recognizer, samples: Samples, character: str, level: float
) -> None:
    """A gap of a pen's width goes through the whole character, as in a faint photo."""
    page = write_page(samples, character, height=80)
    left, top, right, bottom = page.boxes[0]
    y = top + level * (bottom - top)
    pen = ImageDraw.Draw(page.picture)
    pen.line([(left - 9, y + 3), (right + 9, y - 3)], fill=225, width=6)
    assert len(recognizer.read_image(encode_picture(page.picture))) == 1


def test_touching_characters_are_cut(recognizer: Recognizer, samples: Samples) -> None:
    page = write_page(samples, "2468\n1357", gap=0.08)
    page_ink = binarize(np.asarray(page.picture))
    assert page_ink is not None
    characters = read_page(recognizer, page.picture)
    assert len(page_ink.boxes) < 8 <= len(characters)
    assert sum(label is not None for label in match_labels(page, characters)) >= 6


def test_blank_ruled_paper_has_no_characters(recognizer: Recognizer) -> None:
    paper = Image.new("L", (1200, 900), 225)
    assert recognizer.read_image(encode_picture(add_grain(add_rulings(paper, squares=True)))) == []


def _measure_area(box: Box) -> int:
    return box[2] * box[3]


def _measure_overlap(a: Box, b: Box) -> int:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, width) * max(0, height)


@pytest.mark.parametrize("alphabet", ["any", "digits"])
@pytest.mark.parametrize("text", ["47\n47", "1\n1\n1\n1", "7\n7\n7\n7", "3\n8"])
def test_characters_below_each_other_are_no_broken_character(
    recognizer: Recognizer, samples: Samples, text: str, alphabet: str
) -> None:
    page = write_page(samples, text)
    assert len(recognizer.read_image(encode_picture(page.picture), alphabet)) == len(text.replace("\n", ""))
