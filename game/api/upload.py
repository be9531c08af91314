"""POST /api/upload: the characters in a picture. DELETE /api/uploads/<picture>: stop reading it."""

from __future__ import annotations

from typing import Final

import msgspec
from quart import Blueprint, Response, request
from quart_schema import DataSource, document_querystring, document_request, document_response
from werkzeug.exceptions import RequestEntityTooLarge

from feedback.data_uri import encode_data_uri, encode_png_uri
from feedback.records import Round
from feedback.uploads import Upload
from game.api.predictions import list_candidates, make_round
from game.api.schemas import AttemptQuery, StoppedUpload, UploadCharacter, Uploaded, UploadForm, UploadSign
from game.api.upload_form import (
    PictureForm,
    is_picture_name,
    read_attempt,
    read_picture_form,
    refuse_size,
    refuse_type,
)
from game.rules import tuning
from game.services import get_services
from game.web.bodies import read_body, refuse_encoding, respond
from game.web.errors import ApiError
from game.web.limits import count_stored, get_address, limit_calls, may_store
from game.web.openapi import document_errors
from game.web.visitors import get_player, get_visitor
from recognition import Character, Recognizer, Sign, encode_png, read_image_size, render_preview

blueprint: Final = Blueprint("upload", __name__)


@blueprint.post("/api/upload")
@document_request(UploadForm, source=DataSource.FORM_MULTIPART)
@document_response(Uploaded)
@document_errors(400, 403, 410, 413, 415, 422, 503)
@limit_calls(tuning.HEAVY, tuning.STORES)
async def upload() -> Response:
    """Read the characters in a photo or scan.

    A picture without ink is no error: its text is empty. Each character is stored as a round, with its part of the
    picture, before the response is sent. Once today's limit of stored drawings is reached, pictures are read but
    not stored. Signs are not stored. If one is a character after all, cut it out and send it as a `single`
    character. A picture with a name can be read again, in place of the earlier reading.
    """
    if request.mimetype != "multipart/form-data":
        raise refuse_type()
    refuse_encoding()
    is_stored = await may_store()
    recognizer = get_services().recognizer
    body = await _read_body()
    form, rounds, uploaded = await get_services().pictures.run(
        get_address(), _read_upload, recognizer, request.headers["Content-Type"], body, get_visitor().id
    )
    rounds = rounds if is_stored else []
    is_stored = await _store(form.make_upload(get_visitor().id), rounds) and is_stored
    if is_stored:
        count_stored(len(rounds))
    else:
        unstored = [msgspec.structs.replace(character, round=None) for character in uploaded.characters]
        uploaded = msgspec.structs.replace(uploaded, characters=unstored)
    return respond(uploaded)


@blueprint.delete("/api/uploads/<picture>")
@document_querystring(AttemptQuery)
@document_response(StoppedUpload)
@document_errors(403, 404, 410, 422, 503)
@limit_calls(tuning.STORES)
async def stop_upload(picture: str) -> Response:
    """Stop reading a named picture whose response nobody will see.

    The rounds of this attempt and of earlier ones are deleted. If it is still being read, its rounds are not
    stored.
    """
    if not is_picture_name(picture):
        raise ApiError(404, "not_found", "No picture has this name.")
    attempt = read_attempt(request.args.get("attempt", ""))
    await get_services().store.uploads.drop(Upload(get_player(request.headers).id, picture, attempt))
    return respond(StoppedUpload(picture=picture))


async def _store(upload: Upload | None, rounds: list[Round]) -> bool:
    """Store the rounds of a picture. Return False if the picture was sent again meanwhile."""
    store = get_services().store
    if upload is not None:
        return await store.uploads.replace(upload, rounds)
    if rounds:
        await store.add_rounds(rounds)
    return True


async def _read_body() -> bytes:
    try:
        return await read_body()
    except RequestEntityTooLarge as error:
        raise refuse_size(request.content_length) from error


def _read_upload(
    recognizer: Recognizer, content_type: str, body: bytes, player: str
) -> tuple[PictureForm, list[Round], Uploaded]:
    """Return the form, the rounds to store and the response.

    Run it in a thread: a page takes tenths of a second.
    """
    form = read_picture_form(content_type, body)
    characters, uploaded = (_read_single if form.is_single else _read_page)(recognizer, form)
    rounds = [
        make_round(
            character.prediction,
            player=player,
            source="upload",
            alphabet=form.alphabet,
            crop=encode_png(character.crop, ink_high=False),
        )
        for character in characters
    ]
    # Nothing needs the picture any more. It may be large, and storing may have to wait.
    return (
        form._replace(picture=b""),
        rounds,
        msgspec.structs.replace(
            uploaded,
            characters=[
                _make_character(character, round_.id) for character, round_ in zip(characters, rounds, strict=True)
            ],
        ),
    )


def _read_page(recognizer: Recognizer, form: PictureForm) -> tuple[list[Character], Uploaded]:
    page = recognizer.read_page(form.picture, form.alphabet, form.turn)
    return page.characters, Uploaded(
        width=page.width,
        height=page.height,
        text=page.text,
        characters=[],
        signs=[_make_sign(sign) for sign in page.signs],
        model=recognizer.version,
        turn=page.turn,
        frames=page.frames,
        page=page.outline,
        preview=encode_data_uri("image/jpeg", page.render_preview()) if form.has_preview else None,
    )


def _read_single(recognizer: Recognizer, form: PictureForm) -> tuple[list[Character], Uploaded]:
    character = recognizer.read_character(form.picture, form.alphabet)
    width, height = read_image_size(form.picture)
    text = character.prediction.label if character else ""
    uploaded = Uploaded(
        width=width,
        height=height,
        text=text,
        characters=[],
        model=recognizer.version,
        preview=encode_data_uri("image/jpeg", render_preview(form.picture)) if form.has_preview else None,
    )
    return [character] if character else [], uploaded


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


def _make_sign(sign: Sign) -> UploadSign:
    prediction = sign.prediction
    return UploadSign(
        box=sign.box,
        label=prediction.label,
        confidence=prediction.confidence,
        candidates=list_candidates(prediction)[: tuning.CANDIDATES_STORED],
        image=encode_png_uri(encode_png(prediction.image)),
    )
