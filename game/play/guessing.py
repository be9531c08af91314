"""Asks the model what a player draws: one question at a time, so that a newer drawing replaces one that waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from game.inference.live import LiveRecognizer
from game.inference.player_hands import ChooseHand, choose_no_hand
from game.play.events import GuessFinished
from game.rules.open_round import GuessRequest
from recognition import Prediction

_log = logging.getLogger(__name__)


class Guessing:
    """The question of one game to the model, if there is one.

    Args:
        recognizer: answers.
        finish: is called with each answer.
        choose_hand: returns the player's hand.
    """

    def __init__(
        self, recognizer: LiveRecognizer, finish: Callable[[GuessFinished], None], choose_hand: ChooseHand
    ) -> None:
        self._recognizer = recognizer
        self._choose_hand = choose_hand
        self._finish = finish
        self._answer: asyncio.Future[Prediction] | None = None

    @property
    def model(self) -> str:
        """The version of the model in service."""
        return self._recognizer.model

    def start(self, request: GuessRequest, alphabet: str) -> None:
        """Ask about a drawing."""
        self._answer = self._recognizer.guess(request.strokes, alphabet, self._choose_hand)
        self._answer.add_done_callback(partial(self._take, request))

    def close(self) -> None:
        """Wait for no answer, and let go of the hand."""
        self._choose_hand = choose_no_hand
        if self._answer:
            self._answer.cancel()

    def _take(self, request: GuessRequest, answer: asyncio.Future[Prediction]) -> None:
        if answer.cancelled():
            return
        if (error := answer.exception()) is not None:
            # The game goes on: a drawing that cannot be recognized is simply not a hit.
            _log.error("A drawing could not be recognized.", exc_info=error)
        self._finish(GuessFinished(request, None if error else answer.result()))
