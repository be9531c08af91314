"""Runs a model file with LiteRT on one core, as its card describes it."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from recognition.alphabets import CLASSES
from recognition.errors import UnfitModel
from recognition.model.calibration import Calibration, Scores
from recognition.model.card import read_card
from recognition.model.quiet import hide_greeting
from recognition.model.similarity import SimilarityScale
from recognition.render import CHANNELS, SIZE, Images

MODEL_FILE: Final = "model.tflite"
DRAWING_SIGNATURE: Final = "drawing"
"""The signature of the network for drawings, in a model file with two networks."""
PICTURE_SIGNATURE: Final = "picture"
"""The signature of the network for pictures, in a model file with two networks."""
PROBABILITIES: Final = "probabilities"
"""The output of a signature with the probability of each class."""
FEATURES: Final = "features"
"""The output of a signature with the numbers that the network's last layer sees. Older model files lack it."""
BUNDLED: Final = Path(__file__).parent.parent / "bundled"
"""The folder of the model that is part of this package."""

_SCALE: Final = np.float32(1 / 255)
_SUM_TOLERANCE: Final = 0.01  # how far the sum of the probabilities may be from 1
_LEAST_PROBABILITY: Final = 1e-30  # keeps the logarithm finite; float32 still tells it from zero
CLEAR: Final = 0.8
"""A picture for which no class is this probable is read a second time, moved by half a pixel. On pictures held out
of training this read 0.4 % more correctly and took a third more time. Four more readings gained nothing."""

Floats = npt.NDArray[np.float32]


class Outputs(NamedTuple):
    """What one look at an image gives.

    Attributes:
        scores: float64 (classes,), the logarithm of the network's output for each class. `calibration` turns
            these into probabilities.
        features: float32 (K,), the numbers that the network's last layer sees. They are None if the model file
            does not give them.
    """

    scores: Scores
    features: Floats | None


