"""Tables in the docs that the code itself can write.

``python -m tests.docs.tables`` writes each of them anew, between ``<!-- table: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
from msgspec import inspect as types

from feedback.line import Line
from game.app import build_app
from game.play import protocol
from game.rules import tuning
from game.settings import SETTINGS, Settings
from game.typescript import write_type
from training.recipes.catalog import HISTORY_FILE, RECIPES

DOCS: Final = Path(__file__).parents[2] / "docs"

_MARKED: Final = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def write_tables(text: str) -> str:
    """Return a page with every marked table written anew."""
    return _MARKED.sub(lambda match: f"{match[1]}{TABLES[match[2]]()}{match[3]}", text)


def make_messages_table(messages: Any) -> str:
    """Return a table of messages: type, fields and what they are for."""
    rows = ["| `type` | fields | what it does |", "| --- | --- | --- |"]
    for message in get_args(messages):
        info = types.type_info(message)
        assert isinstance(info, types.StructType)
        fields = " · ".join(_describe_field(field) for field in info.fields)
        rows.append(f"| `{info.tag}` | {fields} | {_join_lines(inspect.getdoc(message))} |")
    return "\n".join(rows) + "\n"


def make_parts_table() -> str:
    """Return a table of the structs that messages are made of."""
    rows = ["| part | fields | what it is |", "| --- | --- | --- |"]
    for part in (protocol.RunningRound, protocol.FinishedRound):
        info = types.type_info(part)
        assert isinstance(info, types.StructType)
        fields = " · ".join(_describe_field(field) for field in info.fields)
        rows.append(f"| `{part.__name__}` | {fields} | {_join_lines(inspect.getdoc(part))} |")
    return "\n".join(rows) + "\n"


def make_close_codes_table() -> str:
    """Return a table of the codes with which the server closes a connection."""
    rows = ["| code | name |", "| --- | --- |"]
    codes = {name: code for name, code in vars(protocol.Close).items() if name.isupper()}
    rows += [
        f"| {code} | {name.lower().replace('_', ' ')} |"
        for name, code in sorted(codes.items(), key=lambda c: c[1])
    ]
    return "\n".join(rows) + "\n"


def make_calls_table() -> str:
    """Return a table of the HTTP calls that ``/openapi.json`` describes."""
    rows = ["| call | what it does | answers |", "| --- | --- | --- |"]
    for path, operations in sorted(_describe_paths().items()):
        for method, operation in sorted(operations.items()):
            statuses = ", ".join(map(str, sorted(operation["responses"])))
            rows.append(f"| `{method.upper()} {path}` | {operation['summary']} | {statuses} |")
    return "\n".join(rows) + "\n"


def make_round_fields_table() -> str:
    """Return a table of the fields that an exported round has."""
    _, components = msgspec.json.schema_components([Line])
    descriptions = components["Line"]["properties"]
    rows = ["| field | type | what it is |", "| --- | --- | --- |"]
    info = types.type_info(Line)
    assert isinstance(info, types.StructType)
    for field in info.fields:
        type_ = write_type(field.type).replace(" | ", " or ")
        rows.append(f"| `{field.name}` | {type_} | {descriptions[field.name]['description']} |")
    return "\n".join(rows) + "\n"


def make_settings_table() -> str:
    """Return a table of the environment variables that set something."""
    rows = ["| variable | default | what it is for |", "| --- | --- | --- |"]
    others = [("INKRUSH_DATA", "data", "Folder of data sets, for training and benchmarks.")]
    for name, default, text in (*SETTINGS, *others):
        rows.append(f"| `{name}` | {f'`{default}`' if default else 'none'} | {text} |")
    return "\n".join(rows) + "\n"


def make_limits_table() -> str:
    """Return a table of what one player and one address may do."""
    rows = ["| what | of a player | of an address |", "| --- | --- | --- |"]
    calls = {
        'calls that store nothing: recognize with `"store": false`, boards, games': tuning.READS,
        "calls that write: recognize, upload, feedback, delete": tuning.STORES,
        "calls that take long: explain, upload, downloads, reports": tuning.HEAVY,
        "opening rooms": tuning.NEW_ROOMS,
        "looking at rooms": tuning.ROOM_READS,
        "codes of rooms that do not exist": tuning.ROOM_TRIES,
    }
    rows += [f"| {what} | {_describe_rate(x.player)} | {_describe_rate(x.address)} |" for what, x in calls.items()]
    day = tuning.STORED_A_DAY
    messages = _describe_rate(tuning.Rate(tuning.MESSAGES_AT_ONCE, tuning.MESSAGES_PER_SECOND))
    rows += [
        f"| drawings stored outside of games | {day.player.at_once:,} a day | {day.address.at_once:,} a day |",
        f"| messages of a game's socket | {messages} | no limit |",
        f"| all requests, pages and files too | no limit | {_describe_rate(tuning.REQUESTS.address)} |",
        f"| new games | no limit | {_describe_rate(tuning.HANDSHAKES.address)} |",
        f"| skips in a game | {_describe_rate(tuning.SKIPS)} | no limit |",
        f"| open play sockets | no limit | {tuning.SOCKETS_PER_ADDRESS:,} |",
        f"| new connections | no limit | {_describe_rate(tuning.CONNECTIONS.address)} |",
        f"| open connections | no limit | {tuning.CONNECTIONS_PER_ADDRESS:,} |",
    ]
    return "\n".join(rows) + "\n"


def make_recipes_table() -> str:
    """Return a table of the recipes that models are trained by."""
    rows = ["| recipe | what it makes |", "| --- | --- |"]
    rows += [f"| `{name}` | {recipe.summary} |" for name, recipe in RECIPES.items()]
    return "\n".join(rows) + "\n"


def make_history_table() -> str:
    """Return a table of what was tried on the way to the bundled model, and what it gave."""
    columns = ("digits", "upper", "lower", "any", "folded")
    rows = [
        "| what was tried | digits | uppercase | lowercase | all, exact | all, look-alikes | result |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for step in json.loads(HISTORY_FILE.read_text(encoding="utf-8")):
        shares = [f"{step['figures'][name]:.2f}" if step["figures"] else "" for name in columns]
        rows.append(f"| {step['tried']} | {' | '.join(shares)} | {step.get('note', '')} |")
    return "\n".join(rows) + "\n"


def _describe_paths() -> Mapping[str, Any]:
    app = build_app(Settings())
    provider = app.extensions["QUART_SCHEMA"].openapi_provider_class(app, app.extensions["QUART_SCHEMA"])
    paths: Mapping[str, Any] = provider.schema()["paths"]
    return paths


def _describe_field(field: types.Field) -> str:
    text = f"`{field.encode_name}`: {write_type(field.type).replace('|', 'or')}"
    if field.required:
        return text
    if field.default is msgspec.NODEFAULT:
        return f"{text} (may be missing)"
    default = "none" if field.default is None else msgspec.json.encode(field.default).decode()
    return f"{text} (default {default})"


def _describe_rate(rate: tuning.Rate) -> str:
    is_slow = rate.per_second < 1
    number, unit = (rate.per_second * 60, "minute") if is_slow else (rate.per_second, "second")
    return f"{rate.at_once} at once, then {number:g} a {unit}"


def _join_lines(text: str | None) -> str:
    return " ".join((text or "").split()).replace("``", "`").replace("|", "or")


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "messages-from-browser": lambda: make_messages_table(protocol.FromBrowser),
    "messages-from-server": lambda: make_messages_table(protocol.FromServer),
    "message-parts": make_parts_table,
    "close-codes": make_close_codes_table,
    "calls": make_calls_table,
    "round-fields": make_round_fields_table,
    "settings": make_settings_table,
    "limits": make_limits_table,
    "recipes": make_recipes_table,
    "history": make_history_table,
}


def main() -> None:
    """Write the tables of every page anew."""
    for path in sorted(DOCS.rglob("*.md")):
        path.write_text(write_tables(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
