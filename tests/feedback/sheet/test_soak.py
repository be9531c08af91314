"""The mirror keeps every round once while everything fails around it; `tests.bench.mirror` is the long form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.mirror import Soak

pytestmark = pytest.mark.slow

SPEED = 60
"""A minute of the mirror's takes a second."""


def test_kills_faults_and_people_cost_no_round_and_no_correction(tmp_path: Path) -> None:
    outcome = Soak(tmp_path, faults=0.3, speed=SPEED, seed=5).run(300, kills=3, pause=1.0)
    assert outcome.kills == 3
    assert outcome.struck > 0
    assert outcome.person.sorted > 0
    assert (outcome.duplicates, outcome.gaps, outcome.spoilt, outcome.corrections_lost) == (0, 0, 0, 0)
    assert outcome.rows >= 300 - len(outcome.person.deleted)
    assert (outcome.refused, outcome.peak <= 60) == (0, True)
