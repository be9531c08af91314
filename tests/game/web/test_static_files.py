from __future__ import annotations

import gzip
import re
from urllib.parse import urljoin

import pytest

from game.app import CLIENT, STATIC
from game.web.pages import PAGES
from game.web.static_files import load_static_files
from tests.game.conftest import Client

HASH = load_static_files(STATIC).hash
OTHER = "0123456789abcdef"


@pytest.mark.parametrize("address", [*PAGES, "/no/such/page"])
async def test_a_page_asks_for_one_style_sheet_and_names_every_file_with_its_hash(
    client: Client, address: str
) -> None:
    page = await (await client.get(address)).get_data(as_text=True)
    assert page.count('rel="stylesheet"') == 1
    files = re.findall(r'(?:src|href)="/static/([^"]*)"', page)
    assert files
    assert all(file.startswith(f"{HASH}/") for file in files)


@pytest.mark.parametrize(
    ("start", "cache_control"),
    [
        (f"/static/{HASH}/", "public, max-age=31536000, immutable"),
        (f"/static/{OTHER}/", "no-cache"),  # of a server with another version
        ("/static/", "public, max-age=60"),
    ],
)
async def test_every_file_is_served_under_any_hash_and_kept_as_long_as_it_holds(
    client: Client, start: str, cache_control: str
) -> None:
    for path in STATIC.rglob("*.*"):
        address = start + path.relative_to(STATIC).as_posix()
        answer = await client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == cache_control
        again = await client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert again.headers["Cache-Control"] == cache_control


@pytest.mark.parametrize(
    "path",
    [
        f"{HASH}",
        f"{HASH}/",
        f"{HASH}/no.css",
        f"{OTHER}/no.css",
        f"{HASH}/{HASH}/css/base.css",
        "0123/css/base.css",
    ],
)
async def test_there_is_nothing_else(client: Client, path: str) -> None:
    assert (await client.get(f"/static/{path}")).status_code == 404


async def test_text_is_compressed_with_an_etag_of_its_own(client: Client) -> None:
    address = f"/static/{HASH}/css/pages/play.css"
    plain = await client.get(address)
    packed = await client.get(address, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert packed.status_code == 200
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(await packed.get_data(as_text=False)) == await plain.get_data(as_text=False)
    assert plain.headers["ETag"] != packed.headers["ETag"]
    headers = {"Accept-Encoding": "gzip", "If-None-Match": plain.headers["ETag"]}
    assert (await client.get(address, headers=headers)).status_code == 200


async def test_a_font_is_not_compressed_again(client: Client) -> None:
    font = next((STATIC / "fonts").glob("*.woff2")).name
    answer = await client.get(f"/static/fonts/{font}", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert "Vary" not in answer.headers


async def test_addresses_in_style_sheets_lead_to_files(client: Client) -> None:
    for sheet in (STATIC / "css" / "pages").iterdir():
        folder = f"/static/{HASH}/css/pages/"
        text = await (await client.get(folder + sheet.name)).get_data(as_text=True)
        assert "@import" not in text
        for target in re.findall(r'url\("([^"#:]+)"\)', text):
            assert (await client.get(urljoin(folder, target))).status_code == 200, target


def test_a_file_that_is_missing_cannot_be_linked_to() -> None:
    with pytest.raises(KeyError, match="css/no"):
        load_static_files(STATIC).make_address("css/no.css")


def test_a_hash_changes_with_any_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    hashes = set()
    for content in ("a {}", "b {}"):
        folder = tmp_path_factory.mktemp("static")
        (folder / "a.css").write_text(content)
        hashes.add(load_static_files(folder).hash)
    assert len(hashes) == 2


def test_the_client_has_a_style_sheet_for_each_page() -> None:
    used = re.findall(
        r"css/pages/(\w+\.css)", "".join(path.read_text() for path in (CLIENT / "templates").glob("*.html"))
    )
    assert set(used) == {path.name for path in (STATIC / "css" / "pages").iterdir()}
