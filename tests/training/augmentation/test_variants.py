"""Drawings in other forms of their character."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recognition.alphabets import CLASSES
from recognition.strokes import StrokeBatch
from training.augmentation.forms.lines import Strokes
from training.augmentation.variants import FORMS, Form, vary_forms
from training.datasets.strokes import StrokeSet

FURTHEST = 0.5  # how far a new line may leave the box of the drawing, as a share of its longer side
ALL_FORMS = sorted({form for forms in FORMS.values() for form in forms}, key=lambda form: form.__name__)


def split(batch: StrokeBatch) -> list[Strokes]:
    strokes = np.split(batch.points, np.cumsum(batch.stroke_lengths)[:-1])
    ends = np.cumsum(batch.stroke_counts).tolist()
    return [strokes[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def take_suitable(form: Form, drawings: StrokeSet) -> list[Strokes]:
    """Return the drawings of the form's characters that suit it."""
    labels = [CLASSES.index(character) for character, forms in FORMS.items() if form in forms]
    chosen = split(drawings.take(np.flatnonzero(np.isin(drawings.labels, labels))).strokes)
    return [strokes for strokes in chosen if form(strokes, np.random.default_rng(0)) is not None]


coordinates = st.integers(-3, 40).map(float)
some_strokes = st.lists(
    st.integers(1, 12).flatmap(lambda count: arrays(np.float64, (count, 2), elements=coordinates)),
    min_size=1,
    max_size=4,
)


@given(strokes=some_strokes, form=st.sampled_from(ALL_FORMS), seed=st.integers(0, 99))
def test_any_strokes_give_finite_points_near_the_drawing(strokes: Strokes, form: Form, seed: int) -> None:
    before = [stroke.copy() for stroke in strokes]
    varied = form(strokes, np.random.default_rng(seed))
    assert all((stroke == copy).all() for stroke, copy in zip(strokes, before, strict=True))
    if varied is None:
        return
    assert all(len(stroke) and np.isfinite(stroke).all() for stroke in varied)
    points, new_points = np.concatenate(strokes), np.concatenate(varied)
    reach = FURTHEST * np.ptp(points, axis=0).max()
    assert (new_points >= points.min(axis=0) - reach).all()
    assert (new_points <= points.max(axis=0) + reach).all()


# None of the 7s here has a bar to remove.
@pytest.mark.parametrize(
    "form", [f for f in ALL_FORMS if f.__name__ != "remove_bar"], ids=lambda form: form.__name__
)
def test_a_form_depends_neither_on_the_place_nor_on_the_unit(form: Form, drawings: StrokeSet) -> None:
    suitable = take_suitable(form, drawings)
    assert suitable
    for strokes in suitable[:5]:
        varied = form(strokes, np.random.default_rng(5))
        moved = form([4 * stroke - (64, 128) for stroke in strokes], np.random.default_rng(5))
        assert varied is not None and moved is not None
        for one, other in zip(varied, moved, strict=True):
            assert np.allclose(4 * one - (64, 128), other)


@given(
    labels=st.lists(st.sampled_from([CLASSES.index(c) for c in "0124789IJZahqxzBe"]), max_size=30), data=st.data()
)
def test_only_chosen_drawings_change_and_the_batch_stays_whole(
    labels: list[int], data: st.DataObject, drawings: StrokeSet
) -> None:
    chosen = np.array(
        [data.draw(st.sampled_from(np.flatnonzero(drawings.labels == c).tolist())) for c in labels] or [0]
    )
    some = drawings.take(chosen)
    varied = vary_forms(some.strokes, some.labels, np.random.default_rng(len(labels)), share=0.5)
    assert len(varied) == len(some)
    assert varied.stroke_counts.sum() == len(varied.stroke_lengths)
    assert varied.stroke_lengths.sum() == len(varied.points)
    for label, old, new in zip(some.labels.tolist(), split(some.strokes), split(varied), strict=True):
        if CLASSES[label] not in FORMS:
            assert all((one == other).all() for one, other in zip(old, new, strict=True))


def test_no_drawing_changes_without_a_share(drawings: StrokeSet) -> None:
    varied = vary_forms(drawings.strokes, drawings.labels, np.random.default_rng(1), share=0)
    assert (varied.points == drawings.strokes.points).all()
    assert (varied.stroke_counts == drawings.strokes.stroke_counts).all()


@pytest.mark.parametrize(
    ("character", "form", "strokes"),
    [
        ("7", "add_bar", 2),
        ("7", "join_bar", 1),
        ("I", "add_serifs", 3),
        ("J", "add_top_bar", 2),
        ("J", "join_top_bar", 1),
        ("1", "add_base_line", 2),
        ("1", "join_base_line", 1),
        ("4", "join_strokes", 1),
    ],
)
def test_a_form_has_its_number_of_strokes(character: str, form: str, strokes: int, drawings: StrokeSet) -> None:
    (function,) = (one for one in FORMS[character] if one.__name__ == form)
    of_character = drawings.take(np.flatnonzero(drawings.labels == CLASSES.index(character)))
    varied = [function(drawing, np.random.default_rng(2)) for drawing in split(of_character.strokes)]
    suitable = [drawing for drawing in varied if drawing is not None]
    assert {len(drawing) for drawing in suitable} == {strokes}


def test_a_bar_that_was_added_to_a_7_can_be_removed(drawings: StrokeSet) -> None:
    add, remove = (
        next(form for form in FORMS["7"] if form.__name__ == name) for name in ("add_bar", "remove_bar")
    )
    sevens = drawings.take(np.flatnonzero(drawings.labels == CLASSES.index("7")))
    barred = [(seven, add(seven, np.random.default_rng(3))) for seven in split(sevens.strokes)]
    restored = [(seven, remove(strokes, np.random.default_rng(3))) for seven, strokes in barred if strokes]
    assert restored
    for (seven,), again in restored:
        assert again is not None
        assert (again[0] == seven).all()
