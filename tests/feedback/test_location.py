"""Every program of one installation finds the same folder and the same store."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback.location import read_store_url, read_var_folder
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
