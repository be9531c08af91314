"""Recognizes handwritten characters: strokes or a picture in, labels with their probabilities out.

`Recognizer` (recognizer.py) does all of it. Strokes are checked in strokes.py and drawn as images in render.py.
``page/`` reads pictures, and reading.py has what is read in one. ``model/`` runs the network and keeps its
versions, and ``explain/`` says which part of a drawing decided. hand.py holds what is remembered of one player's
drawings. ``python -m recognition`` reads pictures on the command line. This package knows
nothing of games, storage or training.
"""

from recognition.errors import (
    EmptyDrawing,
    ImageTooLarge,
    InvalidStrokes,
    RecognitionError,
    TextureNotWriting,
    TooMuchInk,
    UnfitModel,
    UnknownAlphabet,
    UnknownCharacter,
    UnknownVersion,
    UnreadableImage,
)
from recognition.explain.occlusion import Explanation, Side
from recognition.hand import Hand
from recognition.page.images import encode_png, read_image_size, render_preview
from recognition.page.text import compose_text
from recognition.prediction import Candidate, Prediction
from recognition.reading import Character, ReadPage, Sign
from recognition.recognizer import Recognizer

__all__ = [
    "Candidate",
    "Character",
    "EmptyDrawing",
    "Explanation",
    "Hand",
    "ImageTooLarge",
    "InvalidStrokes",
    "Prediction",
    "ReadPage",
    "RecognitionError",
    "Recognizer",
    "Side",
    "Sign",
    "TextureNotWriting",
    "TooMuchInk",
    "UnfitModel",
    "UnknownAlphabet",
    "UnknownCharacter",
    "UnknownVersion",
    "UnreadableImage",
    "compose_text",
    "encode_png",
    "read_image_size",
    "render_preview",
]
