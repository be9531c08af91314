"""A small data folder in the layout of the real one, made of the real drawings that come with the tests."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from recognition.render import render
from tests.strokes import FIXTURE
from training.augmentation.pages.writers import Writers
from training.datasets.strokes import StrokeSet


@pytest.fixture(scope="session")
def drawings() -> StrokeSet:
    return StrokeSet.load(FIXTURE)


@pytest.fixture(scope="session")
def writers(drawings: StrokeSet) -> Writers:
    """Return two people who drew every character."""
    return Writers(replace(drawings, writers=np.arange(len(drawings)) % 2))


@pytest.fixture
def var(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that commands use as INKRUSH_VAR, with ``data`` as INKRUSH_DATA."""
    monkeypatch.setenv("INKRUSH_VAR", str(tmp_path))
    monkeypatch.setenv("INKRUSH_DATA", str(data))
    for name in ("INKRUSH_MODELS", "INKRUSH_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory, drawings: StrokeSet) -> Path:
    folder = tmp_path_factory.mktemp("data")
    # Twenty writers, because a tenth of them is held out.
    writers = np.arange(len(drawings)) % 20
    _write(folder / "unipen62/train.npz", drawings, writers)
    # Scaled, because drawings that are also in val.npz are not trained on.
    larger = replace(drawings, strokes=replace(drawings.strokes, points=2 * drawings.strokes.points))
    _write(folder / "unipen62/val.npz", larger, writers)
    digits = drawings.take(np.flatnonzero(drawings.labels < 10))
    _write(folder / "pendigits/train.npz", digits, digits.writers)
    lines = render(drawings.strokes)[..., 0]
    (folder / "emnist").mkdir()
    np.savez(
        folder / "emnist/byclass_sample.npz",
        images=lines,
        labels=drawings.labels.astype(np.uint8),
        source=np.zeros(len(lines), dtype=np.uint8),
    )
    few = drawings.labels < 10
    _write_idx(folder / "mnist", lines[few], drawings.labels[few])
    _write_photos(folder / "paper62/photos.zip", lines, drawings.labels)
    return folder


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, drawings: StrokeSet) -> Path:
    """Return a data folder with an archive laid out as EMNIST's, where pictures lie on their side."""
    folder = tmp_path_factory.mktemp("archive")
    lines = render(drawings.strokes)[..., 0]
    (folder / "emnist").mkdir()
    with zipfile.ZipFile(folder / "emnist/gzip.zip", "w") as packed:
        for part in ("train", "test"):
            packed.writestr(f"gzip/emnist-byclass-{part}-images-idx3-ubyte.gz", idx(lines.swapaxes(1, 2)))
            packed.writestr(f"gzip/emnist-byclass-{part}-labels-idx1-ubyte.gz", idx(drawings.labels))
    return folder


def _write(path: Path, drawings: StrokeSet, writers: npt.NDArray[np.int64]) -> None:
    path.parent.mkdir(exist_ok=True)
    np.savez(
        path,
        points=drawings.strokes.points.astype(np.int16),
        stroke_len=drawings.strokes.stroke_lengths.astype(np.uint16),
        n_strokes=drawings.strokes.stroke_counts.astype(np.uint8),
        label=drawings.labels.astype(np.uint8),
        writer=writers.astype(np.uint16),
    )


def _write_idx(folder: Path, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]) -> None:
    folder.mkdir()
    for part in ("train", "t10k"):
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(idx(images))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(idx(labels))


def idx(array: npt.NDArray[np.integer[Any]]) -> bytes:
    """Return bytes in the format of MNIST's files: images (N, 28, 28) or labels (N,)."""
    head = struct.pack(f">{1 + array.ndim}I", 2048 + array.ndim, *array.shape)
    return gzip.compress(head + array.astype(np.uint8).tobytes())


def _write_photos(path: Path, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64]) -> None:
    from PIL import Image

    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for number, (image, label) in enumerate(zip(images[:200], labels[:200], strict=True)):
            buffer = io.BytesIO()
            Image.fromarray(220 - (image * 0.7).astype(np.uint8)).save(buffer, "PNG")
            archive.writestr(f"{label:02}/NAME_{number}.png", buffer.getvalue())
