"""Sets of samples, their splits, their alterations and their batches."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognition.page.segment import find_character
from recognition.render import CHANNELS, SIZE, render
from training.augmentation.strokes import augment_images, augment_strokes
from training.datasets.pictures import PictureSet, load_emnist, load_mnist
from training.datasets.sources import DataMissing
from training.datasets.splits import split_unipen
from training.datasets.strokes import StrokeSet
from training.fit.batches import Batches
from training.recipes.data_mix import load_all_characters, load_emnist_letters, load_mnist_digits


def test_take_gives_the_very_drawings(drawings: StrokeSet) -> None:
    chosen = np.array([5, 2, 2, len(drawings) - 1])
    taken = drawings.take(chosen)
    assert (render(taken.strokes) == render(drawings.strokes)[chosen]).all()
    assert (taken.labels == drawings.labels[chosen]).all()


def test_no_writer_is_on_both_sides_of_a_split(drawings: StrokeSet) -> None:
    apart = np.unique(drawings.writers)[:3]
    rest, held_out = drawings.split(apart)
    assert set(held_out.writers) == set(apart)
    assert not set(rest.writers) & set(apart)
    assert len(rest) + len(held_out) == len(drawings)


def test_the_lesson_of_every_character_keeps_writers_apart(data: Path) -> None:
    data_mix = load_all_characters(data)
    taught, validation = data_mix.training[0], data_mix.validation
    assert isinstance(taught, StrokeSet)
    assert isinstance(validation, StrokeSet)
    assert len(validation) > 0
    assert not set(validation.writers) & set(taught.writers)
    assert [len(samples) > 0 for samples in data_mix.training] == [True] * 6
    assert "unipen62/val.npz" not in [file for source in data_mix.sources for file in source.files]


def test_what_others_drew_is_left_out_wherever_it_stands(drawings: StrokeSet) -> None:
    few = drawings.take(np.array([3, 1, 4]))
    moved = replace(few, strokes=replace(few.strokes, points=np.add(few.strokes.points, (17, -4))))
    rest = drawings.exclude(moved)
    assert len(rest) == len(drawings) - 3
    assert (rest.take(np.arange(2)).labels == drawings.labels[[0, 2]]).all()


def test_nobody_who_judges_is_taught_from_by_another_name(data: Path, tmp_path: Path) -> None:
    home = tmp_path / "unipen62"
    home.mkdir()
    shutil.copy(data / "unipen62/train.npz", home / "train.npz")
    assert len(split_unipen(tmp_path)[0]) > 0
    shutil.copy(data / "unipen62/train.npz", home / "val.npz")
    taught, apart = split_unipen(tmp_path)
    assert len(taught) == 0
    assert len(apart) > 0


def test_the_original_lessons_are_of_one_set_each(data: Path) -> None:
    digits = load_mnist_digits(data)
    assert digits.classes == "0123456789"
    assert [source.name for source in digits.sources] == ["MNIST"]
    assert (digits.validation.to_images()[..., 0] == load_mnist(data, "t10k").images).all()

    letters = load_emnist_letters(data)
    assert len(letters.classes) == 52
    assert min(*letters.training[0].labels, *letters.validation.labels) == 10
    share = len(letters.validation) / (len(letters.training[0]) + len(letters.validation))
    assert share == pytest.approx(0.2, abs=0.01)


def test_the_archive_of_emnist_is_read_upright(archive: Path, drawings: StrokeSet) -> None:
    lines = render(drawings.strokes)[..., 0]
    for part in ("train", "test"):
        pictures = load_emnist(archive, part)
        assert (pictures.images == lines).all()
        assert (pictures.labels == drawings.labels).all()
    letters = load_emnist_letters(archive)
    assert [source.name for source in letters.sources] == ["EMNIST ByClass, letters"]
    assert len(letters.test) == (drawings.labels >= 10).sum()


def test_what_is_missing_is_named_with_its_source(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match=r"emnist/gzip\.zip"):
        load_emnist_letters(tmp_path)
    (tmp_path / "emnist").mkdir()
    (tmp_path / "emnist/byclass_sample.npz").touch()
    with pytest.raises(DataMissing, match=r"unipen62/train\.npz.*doi:10\.5281/zenodo\.1195803"):
        load_all_characters(tmp_path)


def test_alterations_depend_on_their_seed_alone(drawings: StrokeSet) -> None:
    few = drawings.take(np.arange(40))
    first, again, other = (augment_strokes(few.strokes, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (40, SIZE, SIZE, CHANNELS)
    assert (first == again).all()
    assert (first != other).any()
    lines = render(few.strokes)[..., 0]
    first, again, other = (augment_images(lines, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (40, SIZE, SIZE, CHANNELS)
    assert (first == again).all()
    assert (first != other).any()


def test_scans_are_taught_as_they_are_read(data: Path) -> None:
    scans = load_emnist(data)
    read = [find_character(picture) for picture, _ in scans.encode_pngs()]
    (taught,) = (
        s for s in load_all_characters(data).training if isinstance(s, PictureSet) and len(s) == len(scans)
    )
    assert (taught.images == np.stack([character.image for character in read if character])).all()
    assert (taught.labels == scans.labels).all()


def test_a_batch_says_what_its_samples_teach(data: Path) -> None:
    taught = load_all_characters(data).training
    images, truth = Batches(taught, CHANNELS, 64, seed=1)[0]
    assert images.shape == (64, SIZE, SIZE, CHANNELS)
    assert (truth[:, :-2].sum(axis=1) == 1).all()
    has_all_kinds, has_natural_mix = truth[:, -2] == 1, truth[:, -1] == 1
    assert 0 < has_all_kinds.sum() < 64  # MNIST and PenDigits are of digits alone
    assert has_natural_mix[images[..., 1:].any(axis=(1, 2, 3))].all()
    assert not has_natural_mix.all()  # photographed drawings, and those without their directions


def test_altered_drawings_are_still_read(drawings: StrokeSet) -> None:
    from recognition.model.network import BUNDLED, Model
    from training.evaluation.metrics import compute_figures, predict

    model = Model.load(BUNDLED)
    altered = augment_strokes(drawings.strokes, np.random.default_rng(3))
    assert compute_figures(predict(model, altered), drawings.labels, "any").folded > 0.8
