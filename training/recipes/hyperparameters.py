"""How a network is taught."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlainTraining:
    """As the original app taught: pictures of one set as they come, by Adam at its usual settings.

    Attributes:
        epochs: passes over the data.
        batch: samples a step.
    """

    epochs: int
    batch: int


@dataclass(frozen=True, slots=True)
class PictureFineTuning:
    """Copies of a network that reads drawings taught further on pictures alone, to read those, and then averaged.

    Weights that were taught further from the same ones by different batches can be averaged, and the average
    reads people it has not seen better than each (Wortsman et al. 2022, Model soups).

    Attributes:
        copies: how many.
        epochs: passes over the pictures, of each copy.
        learning_rate: AdamW's, at its highest.
        averaging: as in `AugmentedTraining`.
    """

    copies: int
    epochs: int
    learning_rate: float
    weight_averaging: float


@dataclass(frozen=True, slots=True)
class AugmentedTraining:
    """Every set mixed, and every sample altered anew each time it is seen.

    Attributes:
        epochs: passes over the data.
        batch: samples a step.
        learning_rate: AdamW's, at its highest; it falls to nothing along a half cosine.
        weight_decay: AdamW's.
        warm_up: share of all steps in which the learning rate rises from nothing.
        label_smoothing: share of the truth given to all classes alike, which labels that are wrong deserve.
        within_kind: weight of a second loss, by which a digit is told apart from digits alone, a capital from
            capitals and a small letter from small letters, as in a game of that alphabet.
        folds: parts of the writers, each read by a small network taught from the others, to find labels that are
            wrong before they are taught; none where 0.
        averaging: weight of the past in the running average of the weights, which is what is kept; none where 0.
        pictures: how a second network comes from this one, to read pictures; one reads everything where None.
    """

    epochs: int
    batch: int
    learning_rate: float
    weight_decay: float = 0.0
    warm_up: float = 0.0
    label_smoothing: float = 0.0
    kind_loss_weight: float = 0.0
    folds: int = 0
    weight_averaging: float = 0.0
    pictures: PictureFineTuning | None = None
