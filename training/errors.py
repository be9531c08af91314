"""What can go wrong in training. The text of each error is for a person."""

from __future__ import annotations


class TrainingError(Exception):
    """Base of these errors."""


class UnreadableData(TrainingError):
    """A file of a data set cannot be read."""


class NoWeights(TrainingError):
    """A model comes without the weights that are needed to train it further."""


class NoBaseData(TrainingError):
    """Too little of the data that a model was trained on is there to train it further."""


class UnreadableRounds(TrainingError):
    """A file does not hold rounds."""


class TooFewRounds(Exception):
    """There are not enough rounds to retrain with. This is not a failure."""


class AlreadyRunning(TrainingError):
    """Another process does the same work in the same folder."""
