"""Recognition for running games: at once, unless a drawing is large."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from game.inference.current_model import CurrentModel
from recognition import Prediction

Strokes = Sequence[Sequence[tuple[int, int]]]

_QUICK_POINTS: Final = 500
"""Most points of a drawing that is recognized on the event loop. Of people's characters, one in 40,000 has more.
They take about 0.3 ms; a scribble takes up to 3 ms."""


class LiveRecognizer:
    """Recognizes the drawings of running games.

    It does so on the event loop, since handing a drawing over to a thread and its prediction back takes half as
    long as the recognition, and Python runs one thread at a time. Only a drawing with many points would hold up
    the other games, so it goes to a thread.

    It needs no bounded queue: a game has one guess in progress at a time, and asks again, for its newest drawing,
    only when that guess has come back.
    """

    def __init__(self, current: CurrentModel) -> None:
        self._current = current
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="live")

    @property
    def model(self) -> str:
        """The version of the model that guesses now."""
        return self._current.recognizer.version

    async def guess(self, strokes: Strokes, alphabet: str) -> Prediction:
        """Return what the model sees in ``strokes``; raises as `Recognizer.recognize` does."""
        recognizer = self._current.recognizer
        if sum(map(len, strokes)) <= _QUICK_POINTS:
            return recognizer.recognize(strokes, alphabet)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, recognizer.recognize, strokes, alphabet)

    def close(self) -> None:
        """Let the running guess end, and drop the waiting ones."""
        self._pool.shutdown(wait=True, cancel_futures=True)
