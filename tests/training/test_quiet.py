"""TensorFlow's own messages stay off the screen."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from training.quiet import hide_output


def test_importing_tensorflow_and_using_it_prints_nothing() -> None:
    script = "import training.fit, keras; keras.ops.sum(keras.ops.ones(3))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_what_was_hidden_is_shown_if_the_block_fails(capfd: pytest.CaptureFixture[str]) -> None:
    with hide_output():
        os.write(1, b"progress")
    assert capfd.readouterr() == ("", "")

    with pytest.raises(ValueError, match="reason"), hide_output():
        os.write(2, b"details")
        raise ValueError("reason")
    assert capfd.readouterr() == ("", "details")
