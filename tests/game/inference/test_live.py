"""Recognition for running games: several players' drawings at once, each with its own answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from game.inference.current_model import CurrentModel
from game.inference.live import LiveRecognizer
from recognition import Hand, Recognizer
from recognition.model.registry import ModelRegistry
from tests.game.oddity import draw_odd_four
from tests.strokes import Drawing, load_fixture


@pytest.fixture(scope="module")
def current() -> CurrentModel:
    return CurrentModel(ModelRegistry(Path("does-not-exist")))


@pytest.fixture
def live(current: CurrentModel) -> Iterator[LiveRecognizer]:
    recognizer = LiveRecognizer(current)
    yield recognizer
    recognizer.close()


def list_drawings(number: int) -> list[Drawing]:
    return [sample.place() for sample in list(load_fixture())[:number]]


async def test_drawings_that_wait_together_are_read_as_each_alone(
    live: LiveRecognizer, current: CurrentModel
) -> None:
    drawings = list_drawings(40)
    alphabets = ["digits", "any", "upper"] * 14
    together = await asyncio.gather(*map(live.guess, drawings, alphabets))
    for drawing, alphabet, prediction in zip(drawings, alphabets, together, strict=False):
        alone = current.recognizer.recognize(drawing, alphabet)
        assert prediction.candidates == alone.candidates
        assert (prediction.image == alone.image).all()
        assert prediction.plausibility == alone.plausibility


async def test_each_drawing_is_read_with_the_hand_of_its_player(
    live: LiveRecognizer, current: CurrentModel
) -> None:
    drawing = draw_odd_four()
    hand = current.recognizer.make_hand([(drawing, "4")])
    versions: list[str] = []

    def choose_hand(version: str) -> Hand:
        versions.append(version)
        return hand

    alone, own, other = await asyncio.gather(
        live.guess(drawing, "digits"), live.guess(drawing, "digits", choose_hand), live.guess(drawing, "digits")
    )
    assert own.get_probability("4") > 0.5 > alone.get_probability("4")
    assert alone.candidates == other.candidates
    assert own.plausibility == alone.plausibility
    assert versions == [current.recognizer.version]


async def test_a_drawing_that_fails_does_not_take_the_others_with_it(live: LiveRecognizer) -> None:
    good, broken, also_good = await asyncio.gather(
        live.guess(list_drawings(1)[0], "digits"),
        live.guess(list_drawings(1)[0], "no such alphabet"),
        live.guess(list_drawings(1)[0], "digits"),
        return_exceptions=True,
    )
    assert isinstance(broken, Exception)
    assert not isinstance(good, BaseException)
    assert not isinstance(also_good, BaseException)
    assert good.candidates == also_good.candidates


async def test_a_game_that_has_ended_needs_no_answer(live: LiveRecognizer) -> None:
    given_up = live.guess(list_drawings(1)[0], "digits")
    given_up.cancel()
    assert (await live.guess(list_drawings(1)[0], "digits")).label


async def test_a_large_drawing_does_not_hold_up_the_event_loop(
    live: LiveRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set()
    recognize = Recognizer.recognize

    def note_thread(recognizer: Recognizer, strokes: Drawing, alphabet: str, hand: None) -> object:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        threads.add(len(strokes[0]))
        return recognize(recognizer, strokes, alphabet, hand)

    monkeypatch.setattr(Recognizer, "recognize", note_thread)
    scribble = [[(7 * number % 1024, 13 * number % 1024) for number in range(4000)]]
    assert (await live.guess(scribble, "any")).label
    assert threads == {4000}
