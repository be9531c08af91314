"""Every number that decides whether a retrained model is promoted."""

from __future__ import annotations

from typing import Final

JUDGE_SHARE: Final = 0.5
"""Share of the players who judge: their rounds are never trained on."""

WANTED_JUDGES: Final = 10
"""So many judge in a small group, even if that is more than the share: six can hardly show any gain."""

MIN_TRAINERS: Final = 2
"""So many do not judge, however small the group is."""

MIN_TRAINER_SHARE: Final = 0.25
"""Share of the players who do not judge, at least."""

MIN_REGULAR_ROUNDS: Final = 10
"""Rounds that make a player a regular one. Only regular players count when the judges are chosen."""

MIN_TRAINING_ROUNDS: Final = 100
"""Rounds to train on. With fewer, a retrain is not worth the time."""

MIN_JUDGES: Final = 5
"""Judges in a trial. If there were fewer, chance alone could too easily make all of them gain."""

MIN_JUDGE_ROUNDS: Final = 50
"""Rounds of the judges in a trial."""

FALSE_PROMOTIONS: Final = 0.05
"""The probability that chance alone ever replaces a model in service, over all trials against it."""

MAX_DRAWINGS_BETWEEN_TRIALS: Final = 10_000
"""The next trial takes place when the judges have drawn as much again as before the last one, or this much."""

EARLY_DRAWINGS: Final = 150
"""The smaller, the more of `FALSE_PROMOTIONS` goes to the first trials against a model."""

POWER: Final = 0.8
"""How often a trial shows a gain of the size of which a report says that it would show."""

PEOPLE_SPREAD: Final = 0.9
"""Standard deviation of people's true gains, as a multiple of their mean, for what a report says a trial can show.

With it the statements are about right for what was measured with networks of this project: tests.bench.judging.
"""

MAX_LOST_SHARE: Final = 0.005
"""Half a percentage point. A challenger that loses this share of an alphabet's base data is not promoted."""

MAX_POSSIBLE_LOSS: Final = 0.01
"""One percentage point. Nor is a challenger promoted if the interval of its loss reaches this far."""

MIN_INTERVAL_SAMPLES: Final = 1_000
"""With fewer samples of an alphabet, the interval is too wide to exclude such a loss, and only the loss counts."""

CONFIDENCE_LEVEL: Final = 0.95
"""How often the intervals in the report hold the true difference."""
