"""A progress bar is for people who watch."""

from __future__ import annotations

import pytest

from training.progress import show_progress


def test_nothing_is_printed_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(show_progress("abc", "reading pictures")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")
