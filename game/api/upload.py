"""POST /api/upload: the characters in a picture."""

from __future__ import annotations

from typing import Final

from quart import Blueprint, Response, request
from quart_schema import DataSource, document_request, document_response
from werkzeug.exceptions import RequestEntityTooLarge

from feedback.data_uri import encode_data_uri, encode_png_uri
from feedback.records import Round
from game.api.predictions import list_candidates, make_round
from game.api.schemas import UploadCharacter, Uploaded, UploadForm
from game.rules import tuning
from game.services import get_services
from game.web.bodies import MAX_PICTURE, read_body, refuse_encoding, respond
from game.web.errors import ApiError
from game.web.limits import check_stored, count_stored, get_address, limit_calls
from game.web.multipart import MalformedForm, NotAForm, parse_form
from game.web.openapi import document_errors
from game.web.visitors import get_visitor
from recognition import Character, Recognizer, compose_text, encode_png, read_image_size, render_preview
from recognition.alphabets import get_characters

blueprint: Final = Blueprint("upload", __name__)

_MB: Final = 1024 * 1024


@blueprint.post("/api/upload")
@document_request(UploadForm, source=DataSource.FORM_MULTIPART)
@document_response(Uploaded)
@document_errors(400, 403, 410, 413, 415, 422, 503)
@limit_calls(tuning.HEAVY, tuning.STORES)
async def upload() -> Response:
    """Read the characters in a photo or scan.

    A picture without ink is no error: its text is empty. Each character is stored as a round, with its part of the
    picture, before the response is sent.
    """
    await check_stored()
    if request.mimetype != "multipart/form-data":
        raise _refuse_type()
    refuse_encoding()
    recognizer = get_services().recognizer
    body = await _read_body()
    rounds, uploaded = await get_services().pictures.run(
        get_address(), _read_upload, recognizer, request.headers["Content-Type"], body, get_visitor().id
    )
    if rounds:
        await get_services().store.add_rounds(rounds)
        count_stored(len(rounds))
    return respond(uploaded)


async def _read_body() -> bytes:
    try:
        return await read_body()
    except RequestEntityTooLarge as error:
        raise _refuse_size(request.content_length) from error


def _refuse_size(size: int | None) -> ApiError:
    """Return the error for a picture of ``size`` bytes, or of unknown size if only its beginning has arrived."""
    limit = f"limit {MAX_PICTURE // _MB} MB"
    # Rounded up, so that it is never as much as the limit.
    message = (
        f"This picture is {-(-size // _MB)} MB ({limit})." if size else f"This picture is too large ({limit})."
    )
    return ApiError(413, "body_too_large", message)


def _refuse_type() -> ApiError:
    return ApiError(
        415,
        "unsupported_media_type",
        "Send a form of the type multipart/form-data, with the picture in its field named image.",
    )


def _read_upload(
    recognizer: Recognizer, content_type: str, body: bytes, player: str
) -> tuple[list[Round], Uploaded]:
    """Return the rounds to store and the response. Run it in a thread: a page takes tenths of a second."""
    picture, alphabet, has_preview = _read_form(content_type, body)
    get_characters(alphabet)
    width, height = read_image_size(picture)
    characters = recognizer.read_image(picture, alphabet)
    rounds = [
        make_round(
            character.prediction,
            player=player,
            source="upload",
            alphabet=alphabet,
            crop=encode_png(character.crop, ink_high=False),
        )
        for character in characters
    ]
    return rounds, Uploaded(
        width=width,
        height=height,
        text=compose_text([c.prediction.label for c in characters], [c.box for c in characters]),
        characters=[
            _make_character(character, round_.id) for character, round_ in zip(characters, rounds, strict=True)
        ],
        model=recognizer.version,
        preview=encode_data_uri("image/jpeg", render_preview(picture)) if has_preview else None,
    )


def _read_form(content_type: str, body: bytes) -> tuple[bytes, str, bool]:
    """Return the picture, the name of the alphabet, and whether the response should contain the picture."""
    try:
        parts = parse_form(content_type, body)
    except NotAForm as error:
        raise _refuse_type() from error
    except MalformedForm as error:
        raise ApiError(400, "malformed_form", "The form is broken, or part of it was lost on the way.") from error
    image = parts.get("image")
    if image is None:
        raise ApiError(422, "missing_image", "The form has no picture. Send one in a field named image.")
    if not image.content:
        raise ApiError(422, "missing_image", "That file is empty.")
    if len(image.content) > MAX_PICTURE:
        raise _refuse_size(len(image.content))
    alphabet, preview = parts.get("alphabet"), parts.get("preview")
    if preview and preview.content not in (b"true", b"false"):
        raise ApiError(422, "invalid_request", "The request is not valid: in preview expected true or false.")
    return (
        image.content,
        alphabet.content.decode("utf-8", "replace") if alphabet else "any",
        preview is not None and preview.content == b"true",
    )


def _make_character(character: Character, round_id: str) -> UploadCharacter:
    prediction = character.prediction
    return UploadCharacter(
        round=round_id,
        box=character.box,
        label=prediction.label,
        confidence=prediction.confidence,
        sure=character.is_sure,
        candidates=list_candidates(prediction),
        image=encode_png_uri(encode_png(prediction.image)),
    )
