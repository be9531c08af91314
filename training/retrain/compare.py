"""Two models on the same samples: what one reads and the other does not, and whether that is chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from recognition.model.calibration import ALPHABET_INDICES
from recognition.model.network import Model
from recognition.render import Images
from training.evaluation.metrics import Ints, ModelOutput, make_look_alike_matrix, predict
from training.retrain.bounds import CONFIDENCE

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Questions:
    """Samples that both models are asked about.

    Attributes:
        title: what they are.
        images: uint8 (N, 28, 28, channels).
        labels: int64 (N,), what they are, indices into the 62 classes.
        alphabets: (N,) which alphabet each is read in; its label is in it.
    """

    title: str
    images: Images
    labels: Ints
    alphabets: Sequence[str]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model said of N questions.

    Attributes:
        read: int64 (N,), the class it took each for.
        right: bool (N,), whether that is the label or a look-alike of it in its alphabet.
    """

    read: Ints
    right: Mask


@dataclass(frozen=True, slots=True)
class Comparison:
    """Champion and challenger on the same questions.

    Attributes:
        title: what they were asked.
        samples: how many there were.
        champion: share that the champion reads.
        challenger: share that the challenger reads.
        gained: how many the challenger alone reads.
        lost: how many the champion alone reads.
        p: McNemar's: how probable it is that chance alone makes such a difference, or a greater one.
        low: lower end of the interval of the difference, in shares of 1.
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
        """How much more the challenger reads, a share of 1."""
        return (self.gained - self.lost) / self.samples


def ask(model: Model, questions: Questions) -> Answers:
    """Return what the model says of each question."""
    reading = predict(model, questions.images)
    read = np.zeros(len(questions), dtype=np.int64)
    right = np.zeros(len(questions), dtype=bool)
    named = np.array(questions.alphabets)
    for alphabet in dict.fromkeys(questions.alphabets):
        (mine,) = np.nonzero(named == alphabet)
        best = _best(reading, mine, alphabet)
        read[mine] = best
        right[mine] = make_look_alike_matrix(alphabet)[best, questions.labels[mine]]
    return Answers(read, right)


def compare(title: str, champion: Mask, challenger: Mask) -> Comparison:
    """Return how two models differ that got these questions right, bool (N,) each; N is not 0."""
    samples = len(champion)
    gained = int((challenger & ~champion).sum())
    lost = int((champion & ~challenger).sum())
    low, high = interval(gained, lost, samples)
    return Comparison(
        title=title,
        samples=samples,
        champion=float(champion.mean()),
        challenger=float(challenger.mean()),
        gained=gained,
        lost=lost,
        p=mcnemar(gained, lost),
        low=low,
        high=high,
    )


def mcnemar(gained: int, lost: int) -> float:
    """Return the two-sided p of McNemar's exact test: questions that only one model gets right, tossed as coins.

    McNemar: Note on the sampling error of the difference between correlated proportions, Psychometrika 1947; exact
    by the binomial distribution with one half, as in Dietterich, Neural Computation 1998, needs no large samples.
    """
    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def interval(gained: int, lost: int, samples: int) -> tuple[float, float]:
    """Return the interval of the difference of two proportions that were measured on the same samples.

    Bonett and Price: Adjusted Wald confidence interval for a difference of binomial proportions based on paired
    data, Journal of Educational and Behavioral Statistics 2012: Wald's, after one more sample of either kind.
    """
    more, less = (gained + 1) / (samples + 2), (lost + 1) / (samples + 2)
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    spread = z * math.sqrt((more + less - (more - less) ** 2) / (samples + 2))
    return max(-1.0, more - less - spread), min(1.0, more - less + spread)


def _best(reading: ModelOutput, mine: npt.NDArray[np.intp], alphabet: str) -> Ints:
    among = reading.calibration.compute_probabilities(reading.scores[mine], alphabet)
    best: Ints = ALPHABET_INDICES[alphabet][among.argmax(axis=1)]
    return best
