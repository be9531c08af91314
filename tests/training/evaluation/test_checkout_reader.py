"""The code of another checkout reads pictures as this one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.augmentation.pages.writers import Writers
from training.evaluation.checkout_reader import CheckoutFailed, open_checkout
from training.evaluation.pages import make_pictures
from training.evaluation.picture_reader import PictureReader

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_another_checkout_reads_the_same_as_this_one(writers: Writers) -> None:
    picture = next(make_pictures(writers, "number", 1, seed=3))
    here = PictureReader().read(picture.data, "digits")
    with open_checkout(ROOT) as reader:
        there = [reader.read(data, "digits") for data in (picture.data, b"no picture")]
    assert there[0]["characters"] == [list(character) for character in here["characters"]]
    assert there[1]["error"] == "UnreadableImage"


def test_a_folder_without_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckoutFailed, match="recognition"), open_checkout(tmp_path):
        pass
