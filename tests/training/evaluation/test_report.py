"""Models evaluated on drawings and pictures, and the report on them."""

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
from training.evaluation import test_sets
from training.evaluation.acceptance import Acceptance
from training.evaluation.evaluate import NothingToEvaluate, evaluate
from training.evaluation.report import JSON_FILE, write_report
from training.evaluation.report.page import find_advised_threshold


class Tags(html.parser.HTMLParser):
    """The tags of a page, checked to be well nested."""

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
    """The bundled model, knowing only digits."""

    def __init__(self) -> None:
        bundled = Model.load(BUNDLED)
        super().__init__(bundled._content, bundled.card)
        self.card = {**bundled.card, "version": "digits-only", "classes": "0123456789"}
        self.classes = "0123456789"

    def compute_scores(self, image: Any, **options: Any) -> Any:
        return super().compute_scores(image, **options)[:10]


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load(BUNDLED)


@pytest.fixture(scope="module")
def drawing_set() -> test_sets.TestSet[Any]:
    return test_sets.load_drawing_test_set(FIXTURE)


def test_figures_agree_with_each_other(
    model: Model, drawing_set: test_sets.TestSet[Any], drawings: StrokeSet
) -> None:
    evaluation = evaluate(model, drawing_set)
    assert set(evaluation.by_alphabet) == {"any", "digits", "upper", "lower", "letters"}
    assert sum(c.samples for c in evaluation.by_character) == len(drawings)
    folded = sum(c.folded * c.samples for c in evaluation.by_character) / len(drawings)
    assert folded == pytest.approx(evaluation.by_alphabet["any"].folded)
    digits = [c for c in evaluation.by_character if c.character.isdigit()]
    alone = sum(c.alone * c.samples for c in digits) / sum(c.samples for c in digits)
    assert alone == pytest.approx(evaluation.by_alphabet["digits"].accuracy)
    assert 0 < evaluation.latency.p50 <= evaluation.latency.p95
    assert sum(b.samples for b in evaluation.reliability["any"]) == len(drawings)
    for name, writers in evaluation.by_writer.items():
        samples = sum(w.samples for w in writers)
        assert samples == evaluation.by_alphabet[name].samples
        right = sum(w.folded * w.samples for w in writers)
        assert right / samples == pytest.approx(evaluation.by_alphabet[name].folded)
        assert [w.folded for w in writers] == sorted(w.folded for w in writers)


def test_the_examples_of_a_confusion_are_misread(model: Model, drawing_set: test_sets.TestSet[Any]) -> None:
    for confusion in evaluate(model, drawing_set).confusions:
        assert 0 < len(confusion.examples) <= confusion.count
        for number in confusion.examples:
            assert model.classes[drawing_set.labels[number]] == confusion.truth
            scores = model.compute_scores(drawing_set.images[number])
            assert model.classes[int(np.argmax(scores))] == confusion.read_as


def test_two_models_side_by_side(model: Model, drawing_set: test_sets.TestSet[Any], tmp_path: Path) -> None:
    evaluations = [evaluate(model, drawing_set), evaluate(DigitsOnly(), drawing_set)]
    page = write_report(drawing_set, evaluations, tmp_path).read_text()
    tags = Tags(page)
    assert all(address.startswith("data:") for address in tags.addresses)
    assert set(re.findall(r"url\(.{6}", page)) == {'url("data:'}
    assert page.count("<figure>") == 10
    assert "does not know these" in page
    assert "all 62 (or, in red, with digits)" in page
    assert evaluations[0].version in page

    report = json.loads((tmp_path / JSON_FILE).read_text())
    assert [m["version"] for m in report["models"]] == [j.version for j in evaluations]
    assert set(report["models"][1]["by_alphabet"]) == {"digits"}
    assert report["test_set"]["samples"] == len(drawing_set)


@pytest.mark.parametrize("name", ["mnist", "emnist", "photos"])
def test_pictures_are_read_as_uploads(data: Path, model: Model, name: str, tmp_path: Path) -> None:
    drawing_set = test_sets.load_picture_test_set(name, data)
    assert len(drawing_set) > 0
    assert not drawing_set.images[..., 1:].any()
    assert (drawing_set.prepare(drawing_set.raw[3])[0] == drawing_set.images[3]).all()
    page = write_report(drawing_set, [evaluate(model, drawing_set)], tmp_path).read_text()
    assert ('<img class="drawing"' in page) == bool(evaluate(model, drawing_set).confusions)


def test_a_model_that_was_trained_on_the_samples_is_marked(data: Path, model: Model, archive: Path) -> None:
    assert not evaluate(model, test_sets.load_picture_test_set("emnist", data)).trained_on_it
    assert not evaluate(model, test_sets.load_picture_test_set("emnist", archive)).trained_on_it
    assert not evaluate(model, test_sets.load_picture_test_set("photos", data)).trained_on_it
    assert not evaluate(model, test_sets.load_drawing_test_set(data / "unipen62/val.npz")).trained_on_it
    assert evaluate(model, test_sets.load_drawing_test_set(data / "unipen62/train.npz")).trained_on_it


def test_what_cannot_be_evaluated_is_reported(drawing_set: test_sets.TestSet[Any], tmp_path: Path) -> None:
    letters = np.flatnonzero(drawing_set.labels >= 10)
    images, labels = drawing_set.images[letters], drawing_set.labels[letters]
    without = test_sets.TestSet("letters", (), drawing_set.raw, drawing_set.prepare, images, labels)
    with pytest.raises(NothingToEvaluate, match="0123456789"):
        evaluate(DigitsOnly(), without)
    with pytest.raises(DataMissing):
        test_sets.load_drawing_test_set(tmp_path / "nothing.npz")
    with pytest.raises(DataMissing):
        test_sets.load_picture_test_set("photos", tmp_path)


def test_the_advised_threshold_accepts_few_others() -> None:
    curve = [Acceptance(0.1, 0.99, 0.05), Acceptance(0.3, 0.97, 0.01), Acceptance(0.5, 0.9, 0.001)]
    assert find_advised_threshold(curve) == curve[1]
    assert find_advised_threshold(curve[:1]) is None
