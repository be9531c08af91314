"""What a game uses of its player's hand, and what it teaches the hand."""

from __future__ import annotations

from typing import Final

from feedback.hands import HandEntry
from feedback.remembering import HandState, Lesson, Origin
from game.inference.player_hands import PlayerHand, PlayerHands
from game.rules import tuning
from game.rules.challenge import RoundResult
from game.rules.hand import should_remember
from game.rules.modes import HITS_ONLY_MODES, KEYS
from recognition.alphabets import get_look_alikes
from recognition.hand import Hand


class GameHand:
    """A player's hand in a game.

    Args:
        hand: the hand.
        hands: reads it again when something else has changed it.
        mode: of the game.
        alphabet: of the game.
    """

    def __init__(self, hand: PlayerHand, hands: PlayerHands, mode: str, alphabet: str) -> None:
        self._hand = hand
        self._hands = hands
        self._alphabet = alphabet
        self._is_used: Final = mode != KEYS
        self._hits_only: Final = mode in HITS_ONLY_MODES
        self._newest: Hand | None = None
        self._labels_counted = False  # so far, in this game

    def choose(self, model: str) -> Hand | None:
        """Return what counts in this game for the model of a version."""
        if not self._is_used:
            return None
        hand = self._hand.choose(model, hits_only=self._hits_only)
        if hand is not self._newest:
            # A label that is forgotten now may still have made the hit that comes next.
            self._newest = hand
            self._labels_counted = self._labels_counted or (self._hand.has_labels and not self._hits_only)
        return hand

    def make_lesson(self, result: RoundResult) -> Lesson | None:
        """Return what a round teaches: a hit shows how its player draws the target.

        Where labels count, they may have made the hit. If the model alone would not have taken the drawing, it is
        as good as a label, and no more: else labels would become hits that count in ranked games.
        """
        prediction = result.prediction
        if not self._is_used or result.outcome != "hit" or prediction is None:
            return None
        if not should_remember(prediction, result.target):
            return None
        features = prediction.features
        is_own_hit = (
            not self._labels_counted
            or prediction.get_shared_probability(get_look_alikes(result.target, self._alphabet))
            >= tuning.ACCEPT_RESTING
        )
        origin: Origin = "hit" if is_own_hit else "label"
        return Lesson(result.target, origin, prediction.model if features else None, features)

    def learn(self, round_id: str, lesson: Lesson, state: HandState) -> bool:
        """Take what a stored round has taught, and return whether its character has become known by that."""
        is_known = self._hand.learn(HandEntry(round_id, *lesson), state)
        if not self._hand.is_fresh:
            self._hands.refresh(self._hand)
        return is_known
