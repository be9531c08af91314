"""The progress bars of training."""

from __future__ import annotations

from typing import Any

import keras
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class ProgressBars(keras.callbacks.Callback):
    """A progress bar for each epoch."""

    def __init__(self, epochs: int, prefix: str = "") -> None:
        super().__init__()
        self._epochs, self._prefix = epochs, prefix
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            TextColumn("{task.fields[figures]}"),
        )  # fmt: skip

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Show the bars."""
        del logs
        self._progress.start()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Leave the bars on the screen."""
        del logs
        self._progress.stop()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add a bar."""
        del logs
        name = f"{self._prefix}epoch {epoch + 1} of {self._epochs}"
        self._task = self._progress.add_task(name, total=self.params["steps"], figures="")

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Advance the bar."""
        self._progress.update(self._task, completed=batch + 1, figures=_format_figures(logs or {}))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Show the figures of the whole epoch, and of the validation samples if there are any."""
        del epoch
        self._progress.update(self._task, figures=_format_figures(logs or {}))


def _format_figures(logs: dict[str, Any]) -> str:
    named = (("loss", "loss"), ("accuracy", "accuracy"), ("val_accuracy", "validation"))
    return "  ".join(f"{text} {logs[key]:.4f}" for key, text in named if key in logs)
