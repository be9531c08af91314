"""The language of a page: chosen by the person, else by the browser, else English."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.app import CLIENT
from game.web.languages import Language, choose_language, load_languages
from game.web.pages import PAGES
from tests.game.conftest import Client

CODES = sorted(path.stem for path in (CLIENT / "messages").glob("*.json"))


@pytest.mark.parametrize(
    ("accept", "code"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE-at", "de"),
        ("fr;q=0.5, de;q=0.8, en;q=0.1", "de"),
        ("fr;q=0.5, de;q=0.5", "fr"),
        ("pt-BR, es ; q = 0.7", "es"),
        ("de;q=0", "en"),
        ("de;q=7, ja;q=0.001", "ja"),
        ("zh-Hant-TW, *;q=0.5", "en"),
        ("de;q=nan, fr;q=-1, es;q=1e9, ../../ja", "en"),
        ("x," * 100_000 + "de", "en"),
        ("de" + " " * 100_000 + "x", "de"),
    ],
)
def test_the_best_language_that_the_browser_asks_for(accept: str, code: str) -> None:
    assert choose_language(accept, CODES) == code


@given(st.text(st.characters(codec="latin-1"), max_size=3000))
def test_every_header_gives_a_language_that_we_have(accept: str) -> None:
    assert choose_language(accept, CODES) in CODES


@pytest.mark.parametrize("address", [*PAGES, "/no/such/page"])
async def test_a_page_comes_in_every_language(client: Client, address: str) -> None:
    pages = set()
    for code in CODES:
        answer = await client.get(address, headers={"Accept-Language": f"{code}-XX, en;q=0.5"})
        page = await answer.get_data(as_text=True)
        assert f'<html lang="{code}" dir="ltr">' in page
        assert answer.headers["Content-Language"] == code
        assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))
        pages |= set(re.findall('<meta name="description" content="(.*)">', page))
    assert len(pages) == len(CODES)


async def test_a_page_in_another_language_is_another_page(client: Client) -> None:
    english = await client.get("/")
    tag = english.headers["ETag"]
    same = await client.get("/", headers={"If-None-Match": tag})
    assert same.status_code == 304
    german = await client.get("/", headers={"If-None-Match": tag, "Accept-Language": "de"})
    assert german.status_code == 200


async def test_a_chosen_language_is_remembered(client: Client) -> None:
    chosen = await client.get("/?lang=ja", headers={"Accept-Language": "de"})
    assert chosen.headers["Content-Language"] == "ja"
    later = await client.get("/privacy", headers={"Accept-Language": "de"})
    assert later.headers["Content-Language"] == "ja"
    assert "Set-Cookie" not in later.headers


async def test_a_language_that_we_do_not_have_is_not_chosen(client: Client) -> None:
    for name in ("tlh", "../en", "de\r\nX: y", "", "DE"):
        answer = await client.get("/", query_string={"lang": name})
        assert answer.headers["Content-Language"] == "en"
        assert "inkrush_language" not in answer.headers.get("Set-Cookie", "")


async def test_the_menu_leads_to_the_same_place_in_another_language(client: Client) -> None:
    answer = await client.get("/leaderboard?game=a%26b&lang=fr&x=1&x=2")
    page = await answer.get_data(as_text=True)
    assert '<a href="?game=a%26b&amp;x=1&amp;x=2&amp;lang=de" hreflang="de"' in page


def test_a_text_that_a_language_lacks_is_english(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("messages")
    english = {
        "language": {"name": "English", "direction": "ltr"},
        "a": {"x": "one", "y": "two"},
        "b": {"z": "three"},
    }
    hebrew = {"language": {"name": "עברית", "direction": "rtl"}, "a": {"x": "אחת"}}
    for code, texts in (("en", english), ("he", hebrew)):
        (folder / f"{code}.json").write_text(json.dumps(texts))
    language = load_languages(folder)["he"]
    assert (language.name, language.direction) == ("עברית", "rtl")
    assert [language.translate(key) for key in ("a.x", "a.y", "b.z")] == ["אחת", "two", "three"]


def test_values_are_escaped_and_markup_is_not() -> None:
    language = Language("en", "English", "ltr", {"a": {"b": "<{x}> & {y}"}})
    text = language.translate("a.b", x="<b>", y=language.translate("a.b", x=1, y="'"))
    assert text == "&lt;&lt;b&gt;&gt; &amp; &lt;1&gt; &amp; &#39;"
