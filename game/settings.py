"""Settings from the environment: one table, one typed record.

No error here repeats a value: somebody may have pasted a secret into the wrong variable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import starmap
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from feedback.location import DEFAULT_VAR, read_store_url, read_var_folder
from feedback.sheet.settings import (
    EMULATOR,
    KEY_FILE,
    SHEET_ID,
    SheetSettings,
    SheetSettingsError,
    read_sheet_settings,
)

Network = IPv4Network | IPv6Network


class Setting(NamedTuple):
    """One environment variable: its name, its default as a person would write it, and what it is for."""

    name: str
    default: str
    help: str


SETTINGS: Final = (
    Setting("INKRUSH_HOST", "127.0.0.1", "Address to listen on; 0.0.0.0 for every network."),
    Setting("INKRUSH_PORT", "8000", "Port to listen on; PORT is read when it is absent, 0 picks a free one."),
    Setting("INKRUSH_VAR", DEFAULT_VAR, "Folder for what the server keeps: the database and the secret key."),
    Setting(
        "INKRUSH_DATABASE_URL",
        read_store_url({}),
        "Where rounds and games are stored; by default a file in INKRUSH_VAR.",
    ),
    Setting(
        "INKRUSH_MODELS",
        f"{DEFAULT_VAR}/models",
        "Folder of the models that were added, and of what was promoted; by default models in INKRUSH_VAR.",
    ),
    Setting(
        "INKRUSH_SECRET_KEY",
        "",
        "Key that signs the players' cookies, at least 16 characters; made and kept in INKRUSH_VAR when absent.",
    ),
    Setting(
        "INKRUSH_ALLOWED_ORIGINS",
        "",
        "Origins besides its own that browsers may play from, such as https://play.example, comma-separated.",
    ),
    Setting(
        "INKRUSH_TRUSTED_PROXIES",
        "",
        "Addresses or networks whose X-Forwarded-* headers are believed, such as 10.0.0.0/8, comma-separated.",
    ),
    Setting(SHEET_ID, "", "Google Sheet that rounds are mirrored to: its id or its address; without one none is."),
    Setting(KEY_FILE, "", "File with the key of the service account that the Sheet is shared with."),
    Setting(EMULATOR, "", "Address, host:port, of a Sheets emulator to use instead of Google, for tests."),
)
"""Every setting of the server, in the order that it is explained."""

_DEFAULTS: Final = {setting.name: setting.default for setting in SETTINGS}
_LEAST_KEY: Final = 16


class SettingsError(Exception):
    """A setting has a value that cannot be used; the text says which and why, for a person."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How this server runs.

    Attributes:
        host: address to listen on.
        port: port to listen on, 0 for any free one.
        var: folder for what the server keeps.
        database_url: where rounds and games are stored.
        models: folder of the models' versions.
        secret_key: signs cookies; None to use the key kept in ``var``.
        allowed_origins: ``scheme://host[:port]``, lower case, besides the server's own.
        trusted_proxies: networks whose forwarding headers are believed.
        sheet: the Google Sheet that rounds are mirrored to, if any.
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
    """Return the settings of ``environ``; a variable that is empty counts as absent.

    Raises:
        SettingsError: if a value cannot be used.
    """
    # Here, since what comes along takes half a second, which nobody who asks for the help should wait.
    from recognition.model.registry import find_models_folder  # noqa: PLC0415

    given = {name: value for name, raw in environ.items() if (value := raw.strip())}
    var = read_var_folder(environ)
    return Settings(
        host=given.get("INKRUSH_HOST", _DEFAULTS["INKRUSH_HOST"]),
        port=_port(given),
        var=var,
        database_url=read_store_url(environ),
        models=find_models_folder(environ, var),
        secret_key=_secret_key(given.get("INKRUSH_SECRET_KEY")),
        allowed_origins=frozenset(starmap(_origin, _listed(given.get("INKRUSH_ALLOWED_ORIGINS", "")))),
        trusted_proxies=tuple(starmap(_network, _listed(given.get("INKRUSH_TRUSTED_PROXIES", "")))),
        sheet=_sheet(environ),
    )


def parse_port(text: str, name: str) -> int:
    """Return the port that ``text`` gives, 0 to 65535; ``name`` says in the error what it was given for.

    Raises:
        SettingsError: if it is no port.
    """
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise SettingsError(f"{name} must be a port from 0 to 65535.")


def _port(given: Mapping[str, str]) -> int:
    # PORT is what hosting platforms hand a web process.
    for name in ("INKRUSH_PORT", "PORT"):
        if name in given:
            return parse_port(given[name], name)
    return int(_DEFAULTS["INKRUSH_PORT"])


def _secret_key(key: str | None) -> str | None:
    if key is not None and len(key) < _LEAST_KEY:
        raise SettingsError(f"INKRUSH_SECRET_KEY must have at least {_LEAST_KEY} characters.")
    return key


def _sheet(environ: Mapping[str, str]) -> SheetSettings:
    try:
        return read_sheet_settings(environ)
    except SheetSettingsError as error:
        raise SettingsError(str(error)) from error


def _listed(text: str) -> Iterable[tuple[int, str]]:
    """Return the items of a comma-separated list with their numbers, from 1."""
    return enumerate((item for part in text.split(",") if (item := part.strip())), 1)


def _origin(number: int, text: str) -> str:
    try:
        parts = urlsplit(text.lower().rstrip("/"))
        fit = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fit = False
    if not fit or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingsError(
            f"INKRUSH_ALLOWED_ORIGINS must list origins such as https://play.example. Item {number} is not one."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _network(number: int, text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise SettingsError(
            "INKRUSH_TRUSTED_PROXIES must list addresses or networks such as 10.0.0.0/8. "
            f"Item {number} is neither."
        ) from None
