"""Renders the page of a report from its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from training.evaluation.acceptance import Acceptance
from training.evaluation.evaluate import CharacterFigures, Evaluation
from training.evaluation.report.charts import (
    FEWEST,
    draw_acceptance_chart,
    draw_line_sample,
    draw_reliability_chart,
)
from training.evaluation.report.drawings import draw_sample
from training.evaluation.report.template import render_template
from training.evaluation.test_sets import TestSet

_NAMES: Final[Mapping[str, str]] = {
    "any": "all 62",
    "digits": "digits",
    "upper": "uppercase",
    "lower": "lowercase",
    "letters": "all letters",
}
_MOST_OTHERS: Final = 0.01
_WORST: Final = 0.25  # share misread at which a character's bar is full


def render_page(test_set: TestSet[Any], evaluations: Sequence[Evaluation], created: datetime) -> str:
    """Return the HTML of a report, which is self-contained."""
    alphabets = [n for n in _NAMES if any(n in j.by_alphabet for j in evaluations)]
    return render_template(
        "report.html.jinja",
        test_set=test_set,
        created=created,
        models=evaluations,
        names=_NAMES,
        alphabets=alphabets,
        characters=_collect_characters(evaluations),
        reliability={
            n: draw_reliability_chart(_collect_series(n, [j.reliability for j in evaluations])) for n in alphabets
        },
        acceptance={
            n: draw_acceptance_chart(_collect_series(n, [j.acceptance for j in evaluations])) for n in alphabets
        },
        advised=[{n: find_advised_threshold(curve) for n, curve in j.acceptance.items()} for j in evaluations],
        slowest=max(j.latency.p95 for j in evaluations),
        fewest=FEWEST,
        line_sample=draw_line_sample,
        picture_of=lambda number: draw_sample(test_set, number),
        misread=lambda figures: 1 - figures.folded,
        full=lambda share: min(1.0, share / _WORST),
    )


def find_advised_threshold(curve: Sequence[Acceptance]) -> Acceptance | None:
    """Return the lowest threshold at which at most 1 % of other characters are accepted, if there is one."""
    return next((a for a in curve if a.other <= _MOST_OTHERS), None)


def _collect_series(name: str, by_name: Sequence[Mapping[str, Sequence[Any]]]) -> list[Sequence[Any]]:
    return [series.get(name, ()) for series in by_name]


def _collect_characters(evaluations: Sequence[Evaluation]) -> dict[str, list[CharacterFigures | None]]:
    """Return the figures of each character for each model, in label order; None if a model does not know it."""
    known = [{c.character: c for c in j.by_character} for j in evaluations]
    return {c: [figures.get(c) for figures in known] for c in sorted({c for k in known for c in k})}
