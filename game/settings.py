"""Settings from the environment: one table, one typed record.

No error here repeats a value: somebody may have pasted a secret into the wrong variable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec

from feedback.errors import StoreError
from feedback.location import DEFAULT_VAR, read_folder, read_store_url, read_var_folder
from feedback.sheet.settings import (
    EMULATOR,
    KEY_FILE,
    SHEET_ID,
    SheetSettings,
    SheetSettingsError,
    read_sheet_settings,
)
from game.secret import SHORTEST_KEY

Network = IPv4Network | IPv6Network
T = TypeVar("T")

_LONGEST_SHOWN: Final = 255
_WEB_PORTS: Final = {"http": 80, "https": 443}


class Setting(NamedTuple):
    """One environment variable: its name, its default as it would be set, and what it is for."""

    name: str
    default: str
    help: str


SETTINGS: Final = (
    Setting("INKRUSH_HOST", "127.0.0.1", "Address to listen on. 0.0.0.0 listens on every network."),
    Setting("INKRUSH_PORT", "8000", "Port to listen on. If it is not set, PORT is used. 0 picks a free port."),
    Setting("INKRUSH_VAR", DEFAULT_VAR, "Folder for everything the server stores: database, secret key, models."),
    Setting(
        "INKRUSH_DATABASE_URL",
        read_store_url({}),
        "Where rounds and games are stored: an SQLite file, or postgresql://USER@HOST/NAME. "
        "By default a file in INKRUSH_VAR.",
    ),
    Setting(
        "INKRUSH_MODELS",
        f"{DEFAULT_VAR}/models",
        "Folder of the models that you add. By default the folder models in INKRUSH_VAR.",
    ),
    Setting(
        "INKRUSH_SECRET_KEY",
        "",
        f"Key that signs the players' cookies and decides the prompts of the dailies, at least {SHORTEST_KEY} "
        "characters. If it is not set, one is made and stored in INKRUSH_VAR.",
    ),
    Setting(
        "INKRUSH_ALLOWED_ORIGINS",
        "",
        "More origins whose pages may play, such as https://play.example.com, separated by commas.",
    ),
    Setting(
        "INKRUSH_TRUSTED_PROXIES",
        "",
        "Addresses or networks of proxies whose X-Forwarded-* headers are believed, such as 10.0.0.0/8, separated "
        "by commas.",
    ),
    Setting(SHEET_ID, "", "Google Sheet to copy rounds to: its id or its address. Without one, none are copied."),
    Setting(KEY_FILE, "", "File with the key of the service account that the Sheet is shared with."),
    Setting(EMULATOR, "", "Address (host:port) of a Sheets emulator to use instead of Google, for tests."),
)
"""Every setting of the server, in the order of the help."""

_DEFAULTS: Final = {setting.name: setting.default for setting in SETTINGS}


class SettingsError(Exception):
    """A setting has a value that cannot be used. The message names the setting and never repeats the value."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How this server runs.

    Attributes:
        host: address to listen on.
        port: port to listen on, 0 for any free one.
        var: folder for everything the server stores.
        database_url: where rounds and games are stored.
        models: folder of the versions of the model.
        secret_key: signs cookies. None: use the key stored in ``var``.
        allowed_origins: origins besides the server's own, ``scheme://host[:port]`` in lower case.
        trusted_proxies: networks of proxies whose X-Forwarded-* headers are believed.
        sheet: the Google Sheet that rounds are copied to, if there is one.
    """

    host: str = _DEFAULTS["INKRUSH_HOST"]
    port: int = int(_DEFAULTS["INKRUSH_PORT"])
    var: Path = Path(_DEFAULTS["INKRUSH_VAR"])
    database_url: str = _DEFAULTS["INKRUSH_DATABASE_URL"]
    models: Path = Path(_DEFAULTS["INKRUSH_MODELS"])
    secret_key: str | None = None
    allowed_origins: frozenset[str] = frozenset()
    trusted_proxies: tuple[Network, ...] = ()
    sheet: SheetSettings = SheetSettings()


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in ``environ``. An empty variable counts as not set.

    Raises:
        SettingsError: if a value cannot be used.
    """
    values = {name: value for name, raw in environ.items() if (value := raw.strip())}
    try:
        var = read_var_folder(environ)
        # As `recognition.model.registry.find_models_folder`, which takes half a second and 30 MB to import.
        models = read_folder(environ, "INKRUSH_MODELS") or var / "models"
    except StoreError as error:
        raise SettingsError(str(error)) from None
    return Settings(
        host=values.get("INKRUSH_HOST", _DEFAULTS["INKRUSH_HOST"]),
        port=_read_port(values),
        var=var,
        database_url=read_store_url(environ),
        models=models,
        secret_key=_check_key(values.get("INKRUSH_SECRET_KEY")),
        allowed_origins=frozenset(_read_list(values, "INKRUSH_ALLOWED_ORIGINS", _parse_origin)),
        trusted_proxies=tuple(_read_list(values, "INKRUSH_TRUSTED_PROXIES", _parse_network)),
        sheet=_read_sheet(environ),
    )


def show_value(value: str | Path) -> str:
    """Return a setting's value for a message, or dots if it looks like a key that was put in the wrong place."""
    text = str(value)
    return text if len(text) <= _LONGEST_SHOWN and text.isprintable() else "…"


def parse_port(text: str, name: str) -> int:
    """Return the port in ``text``, 0 to 65535. The error calls it ``name``.

    Raises:
        SettingsError: if it is not a port.
    """
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise SettingsError(f"{name} must be a port, a number from 0 to 65535.")


def _read_port(values: Mapping[str, str]) -> int:
    # Hosting platforms set PORT.
    for name in ("INKRUSH_PORT", "PORT"):
        if name in values:
            return parse_port(values[name], name)
    return int(_DEFAULTS["INKRUSH_PORT"])


def _check_key(key: str | None) -> str | None:
    if key is not None and len(key) < SHORTEST_KEY:
        raise SettingsError(f"INKRUSH_SECRET_KEY must have at least {SHORTEST_KEY} characters.")
    return key


def _read_sheet(environ: Mapping[str, str]) -> SheetSettings:
    try:
        return read_sheet_settings(environ)
    except SheetSettingsError as error:
        raise SettingsError(str(error)) from error


def _read_list(values: Mapping[str, str], name: str, parse: Callable[[str], T]) -> list[T]:
    """Return the items of the setting ``name``, as ``parse`` makes them of their text, or raises ValueError."""
    items = []
    for number, part in enumerate(values.get(name, "").split(","), 1):
        if text := part.strip():
            try:
                items.append(parse(text))
            except ValueError as error:
                raise SettingsError(f"{name}: item {number} is not {error}.") from None
    return items


def _parse_origin(text: str) -> str:
    expected = "an origin such as https://play.example.com"
    try:
        parts = urlsplit(text.lower().rstrip("/"))
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host = host.encode("idna").decode()
    except ValueError:
        raise ValueError(expected) from None
    if parts.scheme not in _WEB_PORTS or not host or port == 0:
        raise ValueError(expected)
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(expected)
    # As browsers write it: without the scheme's own port.
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + ("" if port in (None, _WEB_PORTS[parts.scheme]) else f":{port}")


def _parse_network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise ValueError("an address or a network such as 10.0.0.0/8") from None
