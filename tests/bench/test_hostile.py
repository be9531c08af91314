"""No hostile picture takes much memory or work. A shortened version of the search."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition import Recognizer, TextureNotWriting
from recognition.alphabets import CLASSES
from recognition.model.calibration import Scores
from recognition.page.limits import MOST_RUNS_OF_LOOKS
from recognition.page.segment import MOST_CHARACTERS
from recognition.render import Images
from tests.bench.hostile import MOST_MEMORY_MB, measure
from tests.bench.hostile_files import FILES
from tests.bench.hostile_pictures import FAMILIES, Family, tile_marks

pytestmark = pytest.mark.slow

on_linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured as Linux says it")


@pytest.mark.slow
@on_linux
@pytest.mark.parametrize(
    "name",
    ["RGB PNG, 25 MP", "16-bit PNG, 25 MP", "WebP of noise, 5 MP", "float TIFF of noise, 8 MP"],
)
def test_no_file_takes_much_memory(name: str) -> None:
    assert measure(name, FILES[name]()).memory_mb <= MOST_MEMORY_MB


@pytest.mark.slow
@on_linux
@pytest.mark.parametrize("make", FAMILIES, ids=lambda make: make.__name__)
def test_no_picture_takes_much_memory(make: Family) -> None:
    cost = measure(*make(np.random.default_rng(3)))
    assert cost.memory_mb <= MOST_MEMORY_MB
    assert cost.code in (None, "too_many_marks", "image_too_large")
    assert (cost.characters or 0) <= MOST_CHARACTERS


@pytest.mark.parametrize("make", FAMILIES, ids=lambda make: make.__name__)
def test_the_model_is_not_asked_more_often_than_is_allowed(make: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model takes most of the time, so its calls are counted: time depends on the machine."""
    _, data = make(np.random.default_rng(5))
    recognizer = Recognizer.load()
    looks = 0

    def count_look(_image: Images, *, may_repeat: bool) -> Scores:
        nonlocal looks
        looks += 1 + may_repeat
        return np.full(len(CLASSES), -10.0)  # never clear

    monkeypatch.setattr(recognizer._model, "compute_scores", count_look)
    try:
        characters = recognizer.read_image(data)
    except TextureNotWriting:
        characters = []
    assert len(characters) <= MOST_CHARACTERS
    assert looks <= MOST_RUNS_OF_LOOKS + MOST_CHARACTERS + 2


def test_a_texture_is_refused_and_a_full_page_is_not() -> None:
    recognizer = Recognizer.load()
    with pytest.raises(TextureNotWriting, match="texture"):
        recognizer.read_image(tile_marks(100, 90))
    with pytest.raises(TextureNotWriting, match="texture"):
        recognizer.read_image(tile_marks(60, 50))
    assert 2300 <= len(recognizer.read_image(tile_marks(60, 40))) <= MOST_CHARACTERS
