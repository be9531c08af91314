"""The page: comparisons, and the drawings that changed sides, put into its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from markupsafe import Markup

from recognition.alphabets import CLASSES
from training.evaluation.report.drawings import draw_strokes, embed_pixels
from training.evaluation.report.template import render_template
from training.retrain.bounds import CONFIDENCE, MOST_LOST, SIGNIFICANCE
from training.retrain.compare import Comparison
from training.retrain.result import Result
from training.retrain.rounds.samples import Candidate

_SHOWN: Final = 24  # drawings of a kind
_LEAST_REACH: Final = 0.01  # of the chart, either way


@dataclass(frozen=True, slots=True)
class Changed:
    """A drawing that the two models read differently.

    Attributes:
        picture: the drawing.
        truth: what it is.
        before: what the champion read.
        after: what the challenger reads.
    """

    picture: Markup
    truth: str
    before: str
    after: str


def page(result: Result, created: datetime) -> str:
    """Return the HTML of a report; everything it shows is in it."""
    champion, challenger = result.answers
    every = (result.players, *result.base)
    reach = max(_LEAST_REACH, *(max(abs(one.low), abs(one.high)) for one in every))
    return render_template(
        "retrain.html.jinja",
        result=result,
        material=result.material,
        learned=result.material.learned(),
        created=created,
        comparisons=every,
        reach=reach,
        place=lambda share: round(50 + 50 * share / reach, 2),
        won=changed(result, challenger.right & ~champion.right),
        lost=changed(result, champion.right & ~challenger.right),
        doubted=_doubted(result),
        confidence=CONFIDENCE,
        significance=SIGNIFICANCE,
        most_lost=MOST_LOST,
        interval_of=interval_of,
    )


def changed(result: Result, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[Changed]:
    """Return the judging drawings of a mask, the first of them."""
    champion, challenger = result.answers
    return [
        Changed(
            picture_of(result.material.judging[i]),
            CLASSES[result.material.judging[i].label],
            CLASSES[champion.read[i]],
            CLASSES[challenger.read[i]],
        )
        for i in np.flatnonzero(which)[:_SHOWN].tolist()
    ]


def picture_of(candidate: Candidate) -> Markup:
    """Return the drawing as its strokes, or the picture as the model saw it."""
    return draw_strokes(candidate.ink) if candidate.ink is not None else embed_pixels(candidate.seen[..., 0])


def interval_of(one: Comparison) -> str:
    """Return the interval of the difference, in percentage points."""
    return f"{100 * one.low:+.2f} to {100 * one.high:+.2f}".replace("-", "−")


def _doubted(result: Result) -> Sequence[tuple[Markup, str, str]]:
    """Return pictures of rounds in doubt, what they were said to be, and what is seen in them."""
    return [
        (picture_of(result.material.aside[doubt.round]), doubt.label, doubt.seen)
        for doubt in result.material.doubts[:_SHOWN]
    ]
