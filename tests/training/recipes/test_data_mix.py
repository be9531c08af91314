"""The data of the recipes, on the small data folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition.page.segment import find_character
from training.datasets.pictures import PictureSet, load_emnist, load_mnist
from training.datasets.sources import DataMissing
from training.datasets.strokes import StrokeSet
from training.recipes.data_mix import load_all_characters, load_emnist_letters, load_mnist_digits


def test_the_mix_of_all_characters_separates_writers(data: Path) -> None:
    data_mix = load_all_characters(data)
    drawings, validation = data_mix.training[0], data_mix.validation
    assert isinstance(drawings, StrokeSet)
    assert isinstance(validation, StrokeSet)
    assert len(validation) > 0
    assert not set(validation.writers) & set(drawings.writers)
    assert [len(samples) > 0 for samples in data_mix.training] == [True] * 6
    assert "unipen62/val.npz" not in [file for source in data_mix.sources for file in source.files]


def test_each_original_mix_has_one_set(data: Path) -> None:
    digits = load_mnist_digits(data)
    assert digits.classes == "0123456789"
    assert [source.name for source in digits.sources] == ["MNIST"]
    assert (digits.validation.to_images()[..., 0] == load_mnist(data, "t10k").images).all()

    letters = load_emnist_letters(data)
    assert len(letters.classes) == 52
    assert min(*letters.training[0].labels, *letters.validation.labels) == 10
    share = len(letters.validation) / (len(letters.training[0]) + len(letters.validation))
    assert share == pytest.approx(0.2, abs=0.01)


def test_scans_are_trained_on_as_uploads_look(data: Path) -> None:
    scans = load_emnist(data)
    read = [find_character(picture) for picture, _ in scans.encode_pngs()]
    (training,) = (
        s for s in load_all_characters(data).training if isinstance(s, PictureSet) and len(s) == len(scans)
    )
    assert (training.images == np.stack([character.image for character in read if character])).all()
    assert (training.labels == scans.labels).all()


def test_missing_data_is_named_with_its_citation(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match=r"emnist/gzip\.zip"):
        load_emnist_letters(tmp_path)
    (tmp_path / "emnist").mkdir()
    (tmp_path / "emnist/byclass_sample.npz").touch()
    with pytest.raises(DataMissing, match=r"unipen62/train\.npz.*doi:10\.5281/zenodo\.1195803"):
        load_all_characters(tmp_path)
