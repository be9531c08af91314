"""Recognition for running games, in threads of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from game.inference.current_model import CurrentModel
from recognition import Prediction

Strokes = Sequence[Sequence[tuple[int, int]]]


class LiveRecognizer:
    """Recognizes the drawings of running games in ``threads`` threads.

    It needs no bounded queue: a game has one guess in progress at a time, and asks again, for its newest drawing,
    only when that guess has come back.
    """

    def __init__(self, current: CurrentModel, threads: int) -> None:
        self._current = current
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="live")

    @property
    def model(self) -> str:
        """The version of the model that guesses now."""
        return self._current.recognizer.version

    async def guess(self, strokes: Strokes, alphabet: str) -> Prediction:
        """Return what the model sees in ``strokes``; raises as `Recognizer.recognize` does."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._current.recognizer.recognize, strokes, alphabet)

    def close(self) -> None:
        """Let running guesses end, and drop the waiting ones."""
        self._pool.shutdown(wait=True, cancel_futures=True)
