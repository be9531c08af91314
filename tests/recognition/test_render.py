"""The position, size, speed and sampling rate of a drawing make no difference to its image."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import render as render_module
from recognition.render import BORDER, CHANNELS, SIZE, render
from recognition.strokes import join_batches, parse_strokes
from tests.strokes import Drawing, Samples

coordinates = st.integers(0, 1023)
strokes = st.lists(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=20), min_size=1, max_size=5)


@given(strokes, st.floats(0.001, 1000), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_position_and_size_make_no_difference(drawing: Drawing, scale: float, x: float, y: float) -> None:
    moved = [[(px * scale + x, py * scale + y) for px, py in stroke] for stroke in drawing]
    # Rounding may change a level by one, and the direction of a pen that hardly moves by any amount.
    difference = render(parse_strokes(moved))[..., 0].astype(int) - render(parse_strokes(drawing))[..., 0]
    assert np.abs(difference).max() <= 2


@given(strokes)
def test_the_line_is_centered_and_leaves_the_border_free(drawing: Drawing) -> None:
    line = render(parse_strokes(drawing))[0, ..., 0]
    is_inked = line > 60  # a dot is fainter than a line
    rows, columns = np.flatnonzero(is_inked.any(axis=1)), np.flatnonzero(is_inked.any(axis=0))
    for inked in (rows, columns):
        assert inked[0] >= BORDER - 1
        assert inked[-1] <= SIZE - BORDER
        assert abs(inked[0] + inked[-1] - (SIZE - 1)) <= 1


@given(strokes)
def test_directions_are_reversed_with_the_pen(drawing: Drawing) -> None:
    forth = render(parse_strokes(drawing))[0].astype(int)
    back = render(parse_strokes([stroke[::-1] for stroke in drawing]))[0].astype(int)
    assert np.abs(forth[..., 0] - back[..., 0]).max() <= 1
    opposite = 1 + (np.arange(CHANNELS - 1) + 4) % 8
    differences = np.abs(forth[..., 1:] - back[..., opposite])
    # Where the pen turns on the spot it has no direction that could be reversed.
    assert (differences > 8).mean() < 0.05


def test_many_drawings_give_the_same_images_as_each_alone(samples: Samples) -> None:
    batches = [parse_strokes(sample.strokes) for sample in samples] * 2
    assert len(batches) > 512
    alone = np.concatenate([render(batch) for batch in batches])
    np.testing.assert_array_equal(render(join_batches(batches)), alone)


def test_the_sampling_rate_makes_no_difference(samples: Samples) -> None:
    for sample in samples.get("S"):
        stroke = sample.strokes[0]
        dense = np.stack(
            [
                np.interp(np.linspace(0, len(stroke) - 1, 4 * len(stroke) - 3), np.arange(len(stroke)), axis)
                for axis in stroke.T
            ],
            axis=1,
        )
        difference = render(parse_strokes([dense])).astype(int) - render(parse_strokes([stroke]))
        assert np.abs(difference).max() <= 8


@pytest.mark.parametrize("dot", [[[(5, 5)]], [[(5, 5)] * 9], [[(0.1, 0.3)] * 2]])
def test_a_dot_is_drawn_in_the_middle(dot: Drawing) -> None:
    line = render(parse_strokes(dot))[0, ..., 0]
    assert line[13:15, 13:15].min() > 100
    assert np.flatnonzero((line > 60).any(axis=0)).tolist() == [13, 14]


def test_the_dot_of_an_i_is_drawn() -> None:
    line = render(parse_strokes([[(10, 40), (10, 100)], [(10, 10)]]))[0, ..., 0]
    inked = np.atleast_1d((line > 60).any(axis=1))
    assert inked[3]
    assert not inked[5:7].any()
    assert inked[12:24].all()


def test_many_drawings_are_rendered_like_single_ones(samples: Samples) -> None:
    batches = [parse_strokes(sample.place()) for sample in samples]
    batches += [parse_strokes([[(0, 0), (1023, 700)] * 200]), *batches[:3]]  # a scribble, and others after it
    together = render(join_batches(batches))
    assert together.shape == (len(batches), SIZE, SIZE, CHANNELS)
    for batch, image in zip(batches, together, strict=True):
        assert (render(batch)[0] == image).all()


def draw_scribbles() -> dict[str, Drawing]:
    """Return drawings of 4,096 points with hundreds of times the path of a character."""
    rng = np.random.default_rng(1)
    return {
        "64 strokes": [list(map(tuple, rng.integers(0, 1024, (64, 2)).tolist())) for _ in range(64)],
        "one stroke": [list(map(tuple, rng.integers(0, 1024, (4096, 2)).tolist()))],
        "to and fro": [[(0, 0), (1023, 700)] * 2048],
        "hatching": [[(x, y) for y in range(2048) for x in (0, 1023)]],
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", draw_scribbles())
def test_no_drawing_takes_much_memory(name: str) -> None:
    batch = parse_strokes(draw_scribbles()[name])
    render(batch)
    tracemalloc.start()
    render(batch)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5e6


@pytest.mark.parametrize("name", draw_scribbles())
def test_the_line_of_a_scribble_looks_as_if_drawn_in_short_steps(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = parse_strokes(draw_scribbles()[name])
    line = render(batch)[0, ..., 0].astype(int)
    monkeypatch.setattr(render_module, "_MOST_STEPS", 10**9)
    assert np.abs(line - render(batch)[0, ..., 0]).mean() < 4


def test_real_drawings_are_always_drawn_in_short_steps(samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = [parse_strokes(sample.strokes) for sample in samples]
    images = [render(batch) for batch in batches]
    monkeypatch.setattr(render_module, "_MOST_STEPS", 10**9)
    assert all((render(batch) == image).all() for batch, image in zip(batches, images, strict=True))
