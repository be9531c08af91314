"""Photos whose numbers put all of them in one part, or none in either."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from training.datasets.photos import EmptyPart, iterate_photos
from training.datasets.sources import PHOTOS
from training.errors import UnreadableData
from training.retrain.base_data import load_base_sets, load_replay


def rename_photos(data: Path, folder: Path, number: int) -> Path:
    """Copy the photos to another data folder, and give all of them one number."""
    path = folder / PHOTOS.files[0]
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(data / PHOTOS.files[0]) as original, zipfile.ZipFile(path, "w") as archive:
        for name in original.namelist()[:20]:
            archive.writestr(f"{name.split('/')[0]}/{len(archive.namelist())}x_{number}.png", original.read(name))
    return path


@pytest.mark.parametrize(("number", "full", "empty"), [(4, "train", "test"), (5, "test", "train")])
def test_a_part_may_be_empty(data: Path, tmp_path: Path, number: int, full: str, empty: str) -> None:
    rename_photos(data, tmp_path, number)
    assert len(list(iterate_photos(tmp_path, full))) == 20
    with pytest.raises(EmptyPart, match="multiple of 5"):
        list(iterate_photos(tmp_path, empty))
    shutil.copytree(data / "unipen62", tmp_path / "unipen62")
    card = {"data": [{"files": ["unipen62/train.npz"]}, {"files": list(PHOTOS.files)}]}
    assert len(load_replay(card, tmp_path)) == (2 if full == "train" else 1)
    titles = [base_set.source for base_set in load_base_sets(tmp_path)]
    assert any("photos" in title for title in titles) == (full == "test")


def test_a_zip_without_photos_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / PHOTOS.files[0]
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no photos")
    with pytest.raises(UnreadableData, match="holds no photos called"):
        list(iterate_photos(tmp_path, "test"))
