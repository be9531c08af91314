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
from recognition.explain import Explanation, Side
from recognition.pictures import image_size, png
from recognition.recognizer import Candidate, Character, Prediction, Recognizer
from recognition.text import text_of

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
    "image_size",
    "png",
    "text_of",
]
