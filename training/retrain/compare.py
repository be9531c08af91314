"""Compare two models on the same samples: how many only one of them reads, and whether that may be chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest
from scipy.stats import t as student

from recognition.model.calibration import ALPHABET_INDICES
from recognition.model.network import Model
from recognition.render import Images
from training.evaluation.metrics import Ints, make_look_alike_matrix, predict
from training.retrain.bounds import CONFIDENCE_LEVEL
from training.retrain.sign_flip import compute_p, compute_scores

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ComparisonSet:
    """Samples that both models read.

    Attributes:
        title: what they are, for the report.
        images: uint8 (N, 28, 28, channels).
        labels: int64 (N,), what they are, as indices into the 62 classes.
        alphabets: (N,), the alphabet in which each sample is read. Its label is in it.
    """

    title: str
    images: Images
    labels: Ints
    alphabets: Sequence[str]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class PredictedLabels:
    """What a model read in N samples.

    Attributes:
        labels: int64 (N,), the class it read.
        is_right: bool (N,), whether that is the true label or a look-alike of it in the sample's alphabet.
    """

    labels: Ints
    is_right: Mask


@dataclass(frozen=True, slots=True)
class Comparison:
    """Champion and challenger on the same samples. The names of the fields are keys in ``report.json``.

    Attributes:
        title: what the samples are.
        samples: how many there are.
        champion: share that the champion reads right, 0..1.
        challenger: share that the challenger reads right, 0..1.
        gained: number of samples that only the challenger reads right.
        lost: number of samples that only the champion reads right.
        p: the probability that chance alone makes such a difference. For base data it is from McNemar's exact
            test, which counts differences to either side. For the judges' drawings it is from the test by people
            (see `training.retrain.sign_flip`), which counts gains alone.
        low: lower end of the confidence interval of the difference, as a share.
        high: its upper end.
    """

    title: str
    samples: int
    champion: float
    challenger: float
    gained: int
    lost: int
    p: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """How much more the challenger reads, as a share. Negative if it reads less."""
        return (self.gained - self.lost) / self.samples


def predict_labels(model: Model, samples: ComparisonSet) -> PredictedLabels:
    """Return what the model reads in each sample."""
    outputs = predict(model, samples.images)
    labels = np.zeros(len(samples), dtype=np.int64)
    is_right = np.zeros(len(samples), dtype=bool)
    alphabets = np.array(samples.alphabets)
    for alphabet in dict.fromkeys(samples.alphabets):
        (rows,) = np.nonzero(alphabets == alphabet)
        probabilities = outputs.calibration.compute_probabilities(outputs.scores[rows], alphabet)
        labels[rows] = ALPHABET_INDICES[alphabet][probabilities.argmax(axis=1)]
        is_right[rows] = make_look_alike_matrix(alphabet)[labels[rows], samples.labels[rows]]
    return PredictedLabels(labels, is_right)


def compare(title: str, champion: Mask, challenger: Mask) -> Comparison:
    """Compare two models by which of the same N samples each reads right, bool (N,) each; N must not be 0."""
    samples = len(champion)
    gained = int((challenger & ~champion).sum())
    lost = int((champion & ~challenger).sum())
    low, high = compute_interval(gained, lost, samples)
    return Comparison(
        title=title,
        samples=samples,
        champion=float(champion.mean()),
        challenger=float(challenger.mean()),
        gained=gained,
        lost=lost,
        p=compute_p_value(gained, lost),
        low=low,
        high=high,
    )


def compare_people(
    title: str, champion: Mask, challenger: Mask, players: Sequence[str]
) -> tuple[Comparison, Ints]:
    """Compare two models on drawings of several people, with a p and an interval that know who drew what.

    Args:
        title: what the samples are.
        champion: bool (N,), which samples the champion reads right; N must not be 0.
        challenger: bool (N,), which samples the challenger reads right.
        players: (N,), who drew each sample.

    Returns:
        The comparison, and the score of each person (see `compute_scores`).
    """
    _, people = np.unique(players, return_inverse=True)
    drawings, gained, lost = (
        np.bincount(people, mask).astype(np.float64)
        for mask in (np.ones(len(people)), challenger & ~champion, champion & ~challenger)
    )
    scores = compute_scores(gained, lost, drawings)
    low, high = compute_people_interval(champion, challenger, players)
    comparison = replace(compare(title, champion, challenger), p=compute_p(scores), low=low, high=high)
    return comparison, scores


def compute_people_interval(champion: Mask, challenger: Mask, people: Sequence[str] | Ints) -> tuple[float, float]:
    """Return the confidence interval of the share of drawings that is gained, when people are the sampling units.

    Cochran: Sampling Techniques, 1977, section 2.11, for a ratio of two sums over people. The quantile is
    Student's, because people are few.

    Args:
        champion: bool (N,), which drawings the champion reads right.
        challenger: bool (N,), which drawings the challenger reads right.
        people: (N,), who drew each of them.
    """
    _, numbers = np.unique(people, return_inverse=True)
    drawings = np.bincount(numbers)
    differences = np.bincount(numbers, challenger.astype(np.float64) - champion)
    count = len(drawings)
    if count < 2:
        return -1.0, 1.0
    share = differences.sum() / drawings.sum()
    variance = count / (count - 1) * ((differences - share * drawings) ** 2).sum()
    spread = student.ppf((1 + CONFIDENCE_LEVEL) / 2, count - 1) * math.sqrt(variance) / drawings.sum()
    return max(-1.0, float(share - spread)), min(1.0, float(share + spread))


def compute_p_value(gained: int, lost: int) -> float:
    """Return the two-sided p of McNemar's exact test. Only samples that exactly one of the two models reads count.

    McNemar: Note on the sampling error of the difference between correlated proportions, Psychometrika 1947. The
    exact form, from the binomial distribution with probability one half, needs no large samples: Dietterich,
    Neural Computation 1998.
    """
    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def compute_interval(gained: int, lost: int, samples: int) -> tuple[float, float]:
    """Return the confidence interval of the difference between two proportions measured on the same samples.

    Bonett and Price: Adjusted Wald confidence interval for a difference of binomial proportions based on paired
    data, Journal of Educational and Behavioral Statistics 2012. It is Wald's interval after adding one sample to
    the gained and one to the lost.
    """
    more, less = (gained + 1) / (samples + 2), (lost + 1) / (samples + 2)
    z = NormalDist().inv_cdf((1 + CONFIDENCE_LEVEL) / 2)
    spread = z * math.sqrt((more + less - (more - less) ** 2) / (samples + 2))
    return max(-1.0, more - less - spread), min(1.0, more - less + spread)
