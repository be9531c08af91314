"""The bundled gallery: its drawings are read correctly, and the nearest ones are found."""

from __future__ import annotations

from typing import Final

import numpy as np

from recognition import Recognizer
from recognition.alphabets import CLASSES
from recognition.explain.gallery import GALLERY_FILE, load_bundled_gallery
from recognition.render import render
from recognition.strokes import join_batches, parse_strokes
from tests.strokes import Samples, get_own_alphabet

LARGEST_GALLERY: Final = 300_000
"""Bytes that the gallery may add to the repository."""


def test_the_drawings_are_read_correctly(recognizer: Recognizer) -> None:
    assert GALLERY_FILE.stat().st_size <= LARGEST_GALLERY
    assert (GALLERY_FILE.parent / "LICENSE.md").is_file()
    is_right = []
    for character in CLASSES:
        known = load_bundled_gallery().get_drawings(character)
        assert len(known) >= 8
        alphabet = get_own_alphabet(character)
        is_right += [prediction.label == character for prediction in recognizer.recognize_many(known, alphabet)]
    assert np.mean(is_right) >= 0.97


def test_a_drawing_of_the_gallery_finds_itself_when_it_is_drawn_again() -> None:
    gallery = load_bundled_gallery()
    random = np.random.default_rng(4)
    for character in "7gQi":
        for drawing in gallery.get_drawings(character):
            redrawn = [0.4 * stroke + 300 + random.normal(0, 4, stroke.shape) for stroke in drawing]
            image = render(join_batches([parse_strokes(redrawn)]))[0]
            nearest = gallery.find_nearest(character, image, 3)
            assert nearest[0] is drawing
            assert len(nearest) == 3


def test_examples_are_of_the_character(recognizer: Recognizer, samples: Samples) -> None:
    rival = recognizer.explain(samples.get("Q")[0].strokes).rival
    drawings = load_bundled_gallery().get_drawings(rival.label)
    assert set(map(id, rival.examples)) <= set(map(id, drawings))
