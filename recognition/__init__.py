"""Handwritten characters: strokes or a picture in, labels and probabilities out."""

from recognition.errors import (
    EmptyDrawing,
    ImageTooLarge,
    InvalidStrokes,
    RecognitionError,
    TooMuchInk,
    UnfitModel,
    UnknownAlphabet,
    UnknownCharacter,
    UnknownVersion,
    UnreadableImage,
)
from recognition.explain.occlusion import Explanation, Side
from recognition.page.images import encode_png, read_image_size
from recognition.page.text import compose_text
from recognition.recognizer import Candidate, Character, Prediction, Recognizer

__all__ = [
    "Candidate",
    "Character",
    "EmptyDrawing",
    "Explanation",
    "ImageTooLarge",
    "InvalidStrokes",
    "Prediction",
    "RecognitionError",
    "Recognizer",
    "Side",
    "TooMuchInk",
    "UnfitModel",
    "UnknownAlphabet",
    "UnknownCharacter",
    "UnknownVersion",
    "UnreadableImage",
    "compose_text",
    "encode_png",
    "read_image_size",
]
