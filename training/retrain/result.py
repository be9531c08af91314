"""What a retrain came to."""

from __future__ import annotations

from dataclasses import dataclass

from training.retrain.compare import Answers, Comparison
from training.retrain.decide import Decision
from training.retrain.split_data import Material


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a report says.

    Attributes:
        champion: the version in use until now.
        challenger: the new version.
        decision: whether it takes over, and why.
        players: the comparison on held-out players.
        base: the comparisons on base data.
        material: what taught and what judged.
        answers: what champion and challenger read in the judging drawings.
    """

    champion: str
    challenger: str
    decision: Decision
    players: Comparison
    base: tuple[Comparison, ...]
    material: Material
    answers: tuple[Answers, Answers]
