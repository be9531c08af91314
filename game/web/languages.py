"""The languages of the pages: their texts, which one a visitor reads, and the function ``t`` of templates.

Each file in ``client/messages`` is one language. ``docs/translating.md`` says how to add a text or a language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, TypeVar, cast
from urllib.parse import urlencode

from markupsafe import Markup, escape
from quart import Quart, Response, current_app, g, request
from werkzeug.http import dump_cookie
from werkzeug.wrappers import Response as WerkzeugResponse

Message: TypeAlias = str | dict[str, str]
"""A text, or one text for each plural form that the language has (``one``, ``other``, …)."""
Sections: TypeAlias = dict[str, dict[str, Message]]

AnyResponse = TypeVar("AnyResponse", Response, WerkzeugResponse)

DEFAULT: Final = "en"
COOKIE: Final = "inkrush_language"
QUERY: Final = "lang"

_EXTENSION: Final = "inkrush.languages"
_YEAR: Final = 365 * 24 * 60 * 60  # seconds
# How much of the header is read: more than any browser sends.
_MOST_CHARACTERS: Final = 1000
_MOST_RANGES: Final = 30
_RANGE: Final = re.compile(
    r"([a-z]{1,8})(?:-[a-z0-9]{1,8})*(?:\s*;\s*q\s*=\s*([01](?:\.\d{0,3})?))?", re.IGNORECASE
)
_COOKIE_VALUE: Final = re.compile(rf'(?:^|[;\s]){COOKIE}="?([a-zA-Z-]{{2,20}})', re.ASCII)
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code (BCP 47), its own name, its direction (``ltr`` or ``rtl``) and all its texts."""

    code: str
    name: str
    direction: str
    sections: Sections

    def translate(self, key: str, **values: object) -> Markup:
        """Return the text of ``section.key`` as HTML, with its placeholders filled in.

        Text and values are escaped, except for values that are ``Markup`` already.

        Raises:
            KeyError: if there is no such text.
        """
        section, _, name = key.partition(".")
        text = self.sections[section][name]
        if not isinstance(text, str):
            raise TypeError(f"{key} has plural forms, which only scripts can choose.")
        filled = _PLACEHOLDER.sub(lambda match: str(escape(values[match[1]])), str(escape(text)))
        return Markup(filled)  # noqa: S704 (every part was escaped above)

    def has_text(self, key: str) -> bool:
        """Return whether there is a text ``section.key``."""
        section, _, name = key.partition(".")
        return name in self.sections.get(section, {})


def load_languages(folder: Path) -> dict[str, Language]:
    """Return the languages by code, ordered by name. Texts that a language lacks are taken from English."""
    texts = {path.stem: cast("Sections", json.loads(path.read_bytes())) for path in folder.glob("*.json")}
    languages = [_make_language(code, sections, texts[DEFAULT]) for code, sections in texts.items()]
    return {language.code: language for language in sorted(languages, key=lambda language: language.name)}


def _make_language(code: str, sections: Sections, fallback: Sections) -> Language:
    complete = {name: fallback[name] | sections.get(name, {}) for name in fallback}
    own = cast("dict[str, str]", complete.pop("language"))
    return Language(code, own["name"], own["direction"], complete)


def use_languages(app: Quart, folder: Path) -> None:
    """Give ``app`` the languages in ``folder``, and its templates what they need to show them."""
    app.extensions[_EXTENSION] = load_languages(folder)
    app.jinja_env.globals.update(
        t=lambda key, **values: get_language().translate(key, **values),
        get_language=get_language,
        get_languages=lambda: _get_languages().values(),
        get_language_link=get_language_link,
        get_script_messages=get_script_messages,
    )


def get_language() -> Language:
    """Return the language of the current request."""
    if "language" not in g:
        languages = _get_languages()
        g.language = languages[_find_language(languages)]
    return cast("Language", g.language)


def choose_language(accept: str, available: Iterable[str]) -> str:
    """Return the best of ``available`` for an Accept-Language header (RFC 9110, 12.5.4), or English.

    A regional variant counts as its language: ``de-AT`` is ``de``. Whatever is not valid is ignored.
    """
    known = set(available)
    best, best_quality = DEFAULT, 0.0
    for part in accept[:_MOST_CHARACTERS].split(",")[:_MOST_RANGES]:
        if match := _RANGE.fullmatch(part.strip()):
            code, quality = match[1].lower(), float(match[2] or 1)
            if code in known and best_quality < quality <= 1:
                best, best_quality = code, quality
    return best


def get_language_link(code: str) -> str:
    """Return the address of this page in the language ``code``."""
    others = [(name, value) for name, value in request.args.items(multi=True) if name != QUERY]
    return f"?{urlencode([*others, (QUERY, code)])}"


def get_script_messages(sections: Iterable[str]) -> Mapping[str, Mapping[str, Message]]:
    """Return the texts that the scripts of a page need."""
    language = get_language()
    return {name: language.sections[name] for name in sorted(set(sections))}


def describe_language(response: AnyResponse) -> AnyResponse:
    """Say in the headers of a page which language it has, and remember a language that was just chosen."""
    code = get_language().code
    response.headers["Content-Language"] = code
    response.headers.add("Vary", "Accept-Language, Cookie")
    if request.args.get(QUERY) == code:
        cookie = dump_cookie(
            COOKIE, code, max_age=_YEAR, secure=request.scheme == "https", httponly=True, samesite="Lax"
        )
        response.headers.add("Set-Cookie", cookie)
    return response


def _get_languages() -> dict[str, Language]:
    return cast("dict[str, Language]", current_app.extensions[_EXTENSION])


def _find_language(available: Mapping[str, Language]) -> str:
    """Return what the person chose, in this request or before, else what the browser asks for."""
    cookies = _COOKIE_VALUE.findall("; ".join(request.headers.getlist("Cookie")))
    for chosen in (request.args.get(QUERY), *cookies):
        if chosen in available:
            return cast("str", chosen)
    return choose_language(request.headers.get("Accept-Language", ""), available)
