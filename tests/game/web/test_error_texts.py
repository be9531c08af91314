"""Every error that a person can meet has a text in each language. The message that comes with it is in English."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from game.app import CLIENT

ROOT: Final = CLIENT.parent

FOR_PROGRAMS: Final = {
    *("bad_request", "bad_host", "method_not_allowed", "unsupported_media_type", "unsupported_encoding"),
    *("invalid_request", "invalid_query", "malformed_json", "invalid_strokes", "unknown_alphabet", "unknown_mode"),
    *("bad_json", "not_text", "too_large", "bad_message", "unknown_type", "bad_points", "off_square", "bad_time"),
    *("not_joined", "already_joined", "game_over", "wrong_round", "time_up", "bad_stroke"),
    *("recognition", "unfit_model", "unknown_version"),
}
"""Codes that our pages never cause."""
MADE_BY_PAGES: Final = {"offline", "unexpected", "unknown"}
"""Codes of client/static/js/api.js."""


def find_codes(path: Path) -> Iterator[str]:
    """Yield the codes of errors in a Python file: in what it raises, in its error classes and its tables."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="Refused"), args=[ast.Constant(value=str(code)), *_]):
                yield code
            case ast.Call(func=ast.Name(id="ApiError"), args=[_, ast.Constant(value=str(code)), *_]):
                yield code
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                yield code
            case ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str(code))):
                yield code
            case ast.AnnAssign(target=ast.Name(id="_KNOWN"), value=ast.Dict(values=values)):
                yield from (value.elts[1].value for value in values)  # type: ignore[attr-defined]
            case ast.AnnAssign(target=ast.Name(id="_BY_STATUS"), value=ast.Dict(values=values)):
                yield from (value.elts[0].value for value in values)  # type: ignore[attr-defined]


def test_every_error_that_a_person_can_meet_has_a_text() -> None:
    paths = [path for folder in ("game", "recognition", "feedback") for path in (ROOT / folder).rglob("*.py")]
    codes = {code for path in paths for code in find_codes(path)}
    assert {"not_found", "busy", "bad_name", "too_fast", "foreign_origin", "empty_drawing"} <= codes
    texts = json.loads((CLIENT / "messages" / "en.json").read_bytes())["errors"].keys()
    assert codes - FOR_PROGRAMS - texts == set(), "Add a text to client/messages, or name the code above."
    assert texts - codes - MADE_BY_PAGES == set(), "No error has these codes."
