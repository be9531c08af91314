"""``python -m training``: train models, measure how well they read, and put them into service.

The exit status is 0 if the command worked, 1 if it failed, 2 if it was called wrongly.
"""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Sequence
from typing import Final

from feedback.errors import StoreError
from recognition.errors import RecognitionError
from training.commands import (
    evaluate,
    fetch,
    gallery,
    marks,
    models,
    pairs,
    promote,
    quarantine,
    retrain,
    rollback,
    synthesize,
    train,
)
from training.commands.console import say_error
from training.errors import TrainingError

_NO_SPACE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_COMMANDS: Final = (
    fetch,
    train,
    evaluate,
    gallery,
    marks,
    pairs,
    synthesize,
    retrain,
    quarantine,
    models,
    promote,
    rollback,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = _make_parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except (RecognitionError, StoreError, TrainingError, OSError) as error:
        say_error(_explain(error))
        return 1
    except KeyboardInterrupt:
        say_error("Stopped. Run the same command again; what takes long resumes where it stopped.", style=None)
        return 1
    return 0


def _explain(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in _NO_SPACE:
        return (
            f"There is no space left on the disk: {error.filename or 'a file'} could not be written. The model in "
            "service stays. Free some space, then run the same command again."
        )
    return str(error)


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train Inkrush's models, measure how well they read, and put them into service.",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
