"""POST /api/upload: a picture in, the characters on it out."""

from __future__ import annotations

from typing import Final

from quart import Blueprint, Response, request
from quart_schema import DataSource, document_request, document_response

from feedback.data_uri import encode_png_uri
from game.api.predictions import list_candidates, make_round
from game.api.schemas import UploadCharacter, Uploaded, UploadForm
from game.services import get_services
from game.web.bodies import MAX_PICTURE, read_body, respond
from game.web.errors import ApiError
from game.web.multipart import MalformedForm, NotAForm, parse_form
from game.web.openapi import document_errors
from game.web.visitors import get_visitor
from recognition import Character, Recognizer, compose_text, encode_png, read_image_size
from recognition.alphabets import get_characters

blueprint: Final = Blueprint("upload", __name__)


@blueprint.post("/api/upload")
@document_request(UploadForm, source=DataSource.FORM_MULTIPART)
@document_response(Uploaded)
@document_errors(400, 403, 410, 413, 415, 422, 503)
async def upload() -> Response:
    """Read the characters on a photo or scan.

    A picture without ink is no error: its text is empty. Each character is stored as a round, with its part of
    the picture, before the answer is sent.
    """
    picture, alphabet = _form(request.headers.get("Content-Type", ""), await read_body())
    get_characters(alphabet)
    recognizer = get_services().recognizer
    (width, height), characters = await get_services().pictures.run(_read, recognizer, picture, alphabet)
    rounds = [
        make_round(
            character.prediction,
            player=get_visitor().id,
            source="upload",
            alphabet=alphabet,
            crop=encode_png(character.crop, ink_high=False),
        )
        for character in characters
    ]
    if rounds:
        await get_services().store.add_rounds(rounds)
    return respond(
        Uploaded(
            width=width,
            height=height,
            text=compose_text([one.prediction.label for one in characters], [one.box for one in characters]),
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
    return read_image_size(picture), recognizer.read_image(picture, alphabet)


def _answered(character: Character, stored: str) -> UploadCharacter:
    prediction = character.prediction
    return UploadCharacter(
        round=stored,
        box=character.box,
        label=prediction.label,
        confidence=prediction.confidence,
        sure=character.is_sure,
        candidates=list_candidates(prediction),
        image=encode_png_uri(encode_png(prediction.image)),
    )
