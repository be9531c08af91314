"""A process that dies at every step of adding and promoting a version.

``python -m tests.recognition.model.dying FOLDER`` prints how often it died. What is done with files is seen
through the interpreter's audit events. A child is killed (SIGKILL) at the first of them, the next one at the
second, and so on, until one lives to the end. After each death the folder must serve, and the same work done
again succeed.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any, Final

from recognition import Recognizer
from recognition.model.card import read_card
from recognition.model.network import BUNDLED, MODEL_FILE, Model
from recognition.model.registry import ModelRegistry

EVENTS: Final = frozenset(
    {"open", "fcntl.flock", "os.rename", "os.mkdir", "os.chmod", "os.rmdir", "os.remove", "os.listdir"}
)


def work(folder: Path) -> None:
    """Add a version and promote it."""
    versions = ModelRegistry(folder)
    content = (BUNDLED / MODEL_FILE).read_bytes()
    versions.add(content, {**read_card(BUNDLED), "version": "second"}, {"report.html": b"<p>better</p>"})
    versions.promote("second")


def check(folder: Path) -> None:
    """See that the folder serves, and that nothing in it is half a version."""
    assert Recognizer.load(ModelRegistry(folder).find_current()).version in {"first", "second"}
    for version in ModelRegistry(folder).list_versions():
        Model.load(version.folder)
        assert version.folder == BUNDLED or (version.folder / "report.html").exists() == (version.name == "second")


def die_at(step: int) -> None:
    """Have this process killed at its event number ``step``."""
    steps = itertools.count()

    def watch(event: str, _: tuple[Any, ...]) -> None:
        if event in EVENTS and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def deaths(start: Path) -> int:
    """Die at one step after the other, each time in a copy of the folder ``start``; return how often."""
    for step in itertools.count():
        folder = start.with_name(f"step-{step}")
        shutil.copytree(start, folder)
        child = os.fork()
        if child == 0:
            die_at(step)
            work(folder)
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            return step
        check(folder)
        work(folder)
        check(folder)
        assert Recognizer.load(ModelRegistry(folder).find_current()).version == "second"
        assert not list(folder.glob(".new-*"))
        shutil.rmtree(folder)
    raise AssertionError


if __name__ == "__main__":
    sys.stdout.write(f"{deaths(Path(sys.argv[1]))}\n")
