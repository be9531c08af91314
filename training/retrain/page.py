"""The report's page: the comparisons, and the drawings that the two models read differently."""

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
from training.retrain.base_gate import list_objections
from training.retrain.bounds import CONFIDENCE_LEVEL, MAX_LOST_SHARE, MAX_POSSIBLE_LOSS, MIN_INTERVAL_SAMPLES
from training.retrain.compare import Comparison, Mask
from training.retrain.decide import explain_power, is_gain_shown
from training.retrain.result import RetrainResult
from training.retrain.rounds.labeled_round import LabeledRound
from training.retrain.trial import OWN_HAND

_MAX_SHOWN: Final = 24  # drawings in each section
_MIN_REACH: Final = 0.01  # of the chart's axis, to either side


@dataclass(frozen=True, slots=True)
class ChangedReading:
    """A drawing that the two models read differently.

    Attributes:
        picture: the drawing, as HTML.
        label: what it is.
        champion: what the champion reads.
        challenger: what the challenger reads.
    """

    picture: Markup
    label: str
    champion: str
    challenger: str


def render_page(result: RetrainResult, created: datetime) -> str:
    """Return the HTML of a report. It needs no other file."""
    champion, challenger = result.predictions
    comparisons = (result.players, *result.base)
    reach = max(_MIN_REACH, *(max(abs(comparison.low), abs(comparison.high)) for comparison in comparisons))
    return render_template(
        "retrain.html.jinja",
        result=result,
        data=result.data,
        learned=result.data.summarize_training(),
        created=created,
        comparisons=comparisons,
        is_gain_shown=is_gain_shown(result.players, result.trial),
        obstacle=describe_obstacle(result),
        sureness=describe_sureness(result),
        power=explain_power(result.trial.power).replace(" %", "\N{NO-BREAK SPACE}%"),
        own_hand=OWN_HAND,
        elsewhere=list_objections(result.base) or [describe_base_data(result.base)],
        place=lambda share: round(50 + 50 * share / reach, 2),
        gained=list_changed(result, challenger.is_right & ~champion.is_right),
        lost=list_changed(result, champion.is_right & ~challenger.is_right),
        doubted=_list_doubted(result),
        confidence_level=CONFIDENCE_LEVEL,
        max_lost_share=MAX_LOST_SHARE,
        max_possible_loss=MAX_POSSIBLE_LOSS,
        min_interval_samples=MIN_INTERVAL_SAMPLES,
        format_interval=format_interval,
    )


def describe_obstacle(result: RetrainResult) -> str:
    """Return why the challenger does not take over, to follow "because"."""
    if result.players.difference <= 0:
        return "it does not read these people better"
    if not is_gain_shown(result.players, result.trial):
        return "it is not clear that it reads better"
    if list_objections(result.base):
        return "it reads other people's writing worse"
    return "another model was put into service meanwhile"


def describe_sureness(result: RetrainResult) -> str:
    """Return how sure it is that the challenger reads people better, in everyday words."""
    if result.players.difference <= 0:
        return "It does not read these people better."
    if is_gain_shown(result.players, result.trial):
        times = round(1 / max(result.trial.p, 1e-6))
        return f"Quite sure. If the new model were no better, luck would do this once in {times:,} times."
    return "Not sure: that may be luck. So few changes can happen by chance, even if the new model is no better."


def describe_base_data(base: Sequence[Comparison]) -> str:
    """Return what a challenger without objections lost on base data, in one sentence."""
    if not base:
        return "There was no other writing to try it on, so it may have forgotten something."
    worst = min(base, key=lambda comparison: comparison.difference)
    tried = "On writing by other people, measured set by set in the statistics below, it loses"
    if worst.difference >= 0:
        return f"{tried} nothing."
    return f"{tried} at most {-100 * worst.difference:.2f} % ({worst.title})."


def list_changed(result: RetrainResult, which: Mask) -> list[ChangedReading]:
    """Return the first of the judges' drawings that the mask (N,) selects."""
    champion, challenger = result.predictions
    return [
        ChangedReading(
            render_drawing(result.data.judging[i]),
            CLASSES[result.data.judging[i].label],
            CLASSES[champion.labels[i]],
            CLASSES[challenger.labels[i]],
        )
        for i in np.flatnonzero(which)[:_MAX_SHOWN].tolist()
    ]


def render_drawing(round_: LabeledRound) -> Markup:
    """Return the HTML of a round's strokes, or of the picture as the model sees it."""
    return draw_strokes(round_.strokes) if round_.strokes is not None else embed_pixels(round_.image[..., 0])


def format_interval(comparison: Comparison) -> str:
    """Return the interval of the difference, in percentage points."""
    return f"{100 * comparison.low:+.2f} to {100 * comparison.high:+.2f}".replace("-", "−")


def _list_doubted(result: RetrainResult) -> Sequence[tuple[Markup, str, str]]:
    """Return the first rounds in doubt: a picture, the label it has, and what the models see in it."""
    return [
        (render_drawing(result.data.quarantined[doubt.round]), doubt.label, doubt.seen)
        for doubt in result.data.doubts[:_MAX_SHOWN]
    ]
