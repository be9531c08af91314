"""Recognition for running games, in threads of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from game.inference.current_model import CurrentModel
from recognition import Prediction

Strokes = Sequence[Sequence[tuple[int, int]]]


class LiveRecognizer:
    """Recognises the ink of running games in ``threads`` threads.

    It keeps no queue of its own to speak of: a game has one guess under way at a time and asks anew, for its
    newest ink, only when that has come back.
    """

    def __init__(self, current: CurrentModel, threads: int) -> None:
        self._current = current
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="guesser")

    @property
    def model(self) -> str:
        """The version of the model that guesses now."""
        return self._current.recognizer.version

    async def guess(self, strokes: Strokes, alphabet: str) -> Prediction:
        """Return what the model sees in ``strokes``; raises as `Recognizer.recognize` does."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._current.recognizer.recognize, strokes, alphabet)

    def close(self) -> None:
        """Let running guesses end, drop what waits."""
        self._pool.shutdown(wait=True, cancel_futures=True)
