"""Kills a process at every step of adding and promoting a version.

``python -m tests.recognition.model.kill_at_each_step FOLDER`` prints at how many steps a process was
killed. Python's audit events show what is done with files. One child is killed (SIGKILL) at the first of them, the
next one at the second, and so on, until a child finishes. After each death the folder must have a version that
serves, and the same work must succeed.
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


def add_and_promote(folder: Path) -> None:
    """Add a version and promote it."""
    registry = ModelRegistry(folder)
    content = (BUNDLED / MODEL_FILE).read_bytes()
    registry.add(content, {**read_card(BUNDLED), "version": "second"}, {"report.html": b"<p>better</p>"})
    registry.promote("second")


def check_folder(folder: Path) -> None:
    """Check that the folder has a version that serves, and no incomplete ones."""
    assert Recognizer.load(ModelRegistry(folder).find_current()).version in {"first", "second"}
    for version in ModelRegistry(folder).list_versions():
        Model.load(version.folder)
        assert version.folder == BUNDLED or (version.folder / "report.html").exists() == (version.name == "second")


def die_at(step: int) -> None:
    """Let this process be killed at its event number ``step``."""
    steps = itertools.count()

    def watch(event: str, _: tuple[Any, ...]) -> None:
        if event in EVENTS and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def count_deaths(start: Path) -> int:
    """Kill a child at one step after another, each in a copy of the folder ``start``, and return how often."""
    for step in itertools.count():
        folder = start.with_name(f"step-{step}")
        shutil.copytree(start, folder)
        child = os.fork()
        if child == 0:
            die_at(step)
            add_and_promote(folder)
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            return step
        check_folder(folder)
        add_and_promote(folder)
        check_folder(folder)
        assert Recognizer.load(ModelRegistry(folder).find_current()).version == "second"
        assert not list(folder.glob(".new-*"))
        shutil.rmtree(folder)
    raise AssertionError


if __name__ == "__main__":
    sys.stdout.write(f"{count_deaths(Path(sys.argv[1]))}\n")
