"""A whole picture, as `Recognizer.read_page` reads it."""

from __future__ import annotations

import numpy as np
import pytest

from recognition import Recognizer, render_preview
from tests.recognition.page.paper import encode_picture, write_page
from tests.strokes import Samples


def test_a_page_has_text_size_and_characters(recognizer: Recognizer, samples: Samples) -> None:
    picture = write_page(samples, "2468\nAB ER").picture
    page = recognizer.read_page(encode_picture(picture))
    assert page.text == "2468\nAB ER"
    assert [character.prediction.label for character in page.characters] == list("2468ABER")
    assert (page.width, page.height) == picture.size
    assert (page.turn, page.frames) == (0, 1)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_person_can_turn_a_picture(recognizer: Recognizer, samples: Samples, turn: int) -> None:
    upright = write_page(samples, "2468\nAB ER").picture
    aside = upright.rotate(90 * turn, expand=True)
    page = recognizer.read_page(encode_picture(aside), turn=turn)
    assert (page.text, page.turn) == ("2468\nAB ER", turn)
    assert (page.width, page.height) == aside.size
    assert page.render_preview() == render_preview(encode_picture(aside))
    ink_aside, ink = (np.asarray(picture.convert("L")) for picture in (aside, upright))
    expected = recognizer.read_page(encode_picture(upright), turn=0).characters
    for (x, y, width, height), (left, top, across, down) in (
        (mark.box, upright_mark.box) for mark, upright_mark in zip(page.characters, expected, strict=True)
    ):
        part = np.rot90(ink_aside[y : y + height, x : x + width], -turn)
        assert np.array_equal(part, ink[top : top + down, left : left + across])


@pytest.mark.parametrize("turn", [-1, 4])
def test_a_wrong_turn_is_an_error(recognizer: Recognizer, turn: int) -> None:
    with pytest.raises(ValueError, match="0 to 3"):
        recognizer.read_page(b"", turn=turn)
