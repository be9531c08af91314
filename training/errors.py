"""What can go wrong with a retrain. Each error has a text for a person."""

from __future__ import annotations


class TrainingError(Exception):
    """Base of these errors."""


class NoWeights(TrainingError):
    """A model has come without the weights that it could be taught further from."""


class NoBaseData(TrainingError):
    """Too little of what the model was taught from is there to teach it further."""


class UnreadableRounds(TrainingError):
    """A file does not hold rounds."""


class TooFewRounds(Exception):
    """There are not enough rounds to retrain with. That is no failure."""
