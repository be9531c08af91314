"""Handwritten characters: strokes or a picture in, labels and probabilities out."""

from recognition.errors import (
    EmptyDrawing,
    ImageTooLarge,
    InvalidStrokes,
    RecognitionError,
    UnfitModel,
    UnknownAlphabet,
    UnknownVersion,
    UnreadableImage,
)
from recognition.pictures import image_size, png
from recognition.recognizer import Candidate, Character, Prediction, Recognizer
from recognition.text import text_of

__all__ = [
    "Candidate",
    "Character",
    "EmptyDrawing",
    "ImageTooLarge",
    "InvalidStrokes",
    "Prediction",
    "RecognitionError",
    "Recognizer",
    "UnfitModel",
    "UnknownAlphabet",
    "UnknownVersion",
    "UnreadableImage",
    "image_size",
    "png",
    "text_of",
]
