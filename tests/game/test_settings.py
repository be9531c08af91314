from __future__ import annotations

import ast
import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from game.settings import SETTINGS, Settings, SettingsError, read_settings, show_value
from tests.serving import ROOT


def test_without_settings_the_defaults_hold() -> None:
    assert read_settings({}) == Settings()


def test_every_setting_in_the_table_has_an_effect() -> None:
    values = {
        "INKRUSH_HOST": "0.0.0.0",
        "INKRUSH_PORT": "9000",
        "INKRUSH_VAR": "/srv/inkrush",
        "INKRUSH_DATABASE_URL": "sqlite:////elsewhere/ink.db",
        "INKRUSH_MODELS": "/srv/models",
        "INKRUSH_SECRET_KEY": "k" * 16,
        "INKRUSH_ALLOWED_ORIGINS": "https://play.example",
        "INKRUSH_TRUSTED_PROXIES": "10.0.0.0/8",
        "INKRUSH_SHEET_ID": "https://docs.google.com/spreadsheets/d/1aB-c_9/edit#gid=0",
        "GOOGLE_APPLICATION_CREDENTIALS": "/srv/key.json",
        "SHEETS_EMULATOR_HOST": "127.0.0.1:9090",
    }
    assert set(values) == {setting.name for setting in SETTINGS}
    for name, value in values.items():
        assert read_settings({name: value}) != Settings(), name


def test_the_database_is_in_the_var_folder_by_default() -> None:
    assert read_settings({"INKRUSH_VAR": "/srv/ink"}).database_url == "sqlite:////srv/ink/inkrush.db"
    assert read_settings({"INKRUSH_VAR": "here"}).database_url == "sqlite:///here/inkrush.db"


def test_the_models_are_in_the_var_folder_by_default() -> None:
    assert read_settings({"INKRUSH_VAR": "/srv/ink"}).models == Path("/srv/ink/models")
    assert read_settings({"INKRUSH_VAR": "/srv/ink", "INKRUSH_MODELS": "m"}).models == Path("m")


def test_an_empty_setting_counts_as_not_set() -> None:
    assert read_settings({"INKRUSH_PORT": " ", "INKRUSH_VAR": "", "INKRUSH_SECRET_KEY": ""}) == Settings()


def test_inkrush_port_overrides_port() -> None:
    assert read_settings({"PORT": "5000"}).port == 5000
    assert read_settings({"PORT": "5000", "INKRUSH_PORT": "6000"}).port == 6000
    assert read_settings({"PORT": "nonsense", "INKRUSH_PORT": "6000"}).port == 6000


def test_lists() -> None:
    settings = read_settings(
        {
            "INKRUSH_ALLOWED_ORIGINS": "https://Play.Example/ , http://localhost:3000,",
            "INKRUSH_TRUSTED_PROXIES": "10.0.0.1, fd00::/8",
            "INKRUSH_VAR": "x",
        }
    )
    assert settings.allowed_origins == {"https://play.example", "http://localhost:3000"}
    assert settings.trusted_proxies == (ip_network("10.0.0.1/32"), ip_network("fd00::/8"))
    assert settings.var == Path("x")


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://play.example:443", "https://play.example"),
        ("http://play.example:80/", "http://play.example"),
        ("https://play.example:80", "https://play.example:80"),
        ("https://play.example:", "https://play.example"),
        ("HTTPS://Play.Example:8443", "https://play.example:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://[2001:DB8::1]:443", "https://[2001:db8::1]"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_origins_are_read_as_browsers_send_them(written: str, origin: str) -> None:
    assert read_settings({"INKRUSH_ALLOWED_ORIGINS": written}).allowed_origins == {origin}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INKRUSH_PORT", "http"),
        ("INKRUSH_PORT", "-1"),
        ("INKRUSH_PORT", "65536"),
        ("INKRUSH_PORT", "9" * 5000),
        ("INKRUSH_PORT", "٣"),
        ("PORT", "x"),
        ("INKRUSH_SECRET_KEY", "short"),
        ("INKRUSH_ALLOWED_ORIGINS", "play.example"),
        ("INKRUSH_ALLOWED_ORIGINS", "https://play.example/path"),
        ("INKRUSH_ALLOWED_ORIGINS", "https://user@play.example"),
        ("INKRUSH_ALLOWED_ORIGINS", "https://play.example:99999"),
        ("INKRUSH_ALLOWED_ORIGINS", "*"),
        ("INKRUSH_ALLOWED_ORIGINS", "http://[::1"),
        ("INKRUSH_SHEET_ID", "https://example.com/my-sheet"),
        ("INKRUSH_SHEET_ID", "two words"),
        ("INKRUSH_SHEET_ID", "eyJ0eXBlIjoic2VydmljZV9hY2NvdW50" * 9),
        ("INKRUSH_VAR", '{"type": "service_account"}'),
        ("INKRUSH_MODELS", "-----BEGIN PRIVATE KEY-----"),
        ("SHEETS_EMULATOR_HOST", "http://127.0.0.1:9090"),
        ("INKRUSH_TRUSTED_PROXIES", "proxy.internal"),
        ("INKRUSH_TRUSTED_PROXIES", "10.0.0.0/99"),
    ],
)
def test_a_bad_value_is_refused_in_a_sentence_that_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({name: value})
    assert str(refused.value).startswith(name)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS])
def test_no_error_repeats_a_value(name: str) -> None:
    for value in ("s3cret", '{"private_key": "s3cret"}', "https://me:s3cret@host/x?key=s3cret, s3cret", "s3c ret"):
        try:
            read_settings({name: value})
        except SettingsError as error:
            assert "s3c" not in str(error)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("/srv/inkrush", "/srv/inkrush"), (Path("var"), "var"), ("-----BEGIN\nMII", "…"), ("a" * 2000, "…")],
)
def test_a_value_that_may_be_a_key_is_not_shown(value: str | Path, shown: str) -> None:
    assert show_value(value) == shown


def test_every_setting_is_documented() -> None:
    """The server's settings, and every other variable that the code reads."""
    page = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    names = {
        node.value
        for folder in ("recognition", "feedback", "game", "training")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"INKRUSH_[A-Z_]+", node.value)
    }
    names |= {setting.name for setting in SETTINGS}
    assert [name for name in sorted(names) if f"| `{name}` |" not in page] == []
