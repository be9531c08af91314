"""Which way up a page is."""

from __future__ import annotations

import numpy as np
import pytest

from recognition import Recognizer
from recognition.page.orientation import choose_turn
from tests.recognition.page.paper import encode_picture, write_page
from tests.strokes import Samples

TEXT = "The quick brown fox\njumps over 13 lazy dogs\nand 2468 JUGS 9750"


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_page_is_turned_until_it_is_upright(recognizer: Recognizer, samples: Samples, turn: int) -> None:
    picture = write_page(samples, TEXT, height=40).picture
    turned = picture.rotate(90 * turn, expand=True)
    page = recognizer.read_page(encode_picture(turned))
    assert page.turn == turn
    assert page.text.count("\n") == 2
    assert (page.width, page.height) == turned.size


@pytest.mark.parametrize("text", ["6", "9", "69", "1961", "0880"])
def test_a_short_number_is_never_turned(recognizer: Recognizer, samples: Samples, text: str) -> None:
    picture = write_page(samples, text, gap=0.4).picture
    assert recognizer.read_page(encode_picture(picture)).turn == 0
    assert recognizer.read_page(encode_picture(picture.rotate(180))).turn == 0


def test_only_a_way_that_is_clearly_the_best_is_chosen() -> None:
    certainties = np.full((4, 12), 0.6)
    assert choose_turn(certainties) == 0
    certainties[2] = 0.99
    assert choose_turn(certainties) == 2
    assert choose_turn(certainties[:, :4]) == 0
    certainties[[0, 1, 3]] = 0.79
    assert choose_turn(certainties) == 2
    assert choose_turn(certainties[:, :10]) == 0
    certainties[0] = 0.98
    assert choose_turn(certainties) == 0
    assert choose_turn(certainties * 0.1) == 0


def test_the_direction_of_lines_leaves_two_ways() -> None:
    certainties = np.full((4, 12), 0.5)
    certainties[1] = 0.9
    certainties[3] = 0.8  # nearly as clear
    assert choose_turn(certainties) == 0
    assert choose_turn(certainties, "down") == 1
    certainties[2] = 0.99
    assert choose_turn(certainties, "down") == 1
    assert choose_turn(certainties, "across") == 2
    certainties[0] = 0.9
    assert choose_turn(certainties, "down") == 0


@pytest.mark.parametrize("text", ["9\n4\n0\n7\n2\n6\n3\n8\n5\n1", "a\nB\nc\nD\ne\nF\ng\nH\nk\nR"])
def test_a_list_of_single_characters_stays_upright(recognizer: Recognizer, samples: Samples, text: str) -> None:
    assert recognizer.read_page(encode_picture(write_page(samples, text, height=40).picture)).turn == 0
