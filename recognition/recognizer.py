"""The recognizer: strokes or a picture in, characters with their probabilities out."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from recognition.alphabets import get_characters
from recognition.errors import UnfitModel
from recognition.explain.gallery import load_bundled_gallery
from recognition.explain.occlusion import Explanation, explain
from recognition.hand import TEMPERATURE, Floats, Hand
from recognition.model.calibration import ALPHABET_INDICES, IS_ALIKE, Scores
from recognition.model.network import BUNDLED, Model
from recognition.model.registry import ModelRegistry, find_models_folder
from recognition.prediction import Prediction, make_candidate
from recognition.reading import Character, ReadPage
from recognition.render import Images, add_empty_directions, render
from recognition.strokes import StrokeBatch, join_batches, parse_strokes

_log: Final = logging.getLogger(__name__)


class Recognizer:
    """Recognizes single characters that were drawn or photographed. Safe to use from several threads."""

    def __init__(self, model: Model) -> None:
        model.check_serves()
        self._model = model

    @classmethod
    def load(cls, path: str | Path | None = None) -> Recognizer:
        """Load the model in the folder ``path``. Without a path, load the promoted model, or else the bundled one.

        If the promoted model cannot serve, a warning is logged and the bundled model is loaded.

        Raises:
            UnfitModel: if the model or its card is missing or broken, if they do not belong together, or if the
                model does not know all 62 classes.
        """
        if path is not None:
            return cls(Model.load(Path(path)))
        try:
            return cls(Model.load(ModelRegistry(find_models_folder(os.environ)).find_current()))
        except UnfitModel as error:
            _log.warning("The promoted model cannot serve. The bundled model is used instead: %s", error)
        return cls(Model.load(BUNDLED))

    @property
    def card(self) -> dict[str, Any]:
        """The model's card: its training data, hyperparameters and evaluation."""
        return self._model.card

    @property
    def version(self) -> str:
        """The version of the model."""
        return str(self._model.card["version"])

    def recognize(self, strokes: Sequence[Any], alphabet: str = "any", hand: Hand | None = None) -> Prediction:
        """Recognize one drawing. Its position and size make no difference.

        Args:
            strokes: ``[[[x, y] or [x, y, t_ms], …], …]`` in any unit, y downwards.
            alphabet: ``any``, ``digits``, ``upper``, ``lower`` or ``letters``.
            hand: what is remembered of the drawings of the person who drew it. `make_hand` makes it.

        Raises:
            EmptyDrawing: if there are no points.
            InvalidStrokes: if ``strokes`` has another form, or a coordinate is not finite or larger than 1e12.
            UnknownAlphabet: if there is no such alphabet.
        """
        return self.recognize_many([strokes], alphabet, hand)[0]

    def recognize_many(
        self, drawings: Iterable[Sequence[Any]], alphabet: str = "any", hand: Hand | None = None
    ) -> list[Prediction]:
        """Recognize many drawings. Raises what `recognize` raises, for the first drawing that is wrong."""
        get_characters(alphabet)
        batches = [parse_strokes(strokes) for strokes in drawings]
        if not batches:
            return []
        return self.recognize_batch(join_batches(batches), [alphabet] * len(batches), [hand] * len(batches))

    def recognize_batch(
        self, batch: StrokeBatch, alphabets: Sequence[str], hands: Sequence[Hand | None] | None = None
    ) -> list[Prediction]:
        """Recognize drawings that are packed already, each with an alphabet and perhaps a hand of its own."""
        return self._recognize_images(render(batch), alphabets, hands)

    def make_hand(self, drawings: Iterable[tuple[Sequence[Any], str]]) -> Hand:
        """Return what this model remembers of one person's drawings, each with its label.

        It is empty if the model file gives no features. Raises what `recognize` raises, for the first drawing that
        is wrong.
        """
        pairs = list(drawings)
        predictions = self.recognize_many(strokes for strokes, _ in pairs)
        return Hand(
            (
                (label, prediction.features)
                for (_, label), prediction in zip(pairs, predictions, strict=True)
                if prediction.features is not None
            ),
            self.version,
        )

    def recognize_images(self, images: Images, alphabet: str = "any") -> list[Prediction]:
        """Recognize images that `recognition.render` made, uint8 (N, 28, 28, channels)."""
        get_characters(alphabet)
        return self._recognize_images(images, [alphabet] * len(images))

    def read_image(self, data: bytes, alphabet: str = "any") -> list[Character]:
        """Find and recognize the characters in a photo or scan, in any format of `recognition.page.images`.

        Returns:
            The characters of `read_page`, in reading order. An empty list for a picture without ink.

        Raises what `read_page` raises.
        """
        return self.read_page(data, alphabet).characters

    def read_page(self, data: bytes, alphabet: str = "any", turn: int | None = None) -> ReadPage:
        """Read a photo or scan, in any format of `recognition.page.images`.

        Args:
            data: the file.
            alphabet: as for `recognize`.
            turn: by how many quarters the picture is turned clockwise before it is read, 0 to 3. By default this
                is found out.

        Raises:
            UnreadableImage: if the bytes are not a picture, or the picture is damaged.
            ImageTooLarge: if it has more pixels than are decoded.
            TextureNotWriting: if it has more marks than a page of writing.
            UnknownAlphabet: if there is no such alphabet.
            ValueError: if ``turn`` is another number.
        """
        # Only pictures need SciPy. A server without uploads does not spend the memory.
        from recognition.page.reader import read_page  # noqa: PLC0415

        get_characters(alphabet)
        if turn not in (None, 0, 1, 2, 3):
            raise ValueError(f"A picture is turned by 0 to 3 quarters, not by {turn}.")

        def predict(scores: Scores, images: Images, probabilities: Scores | None) -> list[Prediction]:
            return self._make_predictions(scores, images, alphabet, [None] * len(images), {}, probabilities)

        return read_page(self._model, predict, data, alphabet, turn)

    def read_character(self, data: bytes, alphabet: str = "any") -> Character | None:
        """Recognize all ink of a picture as one character, or return None for a picture without ink.

        Raises what `read_page` raises.
        """
        from recognition.page.segment import find_character  # noqa: PLC0415 (needs SciPy, too)

        get_characters(alphabet)
        found = find_character(data)
        if found is None:
            return None
        (prediction,) = self.recognize_images(add_empty_directions(found.image[None]), alphabet)
        return Character(found.box, prediction, found.crop, found.wholeness)

    def explain(self, strokes: Sequence[Any], alphabet: str = "any", rival: str | None = None) -> Explanation:
        """Explain which parts of a drawing decided how it is read, and find known drawings that look like it.

        Args:
            strokes: as for `recognize`.
            alphabet: as for `recognize`.
            rival: the character to compare the best one with. By default, and if ``rival`` is a look-alike of the
                best, it is the next best character that is not.

        Raises:
            UnknownCharacter: if ``rival`` is not in the alphabet.
            TooMuchInk: if the drawing is a dense scribble.
            EmptyDrawing, InvalidStrokes, UnknownAlphabet: as for `recognize`.
        """
        return explain(self._model, load_bundled_gallery(), parse_strokes(strokes), alphabet, rival)

    def _recognize_images(
        self, images: Images, alphabets: Sequence[str], hands: Sequence[Hand | None] | None = None
    ) -> list[Prediction]:
        outputs = [self._model.compute_outputs(image) for image in images]
        scores = np.array([output.scores for output in outputs])
        features = [output.features for output in outputs]
        votes = self._compute_votes(features, hands) if hands is not None and any(hands) else {}
        lines = np.ascontiguousarray(images[..., 0])  # a view would keep all channels as long as a prediction
        predictions: dict[int, Prediction] = {}
        for alphabet in set(alphabets):
            rows = [row for row, of_row in enumerate(alphabets) if of_row == alphabet]
            made = self._make_predictions(
                scores[rows],
                lines[rows],
                alphabet,
                [features[row] for row in rows],
                {place: votes[row] for place, row in enumerate(rows) if row in votes},
            )
            predictions.update(zip(rows, made, strict=True))
        return [predictions[row] for row in range(len(images))]

    def _compute_votes(self, features: Sequence[Floats | None], hands: Sequence[Hand | None]) -> dict[int, Scores]:
        """Return the votes, float64 (62,), by row. A row has none without features or a hand that fits."""
        return {
            row: hand.compute_votes(of_drawing, self._model.similarity_scale)
            for row, (of_drawing, hand) in enumerate(zip(features, hands, strict=True))
            if of_drawing is not None and hand and hand.model in (None, self.version)
        }

    def _make_predictions(
        self,
        scores: Scores,
        lines: Images,
        alphabet: str,
        features: Sequence[Floats | None],
        votes: Mapping[int, Scores],
        in_context: Scores | None = None,
    ) -> list[Prediction]:
        """Return a prediction for each of N drawings.

        Args:
            scores: float64 (N, 62).
            lines: uint8 (N, 28, 28).
            alphabet: the alphabet in play.
            features: for each drawing, what the network's last layer saw.
            votes: by row, float64 (62,): what a hand adds to the scores of this row.
            in_context: float64 (N, K), probabilities that replace those of the scores.
        """
        calibration = self._model.calibration
        probabilities = calibration.compute_probabilities(scores, alphabet)
        among_all = probabilities if alphabet == "any" else calibration.compute_probabilities(scores, "any")
        plausibilities = np.take(among_all, _PLAUSIBLE_INDICES[alphabet], axis=1).sum(axis=1).tolist()
        characters = get_characters(alphabet)
        shared = {row: dict(zip(characters, probabilities[row].tolist(), strict=True)) for row in votes}
        if votes:
            rows = list(votes)
            added = np.array([votes[row] for row in rows])
            has_votes = added[:, ALPHABET_INDICES[alphabet]].any(axis=1, keepdims=True)
            with_votes = (scores[rows] + added) / np.where(has_votes, TEMPERATURE, 1)
            probabilities[rows] = calibration.compute_probabilities(with_votes, alphabet)
        if in_context is not None:
            probabilities = in_context
        orders = np.argsort(-probabilities, axis=1, kind="stable")
        sorted_probabilities = np.take_along_axis(probabilities, orders, axis=1).tolist()
        get_label = characters.__getitem__
        version = self.version
        early_thresholds = self._model.early_thresholds.get(alphabet, {})
        lifted_thresholds = self._model.lifted_thresholds.get(alphabet, {})
        return [
            Prediction(
                candidates=tuple(map(make_candidate, zip(map(get_label, order), of_row, strict=True))),
                image=line,
                model=version,
                plausibility=plausibility,
                early_thresholds=early_thresholds,
                lifted_thresholds=lifted_thresholds,
                raw_features=of_drawing,
                shared_probabilities=shared.get(row),
            )
            for row, (order, of_row, line, plausibility, of_drawing) in enumerate(
                zip(orders.tolist(), sorted_probabilities, lines, plausibilities, features, strict=True)
            )
        ]


_PLAUSIBLE_INDICES: Final = {
    name: np.flatnonzero(IS_ALIKE[indices].any(axis=0)) for name, indices in ALPHABET_INDICES.items()
}
"""The class indices of each alphabet's characters and their look-alikes."""
