"""Every number that decides whether a retrained model is put to use."""

from __future__ import annotations

from typing import Final

JUDGING_SHARE: Final = 0.25
"""Of the players: their rounds never teach, they judge."""

FEWEST_TEACHING: Final = 100
"""Rounds that may teach, before a retrain is worth its while."""

FEWEST_JUDGED: Final = 50
"""Rounds of held-out players; with fewer, no difference could be told from chance."""

FEWEST_JUDGES: Final = 2
"""Held-out players: one person's hand is not people's."""

SIGNIFICANCE: Final = 0.05
"""Probability, by McNemar's exact test, that models as good as each other differ so much by chance."""

MOST_LOST: Final = 0.005
"""Share of a base set that the challenger may read worse, if that may be chance: a point in two hundred."""

CONFIDENCE: Final = 0.95
"""Of the intervals that the report gives."""
