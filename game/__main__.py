"""``python -m game``: serve Inkrush."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Final

import msgspec

from game.settings import SETTINGS, Settings, SettingsError, parse_port, read_settings

_WORKED, _FAILED, _WRONG_USE = 0, 1, 2
_EPILOG: Final = "settings (environment):\n" + "\n".join(
    f"  {setting.name:<24} {setting.help}" + (f" [{setting.default}]" if setting.default else "")
    for setting in SETTINGS
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal stops it. Return the exit status: 0 worked, 1 failed, 2 wrong use.

    It also failed if it could not store every game when it was stopped.
    """
    options = _make_parser().parse_args(arguments)
    try:
        settings = _apply_options(read_settings(os.environ), options)
    except SettingsError as error:
        return _complain(str(error), _WRONG_USE)
    if options.workers > 1 and settings.database_url.startswith("sqlite:"):
        return _complain("Only one worker can use an SQLite database. Leave --workers out.", _WRONG_USE)
    return _serve(settings)


def _serve(settings: Settings) -> int:
    # Imported here, so that --help and a mistyped option do not wait for the rest to load.
    from feedback.errors import StoreError  # noqa: PLC0415
    from game.lifespan import UnusableFolder  # noqa: PLC0415
    from game.secret import SecretError  # noqa: PLC0415
    from game.server import CannotListen, serve  # noqa: PLC0415
    from recognition import UnfitModel  # noqa: PLC0415

    try:
        games_not_stored = asyncio.run(serve(settings))
    except (CannotListen, SecretError, StoreError, UnfitModel, UnusableFolder) as error:
        return _complain(str(error), _FAILED)
    return _FAILED if games_not_stored else _WORKED


def _apply_options(settings: Settings, options: argparse.Namespace) -> Settings:
    given = {"host": options.host, "port": options.port}
    return msgspec.structs.replace(settings, **{name: value for name, value in given.items() if value is not None})


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m game",
        description="Serve Inkrush, the game of handwriting.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", help="address to listen on; overrides INKRUSH_HOST")
    parser.add_argument("--port", type=_parse_port, help="port to listen on; overrides INKRUSH_PORT")
    parser.add_argument("--workers", type=_parse_count, default=1, help="number of processes [1]")
    return parser


def _parse_port(text: str) -> int:
    try:
        return parse_port(text, "it")
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _parse_count(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < len(text) <= 3 and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more, not {text!r}")


def _complain(sentence: str, status: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
