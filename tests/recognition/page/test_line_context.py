"""What the characters of a line say about each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition import Recognizer
from recognition.alphabets import ALPHABETS, CLASSES, LOWER, UPPER, get_characters
from recognition.page.line_context import measure_evidence, read_in_context
from tests.recognition.page.paper import encode_picture, write_page
from tests.strokes import Samples

Floats = npt.NDArray[np.float64]

FULL = (40.0, 100.0)  # top and bottom of a capital
SMALL = (64.0, 100.0)
LOW = (64.0, 122.0)


def make_probabilities(*characters: dict[str, float]) -> Floats:
    """Return (N, 62): the given probabilities, the rest shared among all."""
    rows = np.array([[of_character.get(label, 0.0) for label in CLASSES] for of_character in characters])
    probabilities: Floats = rows + (1 - rows.sum(axis=1, keepdims=True)) / len(CLASSES)
    return probabilities


def make_bounds(*extents: tuple[float, float]) -> Floats:
    return np.array(
        [(50.0 * place, top, 50.0 * place + 30, bottom) for place, (top, bottom) in enumerate(extents)]
    )


def read(probabilities: Floats, bounds: Floats, words: list[int] | None = None) -> str:
    together = read_in_context(probabilities, "any", bounds, words or [0] * len(bounds))
    return "".join(CLASSES[best] for best in together.argmax(axis=1))


extents = st.tuples(st.floats(-1e3, 1e3), st.floats(0, 1e3)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(
    st.integers(1, 12).flatmap(
        lambda count: st.tuples(
            st.lists(extents, min_size=count, max_size=count),
            st.lists(st.integers(0, 1), min_size=count, max_size=count),
            st.integers(0, 2**32),
        )
    ),
    st.sampled_from(list(ALPHABETS)),
)
@settings(max_examples=60)
def test_probabilities_stay_probabilities(
    line: tuple[list[tuple[float, float]], list[int], int], alphabet: str
) -> None:
    places, steps, seed = line
    size = len(get_characters(alphabet))
    alone = np.random.default_rng(seed).dirichlet(np.full(size, 0.1), len(places))
    together = read_in_context(alone, alphabet, make_bounds(*places), np.cumsum(steps).tolist())
    assert together.shape == alone.shape
    assert (together >= 0).all()
    assert together.sum(axis=1) == pytest.approx(1)
    if len(places) == 1 or alphabet == "digits":
        assert (together == alone).all()


@given(st.integers(1, 6), st.floats(0.05, 50), st.floats(-1e4, 1e4), st.integers(0, 2**32))
@settings(max_examples=30)
def test_size_and_position_make_no_difference(count: int, scale: float, shift: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    alone = random.dirichlet(np.full(62, 0.1), count)
    bounds = make_bounds(*[(100 - height, 100.0) for height in random.uniform(20, 80, count)])
    words = [0] * count
    before = read_in_context(alone, "any", bounds, words)
    assert read_in_context(alone, "any", scale * bounds + shift, words) == pytest.approx(before, abs=1e-4)


def test_height_decides_the_case() -> None:
    letters = [{"c": 0.5, "C": 0.49}, {"a": 0.98}, {"h": 0.98}, {"n": 0.98}]
    assert read(make_probabilities(*letters), make_bounds(SMALL, SMALL, FULL, SMALL)) == "cahn"
    assert read(make_probabilities(*letters), make_bounds(FULL, SMALL, FULL, SMALL)) == "Cahn"


def test_the_base_line_decides_the_case() -> None:
    letters = [{"a": 0.98}, {"P": 0.55, "p": 0.43}, {"n": 0.98}, {"e": 0.98}, {"H": 0.98}]
    assert read(make_probabilities(*letters), make_bounds(SMALL, LOW, SMALL, SMALL, FULL)).startswith("ap")


def test_letters_of_one_height_keep_their_case() -> None:
    letters = [{"C": 0.6, "c": 0.39}, {"A": 0.98}, {"R": 0.98}, {"S": 0.4, "s": 0.59}]
    assert read(make_probabilities(*letters), make_bounds(FULL, FULL, FULL, FULL)) == "CARS"


def test_a_digit_among_digits() -> None:
    characters = [{"2": 0.99}, {"O": 0.5, "o": 0.3, "0": 0.19}, {"S": 0.6, "5": 0.39}, {"7": 0.98}]
    bounds = make_bounds(FULL, FULL, FULL, FULL)
    assert read(make_probabilities(*characters), bounds) == "2057"
    assert read(make_probabilities(*characters), bounds, [0, 1, 2, 3]) == "2057"  # each in a box of its own


def test_a_letter_among_letters() -> None:
    characters = [{"h": 0.99}, {"0": 0.5, "o": 0.3, "O": 0.19}, {"u": 0.95}, {"5": 0.6, "s": 0.35}, {"e": 0.99}]
    assert read(make_probabilities(*characters), make_bounds(FULL, SMALL, SMALL, SMALL, SMALL)) == "house"


def test_the_likelier_word_of_doubtful_letters() -> None:
    letters = [{"t": 0.95}, {"b": 0.55, "h": 0.4}, {"e": 0.95}]
    assert read(make_probabilities(*letters), make_bounds(FULL, FULL, SMALL)) == "the"
    letters = [{"T": 0.95}, {"B": 0.55, "H": 0.4}, {"E": 0.95}]
    assert read(make_probabilities(*letters), make_bounds(FULL, FULL, FULL)) == "THE"


def test_what_goes_together_has_more_evidence() -> None:
    def measure(text: str, *extents: tuple[float, float]) -> float:
        characters = make_probabilities(*({character: 0.9} for character in text))
        return measure_evidence(characters, "any", make_bounds(*extents), [0] * len(text))

    assert measure("the", FULL, FULL, SMALL) > measure("tbe", FULL, FULL, SMALL)
    assert measure("2057", FULL, FULL, FULL, FULL) > measure("2O5T", FULL, FULL, FULL, FULL)
    assert measure("ace", SMALL, SMALL, SMALL) > measure("ace", FULL, SMALL, LOW)
    assert measure_evidence(np.empty((0, 62)), "any", np.empty((0, 4)), []) == 0
    assert np.isfinite(measure("a", SMALL))


@pytest.mark.parametrize("text", ["x1", "xqzvw", "XQZVW", "A4", "B7K9", "kokos2", "aBc7", "7up"])
def test_sure_characters_are_not_changed(text: str) -> None:
    characters = make_probabilities(*({character: 0.999} for character in text))
    extents = [SMALL if character in "aceopsuvwxz" else LOW if character in "pq" else FULL for character in text]
    assert read(characters, make_bounds(*extents)) == text


def test_a_long_line_is_read_in_parts() -> None:
    characters = make_probabilities(*([{"2": 0.9}, {"O": 0.6, "0": 0.3}] * 500))
    assert read(characters, make_bounds(*[FULL] * 1000)) == "20" * 500


def test_context_makes_real_lines_more_exact(recognizer: Recognizer, samples: Samples) -> None:
    in_context = alone = 0
    for nth in range(4):
        page = write_page(samples, "SCOPE zoo\n40 x 2605\nvows Coco", gap=0.4, nth=nth)
        predictions = [c.prediction for c in recognizer.read_image(encode_picture(page.picture))]
        images = np.array([prediction.image for prediction in predictions])[..., None]
        again = recognizer.recognize_images(np.pad(images, [(0, 0)] * 3 + [(0, 8)]))
        letters = page.text.split()
        if len(predictions) == len("".join(letters)):
            in_context += sum(p.label == c for p, c in zip(predictions, "".join(letters), strict=True))
            alone += sum(p.label == c for p, c in zip(again, "".join(letters), strict=True))
    assert in_context >= 1.15 * alone > 0


def test_every_class_has_a_place_on_a_line() -> None:
    flat = np.full((len(CLASSES), len(CLASSES)), 1 / len(CLASSES))
    small, tall = LOWER.index("x") + 36, UPPER.index("X") + 10
    flat[0] = make_probabilities({"a": 0.99})[0]
    flat[1] = make_probabilities({"H": 0.99})[0]
    bounds = make_bounds(SMALL, FULL, *[SMALL] * (len(CLASSES) - 2))
    together = read_in_context(flat, "any", bounds, list(range(len(flat))))
    assert (together[2:, small] > together[2:, tall]).all()
