"""Find wrong labels, with models that never saw the player who drew.

The check is cross-validated, as confident learning requires (see `training.fit.label_noise`). To keep it cheap,
only the last layer of the network in service is trained again: once for each part of the players, on the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import keras
import numpy as np
import numpy.typing as npt

from feedback.quarantine import Doubt
from recognition.alphabets import CLASSES
from recognition.render import Images
from training.datasets.samples import Samples
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import Floats, Ints
from training.fit.batches import augment_samples
from training.fit.label_noise import find_doubtful
from training.retrain.base_data import ReplaySet
from training.retrain.held_out import Judges, assign_fold
from training.retrain.rounds.labeled_round import LabeledRound, RejectReason, stack_images, stack_labels

MAX_CONTRADICTED_SHARE: Final = 0.4
"""Share of a player's labels that may be contradicted. Beyond it, none of that player's rounds are used."""

MIN_LABELS_TO_DISTRUST: Final = 8
"""With fewer labels of a player, such a share means nothing."""

FOLDS: Final = 5

_EPOCHS: Final = 15
_BATCH: Final = 256
_LEARNING_RATE: Final = 2e-3
_REPLAY_SAMPLES: Final = 4_000  # mixed in, so that characters nobody drew are not forgotten
_CHUNK: Final = 128  # images that the network reads at once: with 1,024, it takes a gigabyte more

Features = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


class LabelCheck:
    """The network in service, prepared to check labels."""

    def __init__(self, network: keras.Model, replay: Sequence[ReplaySet], seed: int) -> None:
        last = network.layers[-1]
        self._body = keras.Model(network.inputs[0], last.input)
        self._channels = int(network.input_shape[-1])
        self._initial_weights = last.get_weights()
        self._seed = seed
        samples = [replay_set.samples for replay_set in replay]
        images, self._replay_labels = _draw_replay(samples, np.random.default_rng(seed))
        self._replay_features = self._compute_features(images)

    def check_rounds(self, rounds: Sequence[LabeledRound], judges: Judges) -> tuple[Floats, frozenset[str]]:
        """Return probabilities (N, 62) from models that never saw the round's player, and the distrusted players.

        Players whom the network in service contradicts too often are distrusted from the start: no model trains
        on their rounds. No model is trained on rounds of judges either.
        """
        features, labels = self._compute_features(stack_images(rounds)), stack_labels(rounds)
        probabilities = _predict(self._make_head(), features)
        distrusted = find_distrusted_players(rounds, find_contradicted(rounds, probabilities))
        may_train = np.array(
            [not judges.is_judge(round_.player) and not is_by_distrusted(distrusted, round_) for round_ in rounds],
            dtype=bool,
        )
        for part in _split_into_parts(rounds, judges):
            training = may_train & ~part
            if part.any() and training.any():
                head = self._make_head()
                self._train(head, features[training], labels[training])
                probabilities[part] = _predict(head, features[part])
        contradicted = find_contradicted(rounds, probabilities)
        return probabilities, distrusted | find_distrusted_players(rounds, contradicted)

    def drop_doubtful(self, replay: Sequence[ReplaySet]) -> list[ReplaySet]:
        """Return base data without drawings that the network contradicts. It was itself trained without them."""
        return [replace(replay_set, samples=self._drop_doubtful(replay_set.samples)) for replay_set in replay]

    def _drop_doubtful(self, samples: Samples) -> Samples:
        if not isinstance(samples, StrokeSet):
            return samples
        head = self._make_head()
        chunks = np.split(np.arange(len(samples)), range(_CHUNK, len(samples), _CHUNK))
        features = (self._compute_features(samples.take(chunk).to_images()) for chunk in chunks)
        probabilities = np.concatenate([_predict(head, part) for part in features])
        return samples.take(np.flatnonzero(~find_doubtful(samples.labels, probabilities)))

    def _compute_features(self, images: Images) -> Features:
        """Return float32 (N, K), the input of the last layer for uint8 (N, 28, 28, channels)."""
        chunks = [images[start : start + _CHUNK] for start in range(0, len(images), _CHUNK)]
        return np.concatenate(
            [
                np.asarray(self._body(chunk[..., : self._channels] * np.float32(1 / 255), training=False))
                for chunk in chunks
            ]
        )

    def _make_head(self) -> keras.Model:
        """Return a copy of the network's last layer."""
        head = keras.Sequential(
            [
                keras.Input((self._replay_features.shape[1],)),
                keras.layers.Dense(len(CLASSES), activation="softmax"),
            ]
        )
        head.set_weights(self._initial_weights)
        return head

    def _train(self, head: keras.Model, features: Features, labels: Ints) -> None:
        keras.utils.set_random_seed(self._seed)
        head.compile(keras.optimizers.Adam(_LEARNING_RATE), loss="sparse_categorical_crossentropy")
        head.fit(
            np.concatenate([features, self._replay_features]),
            np.concatenate([labels, self._replay_labels]),
            epochs=_EPOCHS,
            batch_size=_BATCH,
            verbose=0,
        )


