"""Every program of one installation finds the same folder and the same store."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback.errors import StoreError
from feedback.location import read_folder, read_store_url, read_var_folder
from recognition.model.registry import find_models_folder


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({}, "var"),
        ({"INKRUSH_VAR": ""}, "var"),
        ({"INKRUSH_VAR": " "}, "var"),
        ({"INKRUSH_VAR": " /srv/inkrush "}, "/srv/inkrush"),
        ({"INKRUSH_VAR": "here"}, "here"),
    ],
)
def test_recognition_finds_the_models_in_the_same_folder(environ: dict[str, str], folder: str) -> None:
    """Recognition may not import feedback, so it reads INKRUSH_VAR itself."""
    var_folder = read_var_folder(environ)
    assert var_folder == Path(folder)
    assert find_models_folder(environ) == find_models_folder(environ, var_folder) == var_folder / "models"


def test_the_store_is_a_file_in_the_folder_unless_a_url_names_another() -> None:
    assert read_store_url({}) == "sqlite:///var/inkrush.db"
    assert (
        read_store_url({"INKRUSH_VAR": "/srv/inkrush", "INKRUSH_DATABASE_URL": " "})
        == "sqlite:////srv/inkrush/inkrush.db"
    )
    assert read_store_url({"INKRUSH_VAR": "x", "INKRUSH_DATABASE_URL": "sqlite:///y.db"}) == "sqlite:///y.db"


KEYS = {
    "json": '{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQ"}',
    "quoted json": '"{\\"type\\": \\"service_account\\"}"',
    "json with a mark": '\ufeff{"type": "service_account"}',
    "pem": "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----",
    "base64": "eyJ0eXBlIjogInNlcnZpY2VfYWNjb3VudCJ9" * 5,
    "lines of base64": "MIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIBAQC7",
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_is_no_folder_and_is_not_repeated(key: str) -> None:
    with pytest.raises(StoreError) as refused:
        read_var_folder({"INKRUSH_VAR": key})
    assert str(refused.value) == "INKRUSH_VAR holds a key, but must be the path of a folder."


@pytest.mark.parametrize("folder", ["/srv/inkrush", "eyJ", "C:\\var", "my folder", "été"])
def test_a_folder_is_no_key(folder: str) -> None:
    assert read_folder({"INKRUSH_MODELS": folder}, "INKRUSH_MODELS") == Path(folder)
