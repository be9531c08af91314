"""The errors that recognition raises. Each has a stable code for programs and a message for people."""

from __future__ import annotations

from typing import ClassVar


class RecognitionError(Exception):
    """Base class of all errors about a drawing, a picture or a model."""

    code: ClassVar[str] = "recognition"


class EmptyDrawing(RecognitionError):
    """The drawing has no points."""

    code = "empty_drawing"

    def __init__(self, message: str = "Nothing is drawn yet.") -> None:
        super().__init__(message)


class InvalidStrokes(RecognitionError):
    """The strokes are not lists of points, or a coordinate is not a finite number or is too large."""

    code = "invalid_strokes"


class TooMuchInk(RecognitionError):
    """The drawing has too much ink to be explained, such as a dense scribble."""

    code = "too_much_ink"

    def __init__(
        self, message: str = "There is too much ink in this drawing to say which part of it decided."
    ) -> None:
        super().__init__(message)


class UnknownAlphabet(RecognitionError):
    """There is no alphabet with that name."""

    code = "unknown_alphabet"

    def __init__(self, name: object) -> None:
        super().__init__(f"There is no alphabet called {name!r}. Use any, digits, upper, lower or letters.")


class UnknownCharacter(RecognitionError):
    """The character is not in the alphabet."""

    code = "unknown_character"

    def __init__(self, character: str, alphabet: str) -> None:
        super().__init__(f"The alphabet {alphabet} has no character {character!r}.")


class UnreadableImage(RecognitionError):
    """The bytes are not a picture in a known format, or the picture is damaged."""

    code = "unreadable_image"


class ImageTooLarge(RecognitionError):
    """The picture has more pixels than we decode."""

    code = "image_too_large"


class TextureNotWriting(RecognitionError):
    """The picture has more marks than a page of writing, or they lie over each other again and again."""

    code = "too_many_marks"

    def __init__(self, message: str = "This looks like a texture, not like writing.") -> None:
        super().__init__(message)


class UnfitModel(RecognitionError):
    """A model cannot be used: a file is missing or broken, or model and card do not belong together."""

    code = "unfit_model"


class UnknownVersion(RecognitionError):
    """There is no model version with that name."""

    code = "unknown_version"
