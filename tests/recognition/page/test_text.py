"""Texts composed of characters and their boxes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recognition.page.images import Box
from recognition.page.text import Place, compose_text, count_words, find_breaks

words = st.text("abcXYZ019", min_size=1, max_size=6)


def place_words(lines: list[list[str]], size: int, indent: int) -> tuple[str, list[Box]]:
    labels, boxes = "", []
    for number, line in enumerate(lines):
        x = indent * number
        for word in line:
            for character in word:
                labels += character
                tall = 2 * size if character.isupper() else size
                boxes.append((x, 4 * size * number - tall, size, tall))
                x += size + size // 5
            x += 2 * size
    return labels, boxes


@given(
    st.lists(st.lists(words, min_size=1, max_size=5), min_size=1, max_size=5),
    st.integers(10, 90),
    st.integers(0, 900),
)
def test_words_and_lines_are_restored(lines: list[list[str]], size: int, indent: int) -> None:
    labels, boxes = place_words(lines, size, indent)
    text = compose_text(labels, boxes)
    assert text.split("\n") == [line for line in text.split("\n") if line]
    assert text.replace(" ", "").split("\n") == ["".join(line) for line in lines]
    if max(len(word) for line in lines for word in line) > 2 and all(len(line) == 1 for line in lines):
        assert " " not in text


def test_words_of_different_lengths_are_separated() -> None:
    labels, boxes = place_words([["an", "old", "Xerox"], ["of", "1990"]], 30, 45)
    labels = "anoldXerox" + "of1990"
    assert compose_text(labels, boxes) == "an old Xerox\nof 1990"


def test_an_indented_line_is_a_line_of_its_own() -> None:
    assert compose_text("ab", [(0, 0, 30, 40), (200, 120, 30, 40)]) == "a\nb"


def test_no_characters_and_one_character() -> None:
    assert compose_text("", []) == ""
    assert compose_text("7", [(3, 4, 5, 6)]) == "7"


def test_a_comb_is_one_word_and_cells_of_a_table_are_several() -> None:
    boxes = [(0, 0, 30, 60), (90, 0, 30, 60), (180, 0, 30, 60)]
    comb = [Place(cell, 0) for cell in range(3)]
    assert find_breaks(boxes, [0, 0, 0], (), comb) == ["", "", ""]
    close = [(0, 0, 30, 60), (35, 0, 30, 60), (70, 0, 30, 60)]
    assert find_breaks(close, [0, 0, 0], (), [Place(0), Place(0), Place(1)]) == ["", "", " "]


def test_a_sign_between_characters_separates_words() -> None:
    boxes = [(0, 0, 30, 60), (70, 0, 30, 60), (110, 0, 30, 60)]
    plus, underline, speck = (40, 20, 20, 20), (0, 70, 140, 4), (50, -40, 5, 5)
    assert find_breaks(boxes, [0, 0, 0], [plus]) == ["", " ", ""]
    assert find_breaks(boxes, [0, 0, 0], [underline, speck]) == ["", "", ""]
    assert count_words(["", " ", "", "\n"]) == [0, 1, 1, 2]
