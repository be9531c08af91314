"""Which drawings of a player are remembered."""

from __future__ import annotations

import pytest

from game.rules.hand import should_remember
from recognition import Recognizer
from tests.strokes import Samples


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def test_what_people_draw_is_remembered(recognizer: Recognizer, samples: Samples) -> None:
    remembered = [should_remember(recognizer.recognize(sample.strokes), sample.label) for sample in samples]
    assert sum(remembered) >= 0.98 * len(remembered)


def test_a_drawing_with_a_label_that_is_not_its_own_is_not_remembered(
    recognizer: Recognizer, samples: Samples
) -> None:
    zeros = [recognizer.recognize(sample.strokes) for sample in samples.get("0")]
    assert not any(should_remember(zero, label) for zero in zeros for label in "2478AEHKMNXfkmxz")


def test_letters_are_hardly_ever_remembered_as_digits(recognizer: Recognizer, samples: Samples) -> None:
    letters = [
        recognizer.recognize(sample.strokes, "digits") for letter in "AEHKMNWX" for sample in samples.get(letter)
    ]
    assert sum(should_remember(letter, letter.label) for letter in letters) <= 0.1 * len(letters)


def test_what_a_hand_says_makes_no_difference(recognizer: Recognizer, samples: Samples) -> None:
    zero = samples.get("0")[0].strokes
    hand = recognizer.make_hand([(zero, "8")] * 8)
    assert not should_remember(recognizer.recognize(zero, "digits", hand), "8")


def test_a_label_that_is_not_in_the_alphabet_is_not_remembered(recognizer: Recognizer, samples: Samples) -> None:
    assert not should_remember(recognizer.recognize(samples.get("A")[0].strokes, "upper"), "7")
