"""The recogniser: strokes or a picture in, characters and probabilities out."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from recognition.alphabets import CLASSES, get_characters, get_look_alikes
from recognition.errors import UnfitModel
from recognition.explain.gallery import load_bundled_gallery
from recognition.explain.occlusion import Explanation, explain
from recognition.model.calibration import ALPHABET_INDICES, Scores
from recognition.model.network import BUNDLED, Model
from recognition.model.registry import ModelRegistry, find_models_folder
from recognition.page.images import Box, Gray
from recognition.render import SIZE, Images, add_empty_directions, render
from recognition.strokes import join_batches, parse_strokes

_log: Final = logging.getLogger(__name__)

SURE: Final = 0.8
"""How probable the best candidate for a character on paper must be, with its look-alikes, to be sure of it. Less
so are 6 in 100 photographed characters, a third of them misread, and 13 of 22 brackets and commas."""


class Candidate(NamedTuple):
    """A character and how probable it is among its alphabet, 0..1."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What the model sees in one drawing.

    Attributes:
        candidates: every character of the alphabet, best first; the probabilities add up to 1.
        image: uint8 (28, 28), ink high: the line as the model was shown it.
        model: the version of the model.
        plausibility: how probable it is, among all 62 characters, that it is one of the alphabet or looks so.
        early: how sure one must be of a character before the drawing is finished; those that too often turn out
            to have been the beginning of another one are not in it.
    """

    candidates: tuple[Candidate, ...]
    image: Images
    model: str
    plausibility: float = 1.0
    early: Mapping[str, float] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The best candidate's character."""
        return self.candidates[0].label

    @property
    def confidence(self) -> float:
        """The best candidate's probability."""
        return self.candidates[0].probability

    def get_probability(self, characters: str) -> float:
        """Return the probability that it is one of ``characters``."""
        return sum(c.probability for c in self.candidates if c.label in characters)


@dataclass(frozen=True, slots=True, eq=False)
class Character:
    """A character found in a picture.

    Attributes:
        box: ``(x, y, width, height)`` in pixels of the upright picture.
        prediction: what it is.
        crop: uint8 (height, width), its part of the picture, grey, with a margin.
    """

    box: Box
    prediction: Prediction
    crop: Gray

    @property
    def is_sure(self) -> bool:
        """Whether it looks like one of the alphabet's characters. Many signs that are none of them do not."""
        best = self.prediction.label
        return self.prediction.get_probability(get_look_alikes(best, "any")) >= SURE


