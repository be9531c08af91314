"""LiteRT's greeting does not reach a terminal, and everything else does."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.serving import ROOT

pytestmark = pytest.mark.slow


def run(code: str) -> tuple[str, str]:
    """Run ``code`` in a new process and return what it printed on stdout and stderr."""
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    return ended.stdout, ended.stderr


def test_recognizing_prints_nothing() -> None:
    assert run(
        "import recognition\n"
        "recognizer = recognition.Recognizer.load()\n"
        "recognizer.recognize([[[1, 2], [3, 4]]])\n"
        "recognition.Recognizer.load().explain([[[1, 2], [3, 4]]])"
    ) == ("", "")


def test_several_threads_that_load_models_at_once_print_nothing() -> None:
    assert run(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from recognition import Recognizer\n"
        "def work(_):\n"
        "    Recognizer.load().recognize([[[1, 2], [3, 4]]])\n"
        "with ThreadPoolExecutor(4) as threads:\n"
        "    list(threads.map(work, range(4)))"
    ) == ("", "")


_C_STDERR = (
    "import ctypes, subprocess, sys\n"
    "from recognition.model.quiet import hide_greeting\n"
    "libc = ctypes.CDLL(None)\n"
    "def print_in_c(line):\n"
    "    libc.fputs(line, ctypes.c_void_p(ctypes.c_void_p.in_dll(libc, 'stderr').value))\n"
)


def test_errors_and_other_streams_are_not_held_back() -> None:
    _, errors = run(
        _C_STDERR + "with hide_greeting():\n"
        "    print_in_c(b'INFO: hello\\n')\n"
        "    print_in_c(b'ERROR: it broke\\n')\n"
        "    print('from Python', file=sys.stderr, flush=True)\n"
        "    subprocess.run(['sh', '-c', 'echo from a child >&2'], check=True)\n"
    )
    assert errors.splitlines() == ["from Python", "from a child", "ERROR: it broke"]


def test_stderr_is_restored_after_a_block_that_fails() -> None:
    _, errors = run(
        _C_STDERR + "try:\n"
        "    with hide_greeting():\n"
        "        raise ValueError\n"
        "except ValueError:\n"
        "    print_in_c(b'INFO: shown\\n')\n"
        "with hide_greeting():\n"
        "    print_in_c(b'INFO: hidden\\n')\n"
        "with hide_greeting():\n"
        "    print_in_c(b'INFO: shown too\\n')\n"
    )
    assert errors.splitlines() == ["INFO: shown", "INFO: shown too"]
