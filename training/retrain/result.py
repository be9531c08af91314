"""The result of a retrain."""

from __future__ import annotations

from dataclasses import dataclass

from training.retrain.compare import Comparison, PredictedLabels
from training.retrain.decide import Decision
from training.retrain.split_data import SplitData
from training.retrain.trial import Trial


@dataclass(frozen=True, slots=True)
class RetrainResult:
    """Everything that a report shows.

    Attributes:
        champion: the version in service until now.
        challenger: the new version.
        decision: whether the challenger takes over, and why.
        players: the comparison on held-out players.
        trial: by what it was decided, and what it can show.
        base: the comparisons on base data.
        data: what was trained on, what judged, and what was set aside.
        predictions: what champion and challenger read in the judges' drawings.
    """

    champion: str
    challenger: str
    decision: Decision
    players: Comparison
    trial: Trial
    base: tuple[Comparison, ...]
    data: SplitData
    predictions: tuple[PredictedLabels, PredictedLabels]
