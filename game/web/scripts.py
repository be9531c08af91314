"""Joins the ES modules of a page into one, so that a browser asks once instead of once for each module.

It knows only the forms that our modules use, and raises `BadScript` at any other::

    import "../theme.js";
    import { find, make as build } from "../parts/dom.js";
    import { getStroke } from "perfect-freehand";
    export function f() {}     // also: async function, class, const
    export { a, b as c };      // only at the end of a file

Each imported module becomes a function that runs once and returns its exports. The page's own module comes last,
as it is, so only that one may wait (``await``) outside of functions. Modules run in the order in which a browser
would run them. That needs exports that do not change (no ``export let``), and no modules that import each other.
The files on disk work in a browser as they are.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from game.web.source_maps import Line

_COMMENT: Final = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/[ \t]*)$", re.MULTILINE)
_BACKTICK: Final = re.compile(r"(?<!\\)`")
_IMPORT: Final = re.compile(r'^import\s+(?:\{([^{}]*)\}\s*from\s*)?"([^"]+)";?[ \t]*$', re.MULTILINE)
_DECLARATION: Final = re.compile(
    r"^export\s+((?:async\s+)?function\s*\*?\s*|class\s+|const\s+)([\w$]+)", re.MULTILINE
)
_LIST: Final = re.compile(r"export\s*\{([^{}]*)\};?\s*\Z")
_UNKNOWN: Final = re.compile(r"^\s*(?:import|export)\b|\bimport\s*\(|\bimport\.meta\b", re.MULTILINE)
_NAMES: Final = re.compile(r"\s*([\w$]+)(?:\s+as\s+([\w$]+))?\s*")


class BadScript(ValueError):
    """A module has a form that cannot be joined, or imports what does not exist."""


@dataclass(frozen=True)
class _Module:
    """A module in parts: pairs of a path and the names imported from there, its exports, and the rest."""

    imports: list[tuple[str, dict[str, str]]]
    """Each with the path, and the imported names with the names they have here."""
    exports: dict[str, str]
    """The exported names, each with its name in the module."""
    body: list[Line]


def join_scripts(entry: str, scripts: Mapping[str, str], packages: Mapping[str, str]) -> list[Line]:
    """Return the lines of one module that does what the module at the path ``entry`` does.

    Args:
        entry: a path in ``scripts``.
        scripts: the text of each module, by its path.
        packages: the path of each module that is imported by a bare name.

    Raises:
        BadScript: something in these modules cannot be joined; the message says what, and where.
    """
    modules: dict[str, _Module] = {}
    _collect(entry, scripts, packages, modules, ())
    main = modules.pop(entry)
    lines = [line for path, module in modules.items() for line in _write_function(path, module, modules)]
    lines += [Line(f"// {entry}"), *_write_body(entry, main, modules)]
    if main.exports:
        names = ", ".join(f"{inside} as {name}" for name, inside in main.exports.items())
        lines.append(Line(f"export {{ {names} }};"))
    return lines


def _collect(
    path: str,
    scripts: Mapping[str, str],
    packages: Mapping[str, str],
    modules: dict[str, _Module],
    importers: tuple[str, ...],
) -> None:
    """Add the module at ``path`` to ``modules`` after those that it imports."""
    if path in modules:
        return
    if path in importers:
        raise BadScript(f"Modules import each other in a circle: {' → '.join([*importers, path])}.")
    module = _parse(path, scripts, packages)
    for imported, _ in module.imports:
        _collect(imported, scripts, packages, modules, (*importers, path))
    modules[path] = module


def _parse(path: str, scripts: Mapping[str, str], packages: Mapping[str, str]) -> _Module:
    imports: list[tuple[str, dict[str, str]]] = []
    exports: dict[str, str] = {}

    def take_import(match: re.Match[str]) -> str:
        imported = packages.get(match[2], posixpath.normpath(posixpath.join(posixpath.dirname(path), match[2])))
        if imported not in scripts:
            raise BadScript(f'{path}: there is no module "{match[2]}".')
        imports.append((imported, _read_names(path, match[1] or "")))
        return _keep_line_breaks(match)

    def take_declaration(match: re.Match[str]) -> str:
        exports[match[2]] = match[2]
        return f"{match[1]}{match[2]}"

    def take_list(match: re.Match[str]) -> str:
        exports.update({outside: inside for inside, outside in _read_names(path, match[1]).items()})
        return ""

    text, is_clean = _remove_comments(scripts[path])
    body = _LIST.sub(take_list, _DECLARATION.sub(take_declaration, _IMPORT.sub(take_import, text)))
    if match := _UNKNOWN.search(_COMMENT.sub("", body)):
        _refuse(path, body, match)
    lines = [Line(line, path, number) for number, line in enumerate(body.split("\n"))]
    return _Module(imports, exports, [line for line in lines if line.text.strip()] if is_clean else lines)


def _remove_comments(text: str) -> tuple[str, bool]:
    """Return a script with empty lines for comments that have lines of their own, and whether that was possible.

    These comments are about half of ours. A text over several lines in backticks could contain what looks like a
    comment, or an empty line: then everything stays.
    """
    without = _COMMENT.sub(_keep_line_breaks, text)
    has_long_texts = any(len(_BACKTICK.findall(line)) % 2 for line in without.split("\n"))
    return (text, False) if has_long_texts else (without, True)


def _keep_line_breaks(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _read_names(path: str, text: str) -> dict[str, str]:
    """Return the names of ``a, b as c``, each with the name after ``as``."""
    names: dict[str, str] = {}
    for part in text.split(","):
        if match := _NAMES.fullmatch(part):
            names[match[1]] = match[2] or match[1]
        elif part.strip():
            raise BadScript(f"{path}: cannot read the names in {{{text}}}.")
    return names


def _refuse(path: str, body: str, match: re.Match[str]) -> NoReturn:
    start = body.find(match[0].strip())
    line = body[body.rfind("\n", 0, start) + 1 :].partition("\n")[0].strip()
    raise BadScript(f"{path}: this form is not known: {line[:80]} (game/web/scripts.py names those that are)")


def _write_function(path: str, module: _Module, modules: Mapping[str, _Module]) -> list[Line]:
    """Return a module as a function that runs at once."""
    return [
        Line(f"// {path}"),
        Line(f"const {_make_name(path)} = (() => {{"),
        *_write_body(path, module, modules),
        Line(f"return {{ {_list_names(module.exports)} }};"),
        Line("})();"),
    ]


def _write_body(path: str, module: _Module, modules: Mapping[str, _Module]) -> list[Line]:
    lines = []
    for imported, names in module.imports:
        for name in names:
            if name not in modules[imported].exports:
                raise BadScript(f"{path}: {imported} does not export {name}.")
        if names:
            lines.append(Line(f"const {{ {_list_names(names)} }} = {_make_name(imported)};"))
    return lines + module.body


def _list_names(names: Mapping[str, str]) -> str:
    return ", ".join(name if name == alias else f"{name}: {alias}" for name, alias in names.items())


def _make_name(path: str) -> str:
    """Return the name of a module's exports. No module uses names that begin with a dollar sign."""
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))
