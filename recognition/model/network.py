"""A model file with the card that describes it, run by LiteRT on one core."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from recognition.alphabets import CLASSES
from recognition.errors import UnfitModel
from recognition.model.calibration import Calibration, Scores
from recognition.model.card import read_card
from recognition.model.quiet import hide_greeting
from recognition.render import CHANNELS, SIZE, Images

MODEL_FILE: Final = "model.tflite"
DRAWING_SIGNATURE: Final = "drawing"
"""The signature in a model file of the network that reads drawings, where another reads pictures."""
PICTURE_SIGNATURE: Final = "picture"
"""The signature of that other one."""
BUNDLED: Final = Path(__file__).parent.parent / "bundled"

_SCALE: Final = np.float32(1 / 255)
_LEEWAY: Final = 0.01  # in what probabilities add up to
_LEAST_PROBABILITY: Final = 1e-30  # what float32 still tells from nothing
_DOUBT: Final = 0.8
"""A picture of which no class is as probable at first sight is read a second time. Of pictures held out of
teaching, 0.4 % more were read right so, in a third more time; four more readings gave no more."""

Floats = npt.NDArray[np.float32]


class Model:
    """The network, pictures in and probabilities over its classes out; or two, one for drawings, one for the rest.

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
        self.calibration = Calibration.from_card(card["calibration"])
        self.early: dict[str, dict[str, float]] = card.get("early", {})
        self._channels = self._checked_ends()
        with hide_greeting():
            self._check_answers()

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

    def compute_scores(self, image: Images) -> Scores:
        """Return float64 (classes,) for one picture, uint8 (28, 28, channels) as `recognition.render` makes it.

        It is taken for a drawing where the pen's directions are there; a picture that leaves doubt is read twice.
        Scores are logarithms of what the network gives each class: `calibration` makes probabilities of them.
        """
        networks = self._networks()
        seen = image[None, :, :, : self._channels] * _SCALE
        if image[..., 1:].any():
            return _logarithms(networks[DRAWING_SIGNATURE].read(seen))
        once = networks[PICTURE_SIGNATURE].read(seen)
        if once.max() >= _DOUBT:
            return _logarithms(once)
        return (_logarithms(once) + _logarithms(networks[PICTURE_SIGNATURE].read(_half_a_pixel_on(seen)))) / 2

    def _networks(self) -> dict[str, _Network]:
        """Return this thread's, by what they read."""
        networks: dict[str, _Network] | None = getattr(self._local, "networks", None)
        if networks is None:
            interpreter = Interpreter(model_content=self._content, num_threads=1)
            signatures = list(interpreter.get_signature_list())
            if not signatures:
                raise UnfitModel("The model file names no network.")
            networks = {
                name: _Network(interpreter, name if name in signatures else signatures[0])
                for name in (DRAWING_SIGNATURE, PICTURE_SIGNATURE)
            }
            self._local.networks = networks
        return networks

    def _checked_ends(self) -> int:
        """Return the channels that the networks see."""
        channels = set()
        for network in self._networks().values():
            taken, given = network.ends()
            if taken not in ((1, SIZE, SIZE, 1), (1, SIZE, SIZE, CHANNELS)) or given != (1, len(self.classes)):
                raise UnfitModel(
                    f"The model maps {taken} to {given}, not a picture to {len(self.classes)} classes."
                )
            channels.add(taken[-1])
        if len(channels) > 1:
            raise UnfitModel("The model's two networks do not see the same.")
        return channels.pop()

    def _check_answers(self) -> None:
        """See that it gives probabilities: a training that went wrong leaves weights that are no numbers."""
        empty = np.zeros((1, SIZE, SIZE, self._channels), np.float32)
        for network in self._networks().values():
            total = float(network.read(empty).sum())
            if not abs(total - 1) < _LEEWAY:
                raise UnfitModel(
                    f"The model gives no probabilities: for an empty picture they add up to {total:g}."
                )


class _Network:
    """One network of a model file, for one thread."""

    def __init__(self, interpreter: Interpreter, signature: str) -> None:
        self._run = interpreter.get_signature_runner(signature)
        (self._input,), (self._output,) = self._run.get_input_details(), self._run.get_output_details()

    def ends(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the shapes of what it takes and gives."""
        source, sink = (
            next(iter(details.values()))["shape"].tolist()
            for details in (self._run.get_input_details(), self._run.get_output_details())
        )
        return tuple(source), tuple(sink)

    def read(self, pictures: Floats) -> Floats:
        """Return probabilities (classes,) for float32 (1, 28, 28, channels) in 0..1."""
        probabilities: Floats = self._run(**{self._input: pictures})[self._output][0]
        return probabilities


def _logarithms(probabilities: Floats) -> Scores:
    scores: Scores = np.log(np.maximum(probabilities.astype(np.float64), _LEAST_PROBABILITY))
    return scores


def _half_a_pixel_on(pictures: Floats) -> Floats:
    """Return (…, height, width, channels) moved half a pixel down and to the right."""
    right = pictures.copy()
    right[..., 1:, :] += pictures[..., :-1, :]
    down = right.copy()
    down[..., 1:, :, :] += right[..., :-1, :, :]
    down *= 1 / 4
    return down