class Model:
    """One network for drawings and pictures, or one network for each: images in, scores of classes out.

    Attributes:
        card: its training data, hyperparameters and evaluation.
        classes: the characters it tells apart, in label order. A model that serves knows all 62.
        calibration: turns its scores into probabilities.
        early_thresholds: by alphabet and character, the probability from which the character may be accepted
            before the drawing is finished. A character is missing if unfinished drawings of others look like it
            too often.
        lifted_thresholds: by alphabet and character, the probability from which the character may be accepted as
            soon as the pen is lifted, after one stroke, two strokes, and so on. It is None or missing if people go
            on too often. Older cards have none.
        similarity_scale: how similar drawings are for this model.

    LiteRT's interpreter is not thread-safe, so each thread gets its own on its first call.
    """

    def __init__(self, content: bytes, card: dict[str, Any]) -> None:
        self.card = card
        self.classes = str(card["classes"])
        self._content = content
        self._local = threading.local()
        self.calibration = Calibration.from_card(card["calibration"])
        self.early_thresholds: dict[str, dict[str, float]] = card.get("early", {})
        self.lifted_thresholds: dict[str, dict[str, list[float | None]]] = card.get("lifted", {})
        self.similarity_scale = SimilarityScale.from_card(card.get("hand", {}))
        self._channels = self._check_shapes()
        with hide_greeting():
            self._check_probabilities()

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read ``model.tflite`` and ``model.json`` from ``folder``.

        Raises:
            UnfitModel: if either is missing or broken, or the file is not the one that the card describes.
        """
        card = read_card(folder)
        try:
            content = (folder / MODEL_FILE).read_bytes()
        except OSError as error:
            raise UnfitModel(f"There is no readable model in {folder}: {error}") from error
        if card["sha256"] != hashlib.sha256(content).hexdigest():
            raise UnfitModel(f"{folder / MODEL_FILE} is not the file that its card describes.")
        try:
            return cls(content, card)
        except (ValueError, RuntimeError) as error:
            raise UnfitModel(f"{folder / MODEL_FILE} is not a LiteRT model: {error}") from error

    def check_serves(self) -> None:
        """Check that the model knows all 62 classes.

        Raises:
            UnfitModel: if it does not.
        """
        if self.classes != CLASSES:
            raise UnfitModel(
                f"{self.card['version']} knows only {len(self.classes)} characters ({self.classes}). "
                f"It is for comparison: a model that serves must know all {len(CLASSES)}."
            )

    def compute_scores(self, image: Images, *, may_repeat: bool = True) -> Scores:
        """Return the scores of `compute_outputs` alone."""
        return self.compute_outputs(image, may_repeat=may_repeat).scores

    def compute_outputs(self, image: Images, *, may_repeat: bool = True) -> Outputs:
        """Return the scores and the features of one image.

        Args:
            image: uint8 (28, 28, channels), as `recognition.render` makes it. If its channels of directions are
                empty, it is read as a picture, and read twice if the first reading is not clear. The features are
                those of the first reading.
            may_repeat: whether it may be read twice.
        """
        networks = self._get_networks()
        levels = image[None, :, :, : self._channels] * _SCALE
        if image[..., 1:].any():
            probabilities, features = networks[DRAWING_SIGNATURE].predict(levels)
            return Outputs(_take_logarithms(probabilities), features)
        first, features = networks[PICTURE_SIGNATURE].predict(levels)
        if first.max() >= CLEAR or not may_repeat:
            return Outputs(_take_logarithms(first), features)
        second, _ = networks[PICTURE_SIGNATURE].predict(_move_half_a_pixel(levels))
        return Outputs((_take_logarithms(first) + _take_logarithms(second)) / 2, features)

    def _get_networks(self) -> dict[str, _Network]:
        """Return this thread's networks by signature."""
        networks: dict[str, _Network] | None = getattr(self._local, "networks", None)
        if networks is None:
            interpreter = Interpreter(model_content=self._content, num_threads=1)
            signatures = list(interpreter.get_signature_list())
            if not signatures:
                raise UnfitModel("The model file has no network with a signature.")
            networks = {
                name: _Network(interpreter, name if name in signatures else signatures[0])
                for name in (DRAWING_SIGNATURE, PICTURE_SIGNATURE)
            }
            self._local.networks = networks
        return networks

    def _check_shapes(self) -> int:
        """Check the shapes of the networks' inputs and outputs, and return the number of channels they take."""
        channels = set()
        for network in self._get_networks().values():
            source, result = network.get_shapes()
            if source not in ((1, SIZE, SIZE, 1), (1, SIZE, SIZE, CHANNELS)) or result != (1, len(self.classes)):
                raise UnfitModel(
                    f"The model maps {source} to {result}, not an image to {len(self.classes)} classes."
                )
            channels.add(source[-1])
        if len(channels) > 1:
            raise UnfitModel("The two networks of the model take images of different shapes.")
        return channels.pop()

    def _check_probabilities(self) -> None:
        """Check that the networks give probabilities. After a failed training, weights may be NaN."""
        empty = np.zeros((1, SIZE, SIZE, self._channels), np.float32)
        for network in self._get_networks().values():
            total = float(network.predict(empty)[0].sum())
            if not abs(total - 1) < _SUM_TOLERANCE:
                raise UnfitModel(
                    f"The model does not give probabilities: for an empty image they sum to {total:g}, not 1."
                )


class _Network:
    """One network of a model file, for one thread."""

    def __init__(self, interpreter: Interpreter, signature: str) -> None:
        self._run = interpreter.get_signature_runner(signature)
        outputs = self._run.get_output_details()
        (self._input,) = self._run.get_input_details()
        # A file with one output may give it any name.
        self._probabilities = PROBABILITIES if PROBABILITIES in outputs else next(iter(outputs))
        self._has_features = FEATURES in outputs

    def get_shapes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the shapes of its input and of its probabilities."""
        source = self._run.get_input_details()[self._input]
        result = self._run.get_output_details()[self._probabilities]
        return tuple(source["shape"].tolist()), tuple(result["shape"].tolist())

    def predict(self, levels: Floats) -> tuple[Floats, Floats | None]:
        """Return float32 (classes,), probabilities, and float32 (K,), the features, if the file gives them.

        Args:
            levels: float32 (1, 28, 28, channels) from 0 to 1.
        """
        outputs = self._run(**{self._input: levels})
        return outputs[self._probabilities][0], outputs[FEATURES][0] if self._has_features else None


def _take_logarithms(probabilities: Floats) -> Scores:
    scores: Scores = np.log(np.maximum(probabilities.astype(np.float64), _LEAST_PROBABILITY))
    return scores


def _move_half_a_pixel(levels: Floats) -> Floats:
    """Return images (…, height, width, channels) moved half a pixel to the right and down."""
    right = levels.copy()
    right[..., 1:, :] += levels[..., :-1, :]
    down = right.copy()
    down[..., 1:, :, :] += right[..., :-1, :, :]
    down *= 1 / 4
    return down
