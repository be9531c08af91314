"""Recognition for running games."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from game.inference.current_model import CurrentModel
from game.inference.player_hands import ChooseHand, choose_no_hand
from recognition import Prediction
from recognition.strokes import pack_drawings

Strokes = Sequence[Sequence[tuple[int, int]]]

_QUICK_POINTS: Final = 500
"""Most points of a drawing that is recognized on the event loop. Of people's characters, one in 40,000 has more.
They take about 0.3 ms; a scribble takes up to 3 ms."""

_GATHER_SECONDS: Final = 0.01
"""How long a drawing waits for those of other players while there are several. Nobody notices it."""
_AT_ONCE: Final = 16
"""Most drawings that are recognized before the event loop goes on with something else, about 3 ms."""


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    strokes: Strokes
    alphabet: str
    choose_hand: ChooseHand
    prediction: asyncio.Future[Prediction]


class LiveRecognizer:
    """Recognizes the drawings of running games, those of several players at once.

    While several players draw, a drawing waits a moment for others, since many small ones are rendered together in
    half the time. They are recognized on the event loop: handing a drawing to a thread and its prediction back
    takes half as long as the recognition, and Python runs one thread at a time. Only a drawing with many points
    would hold up the other games, so it goes to a thread.

    It needs no bounded queue: a game has one guess in progress at a time, and asks again, for its newest drawing,
    only when that guess has come back.
    """

    def __init__(self, current: CurrentModel) -> None:
        self._current = current
        self._waiting: list[_Request] = []
        self._were_many = False  # whether the last batch had more than one drawing
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="live")

    @property
    def model(self) -> str:
        """The version of the model that guesses now."""
        return self._current.recognizer.version

    def guess(
        self, strokes: Strokes, alphabet: str, choose_hand: ChooseHand = choose_no_hand
    ) -> asyncio.Future[Prediction]:
        """Return, in a moment, what the model sees in ``strokes``. Each of them has at least one point.

        ``choose_hand`` returns the player's hand.
        """
        loop = asyncio.get_running_loop()
        if sum(map(len, strokes)) > _QUICK_POINTS:
            recognizer = self._current.recognizer
            hand = choose_hand(recognizer.version)
            return loop.run_in_executor(self._pool, recognizer.recognize, strokes, alphabet, hand)
        prediction: asyncio.Future[Prediction] = loop.create_future()
        if not self._waiting:
            loop.call_later(_GATHER_SECONDS if self._were_many else 0, self._recognize_waiting)
        self._waiting.append(_Request(strokes, alphabet, choose_hand, prediction))
        return prediction

    def _recognize_waiting(self) -> None:
        requests, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._recognize_waiting)
        self._were_many = len(requests) > 1
        requests = [request for request in requests if not request.prediction.done()]  # some games have ended
        try:
            self._recognize(requests)
        except Exception:
            for request in requests:
                try:
                    self._recognize([request])
                except Exception as error:
                    request.prediction.set_exception(error)

    def _recognize(self, requests: Sequence[_Request]) -> None:
        recognizer = self._current.recognizer
        version = recognizer.version
        predictions = recognizer.recognize_batch(
            pack_drawings([request.strokes for request in requests]),
            [request.alphabet for request in requests],
            [request.choose_hand(version) for request in requests],
        )
        for request, prediction in zip(requests, predictions, strict=True):
            request.prediction.set_result(prediction)

    def close(self) -> None:
        """Let the running guess end, and drop the waiting ones."""
        self._pool.shutdown(wait=True, cancel_futures=True)
