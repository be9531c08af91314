from __future__ import annotations

import pytest

from tests.game.conftest import Client


async def test_the_manifest_is_in_the_language_of_the_page_and_leads_to_what_exists(client: Client) -> None:
    page = await (await client.get("/play?lang=ja")).get_data(as_text=True)
    assert 'href="/manifest.webmanifest?lang=ja"' in page
    answer = await client.get("/manifest.webmanifest?lang=ja")
    assert answer.mimetype == "application/manifest+json"
    manifest = await answer.get_json(force=True)
    assert manifest["lang"] == "ja"
    shown = [manifest["start_url"], *(shortcut["url"] for shortcut in manifest["shortcuts"])]
    for address in [*shown, *(icon["src"] for icon in manifest["icons"])]:
        assert (await client.get(address)).status_code == 200, address


@pytest.mark.parametrize("address", ["/offline", "/service-worker.js", "/manifest.webmanifest"])
async def test_what_devices_keep_has_no_cookie_and_is_asked_for_again(client: Client, address: str) -> None:
    answer = await client.get(address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-cache"
    again = await client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
