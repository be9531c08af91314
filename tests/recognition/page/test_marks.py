"""What is on a page is told apart: whole characters, several, parts and signs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition.errors import UnfitModel
from recognition.page.binarize import PageInk, binarize
from recognition.page.marks import (
    CHARACTER,
    FRAME_SIDE,
    MARKS_FILE,
    PART,
    SEVERAL,
    SIGN,
    Framer,
    Frames,
    Kinds,
    MarkNetwork,
    load_mark_network,
)
from recognition.page.window import cut_wide_units, open_window
from tests.recognition.page.paper import write_page
from tests.strokes import Samples

HEIGHT = 60


@pytest.fixture(scope="module")
def network() -> MarkNetwork:
    return load_mark_network()


def read_ink(picture: Image.Image) -> PageInk:
    ink = binarize(np.asarray(picture))
    assert ink is not None
    return ink


def frame_blobs(ink: PageInk, *groups: Sequence[int]) -> Frames:
    """Return a frame for each group of blobs, whose numbers count from left to right."""
    order = np.argsort(ink.boxes[:, 0], kind="stable")
    framer = Framer(ink.strength, ink.height)
    frames = []
    for group in groups:
        window = open_window(ink, [[int(order[blob]) for blob in group]])
        frames.append(framer.frame_units(window, 0, 1))
    return np.stack(frames)


def compute(network: MarkNetwork, frames: Frames) -> list[int]:
    return [int(kind) for kind in network.compute_kinds(frames).argmax(axis=1)]


def test_two_clear_digits_are_several_and_each_is_a_character(network: MarkNetwork, samples: Samples) -> None:
    for nth in range(3):
        ink = read_ink(write_page(samples, "38", gap=0.15, nth=nth).picture)
        assert compute(network, frame_blobs(ink, [0, 1], [0], [1])) == [SEVERAL, CHARACTER, CHARACTER], nth


def test_a_bracket_beside_letters_is_a_sign(network: MarkNetwork, samples: Samples) -> None:
    picture = write_page(samples, " 683", gap=0.3).picture
    pen = ImageDraw.Draw(picture)
    # Higher and deeper than the digits, whose base line is at 2 heights.
    pen.arc((1.2 * HEIGHT, 0.85 * HEIGHT, 2.4 * HEIGHT, 2.25 * HEIGHT), 115, 245, fill=45, width=6)
    kinds = compute(network, frame_blobs(read_ink(picture), [0], [1], [2], [3]))
    assert kinds == [SIGN, CHARACTER, CHARACTER, CHARACTER]


def test_what_is_cut_out_of_a_character_is_a_part(network: MarkNetwork, samples: Samples) -> None:
    for nth in range(4):
        ink = read_ink(write_page(samples, "8M4", nth=nth).picture)
        middle = int(np.argsort(ink.boxes[:, 0], kind="stable")[1])
        window, _ = cut_wide_units(open_window(ink, [(middle,)]), ink.height)
        # The first and the last unit may be an upright stroke, which could be a letter.
        inner = range(1, len(window.boxes) - 1)
        framer = Framer(ink.strength, ink.height)
        frames = np.stack([framer.frame_units(window, unit, unit + 1) for unit in inner])
        assert compute(network, frames) == [PART] * len(inner)
        assert inner


def test_a_character_alone_on_a_picture_is_a_character(network: MarkNetwork, samples: Samples) -> None:
    for label in "0235789ABGRSZaeghk":
        for height in (30, 300):
            ink = read_ink(write_page(samples, label, height=height).picture)
            assert compute(network, frame_blobs(ink, range(len(ink.boxes)))) == [CHARACTER], (label, height)


def test_several_threads_share_a_network(network: MarkNetwork) -> None:
    frames = np.random.default_rng(1).integers(0, 255, (50, FRAME_SIDE, FRAME_SIDE, 2), dtype=np.uint8)
    expected = network.compute_kinds(frames)
    results: list[Kinds] = []
    threads = [threading.Thread(target=lambda: results.append(network.compute_kinds(frames))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all((result == expected).all() for result in results)


def test_no_marks_have_no_kinds(network: MarkNetwork) -> None:
    assert network.compute_kinds(np.zeros((0, FRAME_SIDE, FRAME_SIDE, 2), np.uint8)).shape == (0, 4)


def test_a_frame_shows_a_mark_and_the_ink_around_it() -> None:
    page = np.zeros((200, 200), dtype=np.uint8)
    page[90:110, 95:105] = 255  # the mark
    page[90:110, 120:130] = 200  # its neighbor
    frame = Framer(page, height=20).frame(page[90:110, 95:105], 95, 90)
    rows, columns = np.nonzero(frame[..., 0])
    assert abs(rows.mean() - columns.mean()) < 1
    assert abs(rows.mean() - (FRAME_SIDE - 1) / 2) < 1
    assert not frame[:, : FRAME_SIDE // 2, 1].any()
    assert frame[:, FRAME_SIDE // 2 :, 1].max() == 200


@pytest.mark.parametrize("corner", [(0, 0), (190, 160), (0, 160)])
def test_a_mark_at_the_edge_or_larger_than_the_page_has_a_frame(corner: tuple[int, int]) -> None:
    top, left = corner
    page = np.zeros((200, 200), dtype=np.uint8)
    page[top : top + 10, left : left + 40] = 255
    frame = Framer(page, height=20).frame(page[top : top + 10, left : left + 40], left, top)
    assert frame[..., 0].any()
    assert not frame[..., 1].any()
    whole = Framer(page, height=1).frame(page, 0, 0)
    assert whole[..., 0].any()
    assert not whole[..., 1].any()


def test_a_file_that_is_no_network_of_marks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnfitModel, match="no readable"):
        MarkNetwork.load(tmp_path / "missing.tflite")
    for content in (b"", b"no network", MARKS_FILE.read_bytes()[:-5000]):
        (tmp_path / "marks.tflite").write_bytes(content)
        with pytest.raises(UnfitModel):
            MarkNetwork.load(tmp_path / "marks.tflite")


def test_a_network_for_something_else_is_refused() -> None:
    with pytest.raises(UnfitModel):
        MarkNetwork.load(MARKS_FILE.parent / "model.tflite")
