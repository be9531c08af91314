"""How a network is trained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlainTraining:
    """Training as the original app did it: the pictures of one set, unaltered, with Adam's default settings.

    Attributes:
        epochs: passes over the data.
        batch: samples a step.
    """

    epochs: int
    batch: int


@dataclass(frozen=True, slots=True)
class PictureFineTuning:
    """How a second network, for pictures, is made from one that reads drawings.

    Several copies are trained further on pictures alone, and their weights are averaged. The average of networks
    that were fine-tuned from the same weights reads unseen people better than each of them (Wortsman et al. 2022,
    Model soups).

    Attributes:
        copies: how many copies are trained.
        epochs: passes over the pictures, for each copy.
        learning_rate: AdamW's, at its highest.
        weight_averaging: as in `AugmentedTraining`.
    """

    copies: int
    epochs: int
    learning_rate: float
    weight_averaging: float


@dataclass(frozen=True, slots=True)
class AugmentedTraining:
    """Training on a mix of all sets, with every sample altered anew each time it is used.

    Attributes:
        epochs: passes over the data.
        batch: samples a step.
        learning_rate: AdamW's, at its highest. It falls to 0 along a half cosine.
        weight_decay: AdamW's.
        warm_up: share of all steps in which the learning rate rises from 0.
        label_smoothing: share of the truth that is spread over all classes, because some labels are wrong.
        kind_loss_weight: weight of the second part of the loss, which tells digits apart among digits, uppercase
            letters among uppercase letters and lowercase letters among lowercase letters.
        folds: number of parts of the writers. Each part is read by a small network trained on the others, to find
            wrong labels before training; 0 to skip this.
        weight_averaging: momentum of the running average of the weights, which is what is kept; 0 for no average.
        pictures: how a second network for pictures is made; None if one network reads everything.
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
