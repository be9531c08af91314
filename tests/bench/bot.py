"""Bots that play sprints over the real socket: ``python -m tests.bench.bot --data FOLDER --alphabet digits``.

Each game draws the characters of one person whom the model was never trained on, at the speed of a hand. A drawing
that is not recognized soon after its last stroke is skipped. Without ``--url`` the bots start their own server.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from websockets.exceptions import InvalidHandshake

from recognition.alphabets import ALPHABETS
from tests.bench.client import open_client
from tests.bench.data import add_data_option, load_samples, require_data
from tests.bench.figures import GameFigures, compute_figures
from tests.bench.json_output import print_json
from tests.bench.player import PlayedGame, Player
from tests.serving import Server, ServerFailed
from tests.strokes import Sample, Samples

EVERY_ALPHABET: Final = ("digits", "upper", "lower", "letters", "any")
START_SPREAD: Final = 2.0
"""Seconds over which the starts of the games are spread, so that they do not run in step."""


async def play_games(play_url: str, alphabet: str, games: int, samples: Samples, rng: Random) -> list[PlayedGame]:
    """Play sprints at once, each with the drawings of another writer as long as there are enough writers."""
    repeats = -(-games // len(samples.writers))
    writers = [writer for _ in range(repeats) for writer in _shuffle_writers(samples, rng)]
    seeds = [rng.randrange(2**63) for _ in range(games)]
    return await asyncio.gather(
        *(
            _play_game(play_url, alphabet, samples, writer, Random(seed))  # noqa: S311 - no secrets here
            for writer, seed in zip(writers, seeds, strict=False)
        )
    )


async def play_alphabets(
    play_url: str, alphabets: tuple[str, ...], games: int, samples: Samples, seed: int
) -> list[GameFigures]:
    """Play ``games`` sprints of each alphabet, all at once."""
    rng = Random(seed)  # noqa: S311
    played = await asyncio.gather(
        *(
            play_games(play_url, alphabet, games, samples, Random(rng.randrange(2**63)))  # noqa: S311
            for alphabet in alphabets
        )
    )
    return [
        compute_figures(alphabet, played_games) for alphabet, played_games in zip(alphabets, played, strict=True)
    ]


async def _play_game(play_url: str, alphabet: str, samples: Samples, writer: int, rng: Random) -> PlayedGame:
    def choose(target: str) -> Sample:
        return rng.choice(samples.get(target, writer))

    await asyncio.sleep(rng.uniform(0, START_SPREAD))
    async with open_client(play_url) as client:
        return await Player(client, choose, rng).play("sprint", alphabet, f"Bot {writer}")


def _shuffle_writers(samples: Samples, rng: Random) -> list[int]:
    return rng.sample(samples.writers, len(samples.writers))


@contextmanager
def open_server(url: str | None) -> Iterator[str]:
    """Yield the address of the play socket: of the server at ``url``, or of one that runs until this ends."""
    if url is not None:
        parts = urlsplit(url)
        yield parts._replace(scheme={"http": "ws", "https": "wss"}[parts.scheme], path="/play/v1").geturl()
        return
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "var") as server:
        yield server.play_url


def print_figures(by_alphabet: list[GameFigures], console: Console) -> None:
    """Print a table of the figures."""
    table = Table(title="60 s sprints with drawings of people the model was not trained on")
    table.add_column("alphabet")
    for heading in ("games", "prompts", "hits", "share", "score", "time", "ink", "wait", "strokes left", "open"):
        table.add_column(heading, justify="right")
    for figures in by_alphabet:
        table.add_row(
            figures.alphabet,
            str(figures.games),
            str(figures.prompts),
            str(figures.hits),
            _format(figures.hit_share, "{:.1%}"),
            _format(figures.score, "{:.0f}"),
            _format(figures.seconds_to_hit, "{:.2f} s"),
            _format(figures.ink_needed, "{:.0%}"),
            _format(figures.wait_ms, "{:.0f} ms"),
            _format(figures.strokes_left, "{:.1%}"),
            str(figures.unfinished),
        )
    console.print(table)
    console.print(
        "share: hits / prompts, not counting open ones, which the clock ended; "
        "time: mean, from a prompt to its hit; ink: mean share of the drawing that had been sent by then; "
        "wait: median, from the last point of a hit to the next prompt; "
        "strokes left: hits whose player had further strokes to come"
    )
    for figures in by_alphabet:
        misread = ", ".join(f"{target} as {label} ×{times}" for target, label, times in figures.misread)
        console.print(f"{figures.alphabet} skipped: {misread or 'nothing'}", highlight=False)
        if figures.refusals or figures.cut_short:
            console.print(
                f"[red]{figures.alphabet}: {figures.cut_short} games cut short, errors {figures.refusals}[/red]"
            )


def _format(value: float | None, form: str) -> str:
    return "-" if value is None else form.format(value)


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bot", description=__doc__)
    add_data_option(parser, is_required=True)
    parser.add_argument("--alphabet", choices=[*ALPHABETS, "all"], default="digits")
    parser.add_argument("--games", type=int, default=8, help="games of each alphabet, played at once (default: 8)")
    parser.add_argument("--url", help="a running server, http://host:port (default: one is started)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    require_data(parser, options)
    if options.games < 1:
        parser.error("--games must be at least 1")
    if options.url is not None and urlsplit(options.url).scheme not in ("http", "https"):
        parser.error("--url must begin with http:// or https://")
    return options


def main() -> int:
    """Play, print the figures, and return the exit status."""
    options = parse_arguments()
    console, errors = Console(), Console(stderr=True)
    alphabets = EVERY_ALPHABET if options.alphabet == "all" else (options.alphabet,)
    try:
        samples = load_samples(options.data)
        with open_server(options.url) as play_url, errors.status("Playing for a minute or two…"):
            by_alphabet = asyncio.run(play_alphabets(play_url, alphabets, options.games, samples, options.seed))
    except (OSError, ServerFailed, InvalidHandshake) as error:
        errors.print(f"[red]{error}[/red]")
        return 1
    if options.json:
        print_json(by_alphabet)
    else:
        print_figures(by_alphabet, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
