"""Files of data sets that are cut off, or of another kind."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.training.command import run_training
from training.datasets.photos import iterate_photos
from training.datasets.pictures import load_emnist, load_mnist
from training.datasets.splits import split_unipen
from training.errors import UnreadableData

LOADERS: list[tuple[str, Callable[[Path], object]]] = [
    ("unipen62/train.npz", split_unipen),
    ("mnist/train-images-idx3-ubyte.gz", lambda folder: load_mnist(folder, "train")),
    ("emnist/byclass_sample.npz", load_emnist),
    ("paper62/photos.zip", lambda folder: list(iterate_photos(folder, "train"))),
]


@pytest.mark.parametrize(("file", "load"), LOADERS, ids=[file for file, _ in LOADERS])
@pytest.mark.parametrize(
    "damage", [lambda content: content[: len(content) // 2], lambda _: b"text", lambda _: b""]
)
def test_an_unreadable_file_is_named(
    data: Path, tmp_path: Path, file: str, load: Callable[[Path], object], damage: Callable[[bytes], bytes]
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    (folder / file).write_bytes(damage((data / file).read_bytes()))
    with pytest.raises(UnreadableData, match=file):
        load(folder)


@pytest.mark.parametrize("name", ["00/photo.png", "62/NAME_1.png", "A/NAME_1.png"])
def test_a_zip_without_photos_is_refused(tmp_path: Path, name: str) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, b"")
    (tmp_path / "paper62").mkdir()
    (tmp_path / "paper62/photos.zip").write_bytes(content.getvalue())
    with pytest.raises(UnreadableData, match=r"no photos called LABEL/NAME_NUMBER\.png"):
        list(iterate_photos(tmp_path, "train"))


def test_a_command_that_cannot_read_its_data_fails_with_a_reason(tmp_path: Path) -> None:
    text = tmp_path / "drawings.txt"
    text.write_text("no drawings")
    failed = run_training(tmp_path, "evaluate", "--strokes", str(text))
    assert failed.returncode == 1
    assert f"{text} cannot be read" in failed.stderr
