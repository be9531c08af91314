"""A model file with the card that describes it, run by LiteRT on one core."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from recognition.alphabets import CLASSES
from recognition.calibration import Calibration, Scores
from recognition.errors import UnfitModel
from recognition.render import CHANNELS, SIZE, Images

MODEL_FILE: Final = "model.tflite"
CARD_FILE: Final = "model.json"
BUNDLED: Final = Path(__file__).parent / "bundled"

_SCALE: Final = np.float32(1 / 255)
_LEEWAY: Final = 0.01  # in what probabilities add up to
_LEAST_PROBABILITY: Final = 1e-30  # what float32 still tells from nothing


class Model:
    """The network: pictures in, probabilities over its classes out.

    Attributes:
        card: what it was taught from, how, and how well it does.
        classes: the characters it tells apart, in label order: all 62 where it is to serve.
        calibration: what makes probabilities of its scores.
        early: by alphabet, how sure it must be of a character before the drawing is finished. Those that are
            missing too often turn out to have been the beginning of another one.

    LiteRT's interpreter is not thread-safe, so each thread gets its own on its first call.
    """

    def __init__(self, content: bytes, card: dict[str, Any]) -> None:
        self.card = card
        self.classes = str(card["classes"])
        self._content = content
        self._local = threading.local()
        self.calibration = Calibration.of(card["calibration"])
        self.early: dict[str, dict[str, float]] = card.get("early", {})
        self._input, self._output, self._channels = self._checked_ends()
        self._check_answer()

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read ``model.tflite`` and ``model.json`` from ``folder``.

        Raises:
            UnfitModel: if either is missing or broken, or the file is not the one the card describes.
        """
        card = read_card(folder)
        try:
            content = (folder / MODEL_FILE).read_bytes()
        except OSError as error:
            raise UnfitModel(f"No model could be read from {folder}: {error}") from error
        if card["sha256"] != hashlib.sha256(content).hexdigest():
            raise UnfitModel(f"{folder / MODEL_FILE} is not the file that its card describes.")
        try:
            return cls(content, card)
        except (ValueError, RuntimeError) as error:
            raise UnfitModel(f"{folder / MODEL_FILE} is not a LiteRT model: {error}") from error

    def check_serves(self) -> None:
        """See that it knows every class.

        Raises:
            UnfitModel: if it does not.
        """
        if self.classes != CLASSES:
            raise UnfitModel(
                f"{self.card['version']} tells only {len(self.classes)} characters apart ({self.classes}): "
                f"it is for comparison. To serve, a model must know all {len(CLASSES)}."
            )

    def scores(self, image: Images) -> Scores:
        """Return float64 (classes,) for one picture, uint8 (28, 28, channels) as `recognition.render` makes it.

        Scores are logarithms of what the network gives each class: `calibration` makes probabilities of them.
        """
        interpreter = self._interpreter()
        interpreter.set_tensor(self._input, image[None, :, :, : self._channels] * _SCALE)
        interpreter.invoke()
        probabilities = interpreter.get_tensor(self._output)[0].astype(np.float64)
        scores: Scores = np.log(np.maximum(probabilities, _LEAST_PROBABILITY))
        return scores

    def _interpreter(self) -> Interpreter:
        interpreter = getattr(self._local, "interpreter", None)
        if interpreter is None:
            interpreter = Interpreter(model_content=self._content, num_threads=1)
            interpreter.allocate_tensors()
            self._local.interpreter = interpreter
        return interpreter

    def _checked_ends(self) -> tuple[int, int, int]:
        interpreter = self._interpreter()
        (source,), (sink,) = interpreter.get_input_details(), interpreter.get_output_details()
        taken, given = tuple(source["shape"].tolist()), tuple(sink["shape"].tolist())
        if taken not in ((1, SIZE, SIZE, 1), (1, SIZE, SIZE, CHANNELS)) or given != (1, len(self.classes)):
            raise UnfitModel(f"The model maps {taken} to {given}, not a picture to {len(self.classes)} classes.")
        return source["index"], sink["index"], taken[-1]

    def _check_answer(self) -> None:
        """See that it gives probabilities: a training that went wrong leaves weights that are no numbers."""
        self.scores(np.zeros((SIZE, SIZE, CHANNELS), np.uint8))
        total = float(self._interpreter().get_tensor(self._output).sum())
        if not abs(total - 1) < _LEEWAY:
            raise UnfitModel(f"The model gives no probabilities: for an empty picture they add up to {total:g}.")


def read_card(folder: Path) -> dict[str, Any]:
    """Return the card of the model in ``folder``.

    Raises:
        UnfitModel: if there is none, or it lacks what a model cannot be run without.
    """
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnfitModel(f"No model could be read from {folder}: {error}") from error
    if not isinstance(card, dict):
        raise UnfitModel(f"{folder / CARD_FILE} is not a model card.")
    missing = [key for key in ("version", "classes", "sha256", "calibration") if key not in card]
    if missing:
        raise UnfitModel(f"{folder / CARD_FILE} does not name {', '.join(missing)}.")
    classes = card["classes"]
    if not isinstance(classes, str) or not classes or classes != "".join(c for c in CLASSES if c in classes):
        raise UnfitModel(f"{folder / CARD_FILE} names classes that are not some of {CLASSES}, in that order.")
    try:
        Calibration.of(card["calibration"])
    except ValueError as error:
        raise UnfitModel(f"{folder / CARD_FILE}: {error}") from error
    try:
        msgspec.convert(card.get("early", {}), dict[str, dict[str, float]])
    except msgspec.ValidationError as error:
        raise UnfitModel(f"{folder / CARD_FILE} is wrong about unfinished drawings: {error}") from error
    return card
