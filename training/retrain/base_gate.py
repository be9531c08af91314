"""What a challenger may lose of base data: drawings and pictures that no model is trained on.

Every alphabet is tested on its own, because a loss of digits would hardly show among all 62 characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from recognition.alphabets import CLASSES
from recognition.model.calibration import ALPHABET_INDICES
from recognition.model.network import Model
from training.datasets.samples import Samples
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import Floats, Ints, make_look_alike_matrix, predict
from training.retrain.bounds import CONFIDENCE_LEVEL, MAX_LOST_SHARE, MAX_POSSIBLE_LOSS, MIN_INTERVAL_SAMPLES
from training.retrain.compare import Comparison, Mask, compare, compute_people_interval

_CHUNK: Final = 1024  # samples that are rendered at once
_TITLES: Final = {
    "any": "characters",
    "digits": "digits",
    "upper": "uppercase letters",
    "lower": "lowercase letters",
    "letters": "letters",
}


@dataclass(frozen=True, slots=True)
class BaseSet:
    """Samples that no model is trained on.

    Attributes:
        source: what they are, for the report, such as "53 people of UNIPEN".
        samples: drawings, whose writers are known, or pictures.
        alphabets: the alphabets that are tested, each on its own characters.
    """

    source: str
    samples: Samples
    alphabets: Sequence[str]


def compare_on_base_data(champion: Model, challenger: Model, sets: Iterable[BaseSet]) -> list[Comparison]:
    """Compare two models on every alphabet of every set. Alphabets without samples are left out.

    The intervals of drawings count people and not drawings: somebody's drawings are gained or lost together.
    """
    return [comparison for base_set in sets for comparison in _compare_on_set(champion, challenger, base_set)]


def list_objections(base: Sequence[Comparison]) -> list[str]:
    """Return a sentence for each comparison in which the challenger loses too much."""
    return [objection for comparison in base if (objection := _find_objection(comparison))]


def describe_losses(base: Sequence[Comparison]) -> str:
    """Return what a challenger without objections lost, in sentences that claim no more than was measured."""
    if not base:
        return "There was no base data to test it on, so it may have forgotten something."
    worst = min(base, key=lambda comparison: comparison.difference)
    names = "; ".join(f"{comparison.title} ({_format_difference(comparison)})" for comparison in base)
    change = "loses nothing" if worst.difference >= 0 else f"loses at most {_format_share(-worst.difference)}"
    return f"On base data it {change}. Measured were: {names}. Nothing else was measured."


def _find_objection(comparison: Comparison) -> str | None:
    loss = -comparison.difference
    if loss >= MAX_LOST_SHARE:
        limit = _format_share(MAX_LOST_SHARE)
        return f"It reads {_format_share(loss)} less of {comparison.title}. It must lose less than {limit}."
    if comparison.samples >= MIN_INTERVAL_SAMPLES and -comparison.low >= MAX_POSSIBLE_LOSS:
        reach, limit = _format_share(-comparison.low), _format_share(MAX_POSSIBLE_LOSS)
        interval = f"the {CONFIDENCE_LEVEL:.0%} interval reaches to {reach} less, and must stay under {limit}"
        return f"It may read too much less of {comparison.title}: {interval}."
    return None


def _compare_on_set(champion: Model, challenger: Model, base_set: BaseSet) -> Iterator[Comparison]:
    samples = base_set.samples
    old, new = _compute_scores((champion, challenger), samples)
    for alphabet in base_set.alphabets:
        (rows,) = np.nonzero(np.isin(samples.labels, ALPHABET_INDICES[alphabet]))
        if not len(rows):
            continue
        labels = samples.labels[rows]
        is_right, is_right_now = (find_right(scores[rows], labels, alphabet) for scores in (old, new))
        comparison = compare(f"{_TITLES[alphabet]} of {base_set.source}", is_right, is_right_now)
        if isinstance(samples, StrokeSet):
            low, high = compute_people_interval(is_right, is_right_now, samples.writers[rows])
            comparison = replace(comparison, low=low, high=high)
        yield comparison


def _compute_scores(models: Sequence[Model], samples: Samples) -> list[Floats]:
    """Return float64 (N, 62) for each model. Few samples are rendered at a time, which saves memory."""
    scores = [np.empty((len(samples), len(CLASSES))) for _ in models]
    for start in range(0, len(samples), _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, len(samples)))
        images = samples.take(rows).to_images()
        for model_scores, model in zip(scores, models, strict=True):
            model_scores[rows] = predict(model, images).scores
    return scores


def find_right(scores: Floats, labels: Ints, alphabet: str) -> Mask:
    """Return which samples are read right in an alphabet, or as a look-alike: bool (N,) for scores (N, 62)."""
    members = ALPHABET_INDICES[alphabet]
    read = members[scores[:, members].argmax(axis=1)]
    is_right: Mask = make_look_alike_matrix(alphabet)[read, labels]
    return is_right


def _format_share(share: float) -> str:
    return f"{100 * share:.2f} %"


def _format_difference(comparison: Comparison) -> str:
    return f"{100 * comparison.difference:+.2f} %".replace("-", "−")
