"""Sets of pictures."""

from __future__ import annotations

from pathlib import Path

from recognition.render import render
from training.datasets.pictures import load_emnist
from training.datasets.strokes import StrokeSet
from training.recipes.data_mix import load_emnist_letters


def test_the_archive_of_emnist_is_read_upright(archive: Path, drawings: StrokeSet) -> None:
    lines = render(drawings.strokes)[..., 0]
    for part in ("train", "test"):
        pictures = load_emnist(archive, part)
        assert (pictures.images == lines).all()
        assert (pictures.labels == drawings.labels).all()
    letters = load_emnist_letters(archive)
    assert [source.name for source in letters.sources] == ["EMNIST ByClass, letters"]
    assert len(letters.test) == (drawings.labels >= 10).sum()
