from __future__ import annotations

from typing import Any

import pytest

from game.services import Services
from tests.game.api.test_upload import picture
from tests.game.api.test_upload import send as send_picture
from tests.game.conftest import SEVEN, Client, error_of


async def drawn(client: Client) -> str:
    """Draw a 7 and return the id of its round."""
    answer = await client.post("/api/recognize", json={"strokes": SEVEN, "alphabet": "digits"})
    identifier = (await answer.get_json())["round"]
    assert isinstance(identifier, str)
    return identifier


async def say(client: Client, identifier: str, body: Any) -> Any:
    return await client.post(f"/api/rounds/{identifier}/feedback", json=body)


async def test_a_player_labels_their_round_and_may_change_the_label(client: Client, services: Services) -> None:
    identifier = await drawn(client)
    for label, verdict in (("7", "confirmed"), ("1", "corrected"), ("7", "confirmed")):
        answer = await say(client, identifier, {"label": label})
        assert answer.status_code == 200
        assert await answer.get_json() == {
            "round": identifier,
            "label": label,
            "verdict": verdict,
            "remembered": label == "7",  # to the model alone, it is no 1
        }
        stored = await services.store.get_round(identifier)
        assert stored is not None
        assert (stored.label, stored.verdict) == (label, verdict)


async def test_another_player_may_not_label_it(client: Client, stranger: Client, services: Services) -> None:
    identifier = await drawn(client)
    assert await error_of(await say(stranger, identifier, {"label": "1"}), 403) == "not_your_round"
    await drawn(stranger)
    assert await error_of(await say(stranger, identifier, {"label": "1"}), 403) == "not_your_round"
    stored = await services.store.get_round(identifier)
    assert stored is not None
    assert stored.label is None


@pytest.mark.parametrize(
    "identifier", ["nothing", "%00", "..", "a" * 4000, "019a0000-0000-7000-8000-000000000000"]
)
async def test_no_such_round(client: Client, identifier: str) -> None:
    assert await error_of(await say(client, identifier, {"label": "1"}), 404) in ("round_not_found", "not_found")


@pytest.mark.parametrize("label", ["", "77", "é", " ", "\x00", "?", "７"])
async def test_a_label_must_be_one_of_the_62_characters(client: Client, label: str) -> None:
    identifier = await drawn(client)
    assert await error_of(await say(client, identifier, {"label": label}), 422) == "invalid_label"


@pytest.mark.parametrize("body", [{}, {"label": 7}, {"label": None}, [], "7"])
async def test_wrong_types(client: Client, body: Any) -> None:
    assert await error_of(await say(client, await drawn(client), body), 422) == "invalid_request"


async def test_a_mark_of_a_picture_that_is_no_character_is_deleted(
    client: Client, stranger: Client, services: Services
) -> None:
    body = await (await send_picture(client, picture())).get_json()
    (character,) = body["characters"]
    path = f"/api/rounds/{character['round']}"
    await drawn(stranger)
    assert await error_of(await stranger.delete(path), 403) == "not_your_round"
    answer = await client.delete(path)
    assert (answer.status_code, await answer.get_json()) == (200, {"round": character["round"]})
    assert await services.store.get_round(character["round"]) is None
    assert await error_of(await client.delete(path), 404) == "round_not_found"


async def test_a_drawing_is_not_deleted_by_itself(client: Client, services: Services) -> None:
    identifier = await drawn(client)
    assert await error_of(await client.delete(f"/api/rounds/{identifier}"), 409) == "not_from_a_picture"
    assert await services.store.get_round(identifier) is not None
