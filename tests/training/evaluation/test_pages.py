"""The evaluation of pictures of pages: what it counts and shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.command import run_training
from training.augmentation.pages.pictures import Picture
from training.augmentation.pages.writers import Writers
from training.datasets.sources import DataMissing
from training.evaluation.page_gallery import PICTURES_SHOWN, choose_shown, draw_gallery
from training.evaluation.pages import compute_page_figures, load_writers, make_pictures, read_picture


@dataclass(frozen=True)
class Scripted:
    """A reader that answers with a fixed text. Uppercase characters are sure."""

    text: str

    def read(self, data: bytes, alphabet: str) -> dict[str, Any]:
        assert (data, alphabet) == (b"picture", "any")
        return {"characters": [(c, c.isupper()) for c in self.text], "ms": 2.0, "error": None}


def test_figures_count_pictures_characters_and_signs() -> None:
    pictures = [Picture(b"picture", text) for text in ("O1", "A(b)", "ABCD", "")]
    readings = [
        read_picture(Scripted(text), picture, "any")
        for text, picture in zip(("01", "AXbx", "", "L"), pictures, strict=True)
    ]
    figures = compute_page_figures(pictures, readings)
    assert (figures.pictures, figures.folded, figures.exact) == (4, 1 / 4, 0)
    assert figures.wrong == (0 + 2 + 4 + 1) / 8
    assert figures.sure_unwritten == (1 + 1) / 4
    assert (figures.sure_on_signs, figures.on_signs) == (1 / 2, 1)
    assert figures.nothing == 1 / 3
    assert figures.ms == 2


@pytest.mark.parametrize("name", ["val", "held-out"])
def test_missing_drawings_are_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataMissing, match="unipen62"):
        load_writers(tmp_path, name)


def test_the_gallery_shows_pictures_that_were_wrong_before(writers: Writers) -> None:
    pictures = list(make_pictures(writers, "number", PICTURES_SHOWN + 1, seed=1))
    pictures = [Picture(b"picture", pictures[0].text), *pictures[1:]]

    class Silent:
        def read(self, data: bytes, alphabet: str) -> dict[str, Any]:  # noqa: ARG002
            text = pictures[0].text if data == b"picture" else ""
            return {"characters": [(c, True) for c in text], "ms": 1.0, "error": None}

    shown = choose_shown(pictures, "digits", Silent(), Silent())
    assert [each.picture for each in shown] == pictures[1:]
    sheet = np.asarray(draw_gallery([("number", shown)]))
    assert (sheet == 255).any()
    assert (sheet < 100).any()


def test_the_command_prints_a_row_for_each_kind_and_alphabet_and_saves_what_is_wrong(
    data: Path, tmp_path: Path
) -> None:
    chosen = ("--kinds", "number,blank", "--count", "2", "--seed", "4", "--save", str(tmp_path / "wrong"))
    ended = run_training(data, "evaluate", "--pages", *chosen)
    assert ended.returncode == 0, ended.stderr
    rows = re.findall(r"^ *(number|blank) +(digits|any) +2 ", ended.stdout, re.MULTILINE)
    assert rows == [("number", "digits"), ("number", "any"), ("blank", "any")]
    assert (tmp_path / "wrong").is_dir()


@pytest.mark.parametrize(
    "wrong", [("--kinds", "cats"), ("--count", "0"), ("--writers", "me"), ("--model", "mine")]
)
def test_wrong_options_are_refused(data: Path, wrong: tuple[str, str]) -> None:
    assert run_training(data, "evaluate", "--pages", *wrong).returncode == 2
