"""``python -m training pairs``: count how often letters follow each other in words."""

from __future__ import annotations

import argparse
from pathlib import Path

from recognition.page.letter_pairs import PAIRS_FILE
from training.commands.console import say
from training.datasets.letter_pairs import LANGUAGES, count_pairs, load_words, write_pairs


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    pairs = commands.add_parser(
        "pairs",
        help="count how often letters follow each other in words",
        description="Count the pairs of letters in the words of the pages' texts in English, German, Spanish and "
        "French. Pictures of words are read with these counts.",
    )
    pairs.add_argument("--out", type=Path, default=PAIRS_FILE, help="file to write (default: %(default)s)")
    pairs.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> None:
    words = load_words()
    write_pairs(count_pairs(words), chosen.out)
    say(f"{len(words):,} words in {len(LANGUAGES)} languages: {chosen.out}")
