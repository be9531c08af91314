"""What can be wrong with a drawing, a picture or a model. Each error has a stable code and a text for a person."""

from __future__ import annotations

from typing import ClassVar


class RecognitionError(Exception):
    """Base of every error that recognition raises for its input."""

    code: ClassVar[str] = "recognition"


class EmptyDrawing(RecognitionError):
    """Nothing was drawn, so there is nothing to recognise."""

    code = "empty_drawing"

    def __init__(self, message: str = "Nothing is drawn yet.") -> None:
        super().__init__(message)


class InvalidStrokes(RecognitionError):
    """The strokes are not lists of points, or hold numbers that are no coordinates."""

    code = "invalid_strokes"


class TooMuchInk(RecognitionError):
    """The drawing is scribbled over so often that no stretch of its ink can have decided anything."""

    code = "too_much_ink"

    def __init__(self, message: str = "There is too much ink in this drawing to say which of it decided.") -> None:
        super().__init__(message)


class UnknownAlphabet(RecognitionError):
    """There is no alphabet of that name."""

    code = "unknown_alphabet"

    def __init__(self, name: object) -> None:
        super().__init__(f"There is no alphabet called {name!r}. Use any, digits, upper, lower or letters.")


class UnknownCharacter(RecognitionError):
    """There is no such character in the alphabet."""

    code = "unknown_character"

    def __init__(self, character: str, alphabet: str) -> None:
        super().__init__(f"There is no {character!r} in the alphabet {alphabet}.")


class UnreadableImage(RecognitionError):
    """The bytes are no picture of a known format, or a broken one."""

    code = "unreadable_image"


class ImageTooLarge(RecognitionError):
    """The picture has more pixels than will be decoded."""

    code = "image_too_large"


class UnfitModel(RecognitionError):
    """A model file and its card do not belong together, or one of them is missing."""

    code = "unfit_model"


class UnknownVersion(RecognitionError):
    """There is no such version of the model."""

    code = "unknown_version"
