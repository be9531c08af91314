"""The page: figures, charts and drawings put into its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from training.evaluation.acceptance import Acceptance
from training.evaluation.evaluate import CharacterFigures, Judgement
from training.evaluation.report.charts import FEWEST, acceptance_chart, line_sample, reliability_chart
from training.evaluation.report.drawings import picture_of
from training.evaluation.report.template import rendered
from training.evaluation.test_sets import Exam

_NAMES: Final[Mapping[str, str]] = {
    "any": "all 62",
    "digits": "digits",
    "upper": "capitals",
    "lower": "small letters",
    "letters": "all letters",
}
_MOST_OTHERS: Final = 0.01
_WORST: Final = 0.25  # share misread at which a character's bar is full


def page(exam: Exam[Any], judgements: Sequence[Judgement], created: datetime) -> str:
    """Return the HTML of a report; everything it shows is in it."""
    alphabets = [n for n in _NAMES if any(n in j.by_alphabet for j in judgements)]
    return rendered(
        "report.html.jinja",
        exam=exam,
        created=created,
        models=judgements,
        names=_NAMES,
        alphabets=alphabets,
        characters=_characters(judgements),
        reliability={n: reliability_chart(_of(n, [j.reliability for j in judgements])) for n in alphabets},
        acceptance={n: acceptance_chart(_of(n, [j.acceptance for j in judgements])) for n in alphabets},
        advised=[{n: advised(curve) for n, curve in j.acceptance.items()} for j in judgements],
        slowest=max(j.latency.p95 for j in judgements),
        fewest=FEWEST,
        line_sample=line_sample,
        picture_of=lambda number: picture_of(exam, number),
        misread=lambda figures: 1 - figures.folded,
        full=lambda share: min(1.0, share / _WORST),
    )


def advised(curve: Sequence[Acceptance]) -> Acceptance | None:
    """Return the lowest threshold at which at most 1 % of other characters are accepted, if there is one."""
    return next((a for a in curve if a.other <= _MOST_OTHERS), None)


def _of(name: str, by_name: Sequence[Mapping[str, Sequence[Any]]]) -> list[Sequence[Any]]:
    return [found.get(name, ()) for found in by_name]


def _characters(judgements: Sequence[Judgement]) -> dict[str, list[CharacterFigures | None]]:
    """Return the figures of each character by each model, in label order; none where a model does not know it."""
    known = [{c.character: c for c in j.by_character} for j in judgements]
    return {c: [of_model.get(c) for of_model in known] for c in sorted({c for k in known for c in k})}
