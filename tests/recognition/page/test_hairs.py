"""The straight strokes of a thin pen are no rulings."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition import Recognizer
from tests.recognition.page.paper import encode_picture
from tests.strokes import Samples


def draw_thinly(samples: Samples, text: str, height: int, pen: int) -> Image.Image:
    picture = Image.new("L", (int(height * (1.4 * len(text) + 1)), 2 * height), 235)
    brush = ImageDraw.Draw(picture)
    x = height / 2
    for character in text:
        strokes = samples.get(character)[0].scale_to_unit()
        for stroke in strokes:
            brush.line([tuple(point * height + (x, height / 2)) for point in stroke], fill=30, width=pen)
        x += height * (np.concatenate(strokes)[:, 0].max() + 0.4)
    return picture


@pytest.mark.parametrize("text", ["2471", "104"])
def test_straight_strokes_of_a_thin_pen_are_read(recognizer: Recognizer, samples: Samples, text: str) -> None:
    picture = draw_thinly(samples, text, height=200, pen=3)
    characters = recognizer.read_image(encode_picture(picture), "digits")
    assert "".join(character.prediction.label for character in characters) == text


def test_a_ruling_beside_thin_writing_is_not_read(recognizer: Recognizer, samples: Samples) -> None:
    picture = draw_thinly(samples, "205", height=200, pen=3)
    brush = ImageDraw.Draw(picture)
    brush.line((0, 330, picture.width, 330), fill=120, width=2)
    brush.line((60, 0, 60, picture.height), fill=120, width=2)
    characters = recognizer.read_image(encode_picture(picture), "digits")
    assert "".join(character.prediction.label for character in characters) == "205"