class Recognizer:
    """Recognises single characters, drawn or photographed. Safe to use from several threads."""

    def __init__(self, model: Model) -> None:
        model.check_serves()
        self._model = model

    @classmethod
    def load(cls, path: str | Path | None = None) -> Recognizer:
        """Load the model in the folder ``path``, or the current one: what was promoted, else the bundled one.

        Where what was promoted cannot serve, that is logged as a warning, and the bundled one is loaded.

        Raises:
            UnfitModel: if model and card are missing, broken or do not belong together, or if the model is not of
                all 62 classes.
        """
        if path is not None:
            return cls(Model.load(Path(path)))
        try:
            return cls(Model.load(ModelRegistry(find_models_folder(os.environ)).find_current()))
        except UnfitModel as error:
            _log.warning("The model that was promoted cannot serve, the bundled one does: %s", error)
        return cls(Model.load(BUNDLED))

    @property
    def card(self) -> dict[str, Any]:
        """The model's card: what it was trained on, how, and how well it does."""
        return self._model.card

    @property
    def version(self) -> str:
        """The model's version, as rounds are logged with it."""
        return str(self._model.card["version"])

    def recognize(self, strokes: Sequence[Any], alphabet: str = "any") -> Prediction:
        """Recognise one drawing, wherever it is and however large.

        Args:
            strokes: ``[[[x, y] or [x, y, t_ms], …], …]`` in any unit, y downwards.
            alphabet: ``any``, ``digits``, ``upper``, ``lower`` or ``letters``.

        Raises:
            EmptyDrawing: if there is no point in it.
            InvalidStrokes: if it is no drawing.
            UnknownAlphabet: if there is no such alphabet.
        """
        return self.recognize_many([strokes], alphabet)[0]

    def recognize_many(self, drawings: Iterable[Sequence[Any]], alphabet: str = "any") -> list[Prediction]:
        """Recognise many drawings; raises as `recognize` does, for the first that is wrong."""
        get_characters(alphabet)
        inks = [parse_strokes(strokes) for strokes in drawings]
        return self.recognize_images(render(join_batches(inks)), alphabet) if inks else []

    def recognize_images(self, images: Images, alphabet: str = "any") -> list[Prediction]:
        """Recognise pictures as `recognition.render` makes them, uint8 (N, 28, 28, channels)."""
        get_characters(alphabet)
        return [self._prediction(self._model.compute_scores(image), image[..., 0], alphabet) for image in images]

    def read_image(self, data: bytes, alphabet: str = "any") -> list[Character]:
        """Find and recognize the characters on a photo or scan, in any format of `recognition.page.images`.

        Returns:
            What was found, in reading order; nothing for a picture without ink.

        Raises:
            UnreadableImage: if the bytes are no picture, or a broken one.
            ImageTooLarge: if it has more pixels than are decoded.
            UnknownAlphabet: if there is no such alphabet.
        """
        # Only pictures need SciPy: a server that is only played on does not pay for it.
        from recognition.page.segment import find_characters  # noqa: PLC0415

        get_characters(alphabet)

        @cache  # what is judged while the page is taken apart is not read again
        def scores(picture: bytes) -> Scores:
            line = np.frombuffer(picture, np.uint8).reshape(1, SIZE, SIZE)
            return self._model.compute_scores(add_empty_directions(line)[0])

        found = find_characters(data, lambda picture: self._sureness(scores(picture.tobytes()), alphabet))
        return [
            Character(one.box, self._prediction(scores(one.picture.tobytes()), one.picture, alphabet), one.crop)
            for one in found
        ]

    def explain(self, strokes: Sequence[Any], alphabet: str = "any", rival: str | None = None) -> Explanation:
        """Return which ink decided how a drawing is read, and known drawings that look like it.

        Args:
            strokes: as for `recognize`.
            alphabet: as for `recognize`.
            rival: the character to weigh the best one against; by default, or where no reader could tell the two
                apart, the next best that can be told from it.

        Raises:
            UnknownCharacter: if ``rival`` is not in the alphabet.
            TooMuchInk: if it is scribbled over very often; and what `recognize` raises.
        """
        return explain(self._model, load_bundled_gallery(), parse_strokes(strokes), alphabet, rival)

    def _sureness(self, scores: Scores, alphabet: str) -> float:
        """Return how probable the best candidate is, with its look-alikes."""
        members = ALPHABET_INDICES[alphabet]
        among = self._model.calibration.compute_probabilities(scores, alphabet)
        return float(among[_ALIKE[members[int(np.argmax(among))], members]].sum())

    def _prediction(self, scores: Scores, line: Images, alphabet: str) -> Prediction:
        calibration = self._model.calibration
        among = calibration.compute_probabilities(scores, alphabet)
        every = among if alphabet == "any" else calibration.compute_probabilities(scores, "any")
        plausible = every[_PLAUSIBLE[alphabet]].sum()
        order = np.argsort(-among, kind="stable")
        labels = map(get_characters(alphabet).__getitem__, order.tolist())
        return Prediction(
            candidates=tuple(map(Candidate._make, zip(labels, among[order].tolist(), strict=True))),
            image=line,
            model=self.version,
            plausibility=float(plausible),
            early=self._model.early.get(alphabet, {}),
        )


_ALIKE: Final = np.array([[other in get_look_alikes(one, "any") for other in CLASSES] for one in CLASSES])
_PLAUSIBLE: Final = {
    name: np.flatnonzero(_ALIKE[members].any(axis=0)) for name, members in ALPHABET_INDICES.items()
}
"""The indices of each alphabet's characters and of all that look like one of them."""
