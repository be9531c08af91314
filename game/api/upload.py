"""POST /api/upload: a picture in, the characters on it out."""

from __future__ import annotations

from typing import Final

from quart import Blueprint, Response, request
from quart_schema import DataSource, document_request, document_response

from game.api.bodies import MAX_PICTURE, read_body, respond
from game.api.multipart import MalformedForm, NotAForm, parse_form
from game.api.predictions import candidates, make_round, seen
from game.api.schemas import UploadCharacter, Uploaded, UploadForm
from game.errors import ApiError
from game.openapi import fails
from game.services import services
from game.visitors import visitor
from recognition import Character, Recognizer, image_size, png, text_of
from recognition.alphabets import characters_of

blueprint: Final = Blueprint("upload", __name__)


@blueprint.post("/api/upload")
@document_request(UploadForm, source=DataSource.FORM_MULTIPART)
@document_response(Uploaded)
@fails(400, 403, 410, 413, 415, 422, 503)
async def upload() -> Response:
    """Read the characters on a photo or scan.

    A picture without ink is no error: its text is empty. Each character is stored as a round, with its part of
    the picture, before the answer is sent.
    """
    picture, alphabet = _form(request.headers.get("Content-Type", ""), await read_body())
    characters_of(alphabet)
    recognizer = services().recognizer
    (width, height), characters = await services().pictures.run(_read, recognizer, picture, alphabet)
    rounds = [
        make_round(
            character.prediction,
            player=visitor().id,
            source="upload",
            alphabet=alphabet,
            crop=png(character.crop, ink_high=False),
        )
        for character in characters
    ]
    if rounds:
        await services().store.add_rounds(rounds)
    return respond(
        Uploaded(
            width=width,
            height=height,
            text=text_of([one.prediction.label for one in characters], [one.box for one in characters]),
            characters=[
                _answered(character, stored.id) for character, stored in zip(characters, rounds, strict=True)
            ],
            model=recognizer.version,
        )
    )


def _form(content_type: str, body: bytes) -> tuple[bytes, str]:
    """Return the picture and the name of the alphabet."""
    try:
        parts = parse_form(content_type, body)
    except NotAForm as error:
        raise ApiError(
            415, "unsupported_media_type", "Send the picture as the field image of multipart/form-data."
        ) from error
    except MalformedForm as error:
        raise ApiError(400, "malformed_form", "The form is broken or was cut off on its way.") from error
    image = parts.get("image")
    if image is None or not image.content:
        raise ApiError(422, "missing_image", "There is no picture in the field image.")
    if len(image.content) > MAX_PICTURE:
        raise ApiError(413, "body_too_large", f"A picture may have at most {MAX_PICTURE >> 20} MiB.")
    alphabet = parts.get("alphabet")
    return image.content, alphabet.content.decode("utf-8", "replace") if alphabet else "any"


def _read(recognizer: Recognizer, picture: bytes, alphabet: str) -> tuple[tuple[int, int], list[Character]]:
    return image_size(picture), recognizer.read_image(picture, alphabet)


def _answered(character: Character, stored: str) -> UploadCharacter:
    prediction = character.prediction
    return UploadCharacter(
        round=stored,
        box=character.box,
        label=prediction.label,
        confidence=prediction.confidence,
        sure=character.is_sure,
        candidates=candidates(prediction),
        image=seen(png(prediction.image)),
    )
