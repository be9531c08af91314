"""Judging models on drawings and pictures, and the report on them."""

from __future__ import annotations

import html.parser
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognition.model.network import BUNDLED, Model
from tests.strokes import FIXTURE
from training.datasets.sources import DataMissing
from training.datasets.strokes import StrokeSet
from training.evaluation.acceptance import Acceptance
from training.evaluation.evaluate import NothingToJudge, judge
from training.evaluation.report import JSON_FILE, write_report
from training.evaluation.report.page import advised
from training.evaluation.test_sets import Exam, pictures_exam, strokes_exam


class Tags(html.parser.HTMLParser):
    """What a page is made of, checked to be well nested."""

    EMPTY = ("meta", "img", "br", "link")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


class DigitsOnly(Model):
    """The bundled model with all but its digits forgotten."""

    def __init__(self) -> None:
        bundled = Model.load(BUNDLED)
        super().__init__(bundled._content, bundled.card)
        self.card = {**bundled.card, "version": "digits-only", "classes": "0123456789"}
        self.classes = "0123456789"

    def compute_scores(self, image: Any) -> Any:
        return super().compute_scores(image)[:10]


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load(BUNDLED)


@pytest.fixture(scope="module")
def exam() -> Exam[Any]:
    return strokes_exam(FIXTURE)


def test_figures_agree_with_each_other(model: Model, exam: Exam[Any], drawings: StrokeSet) -> None:
    judged = judge(model, exam)
    assert set(judged.by_alphabet) == {"any", "digits", "upper", "lower", "letters"}
    assert sum(c.samples for c in judged.by_character) == len(drawings)
    folded = sum(c.folded * c.samples for c in judged.by_character) / len(drawings)
    assert folded == pytest.approx(judged.by_alphabet["any"].folded)
    digits = [c for c in judged.by_character if c.character.isdigit()]
    alone = sum(c.alone * c.samples for c in digits) / sum(c.samples for c in digits)
    assert alone == pytest.approx(judged.by_alphabet["digits"].accuracy)
    assert 0 < judged.latency.p50 <= judged.latency.p95
    assert sum(b.samples for b in judged.reliability["any"]) == len(drawings)


def test_the_examples_of_a_confusion_were_confused(model: Model, exam: Exam[Any]) -> None:
    for confusion in judge(model, exam).confusions:
        assert 0 < len(confusion.examples) <= confusion.count
        for number in confusion.examples:
            assert model.classes[exam.labels[number]] == confusion.truth
            assert model.classes[int(np.argmax(model.compute_scores(exam.images[number])))] == confusion.read_as


def test_two_models_side_by_side(model: Model, exam: Exam[Any], tmp_path: Path) -> None:
    judgements = [judge(model, exam), judge(DigitsOnly(), exam)]
    page = write_report(exam, judgements, tmp_path).read_text()
    tags = Tags(page)
    assert all(address.startswith("data:") for address in tags.addresses)
    assert set(re.findall(r"url\(.{6}", page)) == {'url("data:'}
    assert page.count("<figure>") == 10
    assert "does not know them" in page
    assert "all 62 (or, in red, with digits)" in page
    assert judgements[0].version in page

    report = json.loads((tmp_path / JSON_FILE).read_text())
    assert [m["version"] for m in report["models"]] == [j.version for j in judgements]
    assert set(report["models"][1]["by_alphabet"]) == {"digits"}
    assert report["exam"]["samples"] == len(exam)


@pytest.mark.parametrize("name", ["mnist", "emnist", "photos"])
def test_pictures_are_read_as_uploaded_ones(data: Path, model: Model, name: str, tmp_path: Path) -> None:
    exam = pictures_exam(name, data)
    assert len(exam) > 0
    assert not exam.images[..., 1:].any()
    assert (exam.prepare(exam.raw[3])[0] == exam.images[3]).all()
    page = write_report(exam, [judge(model, exam)], tmp_path).read_text()
    assert ('<img class="drawing"' in page) == bool(judge(model, exam).confusions)


def test_who_was_taught_from_the_samples_is_told(data: Path, model: Model, archive: Path) -> None:
    assert not judge(model, pictures_exam("emnist", data)).taught_from
    assert not judge(model, pictures_exam("emnist", archive)).taught_from
    assert not judge(model, pictures_exam("photos", data)).taught_from
    assert not judge(model, strokes_exam(data / "unipen62/val.npz")).taught_from
    assert judge(model, strokes_exam(data / "unipen62/train.npz")).taught_from


def test_what_cannot_be_judged_is_told(exam: Exam[Any], tmp_path: Path) -> None:
    letters = np.flatnonzero(exam.labels >= 10)
    without = Exam("letters", (), exam.raw, exam.prepare, exam.images[letters], exam.labels[letters])
    with pytest.raises(NothingToJudge, match="0123456789"):
        judge(DigitsOnly(), without)
    with pytest.raises(DataMissing):
        strokes_exam(tmp_path / "nothing.npz")
    with pytest.raises(DataMissing):
        pictures_exam("photos", tmp_path)


def test_the_advised_threshold_lets_few_others_pass() -> None:
    curve = [Acceptance(0.1, 0.99, 0.05), Acceptance(0.3, 0.97, 0.01), Acceptance(0.5, 0.9, 0.001)]
    assert advised(curve) == curve[1]
    assert advised(curve[:1]) is None
