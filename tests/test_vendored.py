"""Files from other projects are listed with their licenses, and fonts have the characters that our texts need."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from recognition.alphabets import ALPHABETS

CLIENT = Path(__file__).parents[1] / "client"
STATIC = CLIENT / "static"
LATIN = ("en", "de", "es", "fr")
BLANKS = {"\n", "\N{NARROW NO-BREAK SPACE}", "\N{SOFT HYPHEN}"}


def test_vendored_files_are_listed_with_their_hashes_and_licenses() -> None:
    manifest = json.loads((STATIC / "vendor" / "manifest.json").read_text())
    paths = [*STATIC.glob("vendor/*.js"), *STATIC.glob("fonts/*.woff2")]
    assert {entry["file"] for entry in manifest} == {path.relative_to(STATIC).as_posix() for path in paths}
    for entry in manifest:
        path = STATIC / entry["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        package = path.name.split("-subset")[0].removesuffix(".js")
        assert (path.parent / f"{package}.LICENSE").is_file()
        assert entry["license"]


@pytest.mark.parametrize("font", sorted(path.name for path in STATIC.glob("fonts/*.woff2")))
def test_a_font_has_the_characters_of_all_texts_in_latin_letters(font: str) -> None:
    face = (STATIC / "css" / "tokens.css").read_text().partition(font)[2].partition("}")[0]
    characters = set()
    for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face.partition("unicode-range:")[2]):
        characters |= set(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    assert characters >= set(ALPHABETS["any"])
    for language in LATIN:
        texts = set((CLIENT / "messages" / f"{language}.json").read_text(encoding="utf-8")) - BLANKS
        assert texts - characters == set(), language