def find_contradicted(rounds: Sequence[LabeledRound], probabilities: Floats) -> Mask:
    """Return which labels are doubtful, bool (N,).

    Curators are always believed. A label that is only the target of the prompt is nobody's claim, so there is
    nothing to contradict.

    Args:
        rounds: N rounds.
        probabilities: (N, 62), from models that never saw the rounds' players.
    """
    is_exempt = np.array([round_.label_by in ("curator", "prompt") for round_ in rounds], dtype=bool)
    mask: Mask = find_doubtful(stack_labels(rounds), probabilities) & ~is_exempt
    return mask


def find_distrusted_players(rounds: Sequence[LabeledRound], contradicted: Mask) -> frozenset[str]:
    """Return the players who have too many contradicted labels.

    Only labels that they gave themselves count. Hits do not, because the game gives them: nobody can earn trust
    with hits.
    """
    labels: dict[str, list[bool]] = {}
    for round_, is_contradicted in zip(rounds, contradicted.tolist(), strict=True):
        if round_.label_by == "player":
            labels.setdefault(round_.player, []).append(is_contradicted)
    return frozenset(
        player
        for player, flags in labels.items()
        if len(flags) >= MIN_LABELS_TO_DISTRUST and sum(flags) > MAX_CONTRADICTED_SHARE * len(flags)
    )


def is_by_distrusted(distrusted: frozenset[str], round_: LabeledRound) -> bool:
    """Return whether a distrusted player drew the round, and no curator labeled it."""
    return round_.label_by != "curator" and round_.player in distrusted


def make_doubt(round_: LabeledRound, probabilities: Floats, reason: RejectReason) -> Doubt:
    """Return the entry of a round in quarantine; ``probabilities`` (62,) come from the models that checked it."""
    return Doubt(
        round=round_.round_id,
        label=CLASSES[round_.label],
        seen=CLASSES[int(np.argmax(probabilities))],
        why=reason.value,
    )


def _split_into_parts(rounds: Sequence[LabeledRound], judges: Judges) -> Iterator[Mask]:
    """Yield masks (N,) of the rounds that one model checks: the judges' rounds, then the others fold by fold."""
    is_judged = np.array([judges.is_judge(round_.player) for round_ in rounds], dtype=bool)
    folds = np.array([assign_fold(round_.player, FOLDS) for round_ in rounds])
    yield is_judged
    for fold in range(FOLDS):
        yield ~is_judged & (folds == fold)


def _predict(head: keras.Model, features: Features) -> Floats:
    return np.asarray(head(features, training=False), dtype=np.float64)


def _draw_replay(sets: Sequence[Samples], random: np.random.Generator) -> tuple[Images, Ints]:
    """Return some samples of every set, each altered as in training."""
    images, labels = [], []
    for samples in sets:
        chosen = random.choice(len(samples), min(len(samples), _REPLAY_SAMPLES // len(sets)), replace=False)
        images.append(augment_samples(samples, chosen, random))
        labels.append(samples.labels[chosen])
    return np.concatenate(images), np.concatenate(labels)
