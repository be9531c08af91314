"""Every number that decides whether a retrained model is promoted."""

from __future__ import annotations

from typing import Final

JUDGE_SHARE: Final = 0.25
"""Share of the players who judge: their rounds are never trained on."""

MIN_TRAINING_ROUNDS: Final = 100
"""Rounds to train on. With fewer, a retrain is not worth the time."""

MIN_JUDGE_ROUNDS: Final = 50
"""Rounds of held-out players. With fewer, no difference could be told from chance."""

MIN_JUDGES: Final = 2
"""Held-out players. One person's handwriting does not stand for everybody's."""

SIGNIFICANCE: Final = 0.05
"""The p of McNemar's exact test below which a difference counts as real and not as chance."""

MAX_LOST_SHARE: Final = 0.005
"""Share of a base set that the challenger may lose if the loss may be chance: half a percentage point."""

CONFIDENCE_LEVEL: Final = 0.95
"""How often the intervals in the report hold the true difference."""
