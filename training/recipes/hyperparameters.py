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
        batch: samples a step.
        learning_rate: AdamW's, at its highest.
        weight_decay: AdamW's.
        weight_averaging: as in `AugmentedTraining`.
    """

    copies: int
    epochs: int
    batch: int
    learning_rate: float
    weight_decay: float
    weight_averaging: float


@dataclass(frozen=True, slots=True)
class Distillation:
    """How a network learns from teachers: larger networks that are trained first and read every sample with it.

    Teachers read strangers better than the network could if it learned from labels alone, but they are too slow to
    serve. A network that is trained long on what they answer comes close to them (Hinton et al. 2015, Distilling
    the knowledge in a neural network; Beyer et al. 2022, Knowledge distillation: a good teacher is patient and
    consistent).

    Attributes:
        widths: of each teacher.
        epochs: passes over the data, for the teachers.
        learning_rate: AdamW's, at its highest, for the teachers.
        label_smoothing: as in `AugmentedTraining`, for the teachers.
        picture_share: as in `AugmentedTraining`, for the teachers.
        weight: share of the loss that is how far the network is from the teachers' mean answer. The rest is what
            the labels say.
    """

    widths: tuple[int, ...]
    epochs: int
    learning_rate: float
    label_smoothing: float
    picture_share: float
    weight: float


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
        picture_share: share of the samples that are pictures; None to leave it to the sizes of the sets.
        distillation: how the network learns from teachers; None if it learns from the labels alone.
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
    picture_share: float | None = None
    distillation: Distillation | None = None
    pictures: PictureFineTuning | None = None
