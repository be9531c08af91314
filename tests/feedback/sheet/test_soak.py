"""The mirror writes every round once while everything fails around it; `tests.bench.mirror` is the long form."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.mirror import Soak
from tests.sheets.faults import Fault

SPEED = 60
"""A minute of the mirror takes a second."""

pytestmark = pytest.mark.slow


def test_kills_faults_and_people_cost_no_round_and_no_correction(tmp_path: Path) -> None:
    soak = Soak(tmp_path, faults=0.2, speed=SPEED, batch=20, seed=1)
    soak.sheets.faults.next(Fault.TIMEOUT_AFTER, "values.append")
    soak.sheets.faults.next(Fault.LATE, "values.append")
    outcome = soak.run(300, kills=3, actions=60)
    assert (outcome.kills, outcome.person.sorts) == (3, 6)
    assert outcome.person.labels
    assert outcome.struck >= 2
    assert (outcome.duplicates, outcome.gaps, outcome.spoiled, outcome.corrections_lost) == (0, 0, 0, 0)
    assert outcome.rows >= 300 - len(outcome.person.deleted)
    assert outcome.refused == 0
