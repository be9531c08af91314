"""``python -m game``: serve Inkrush."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Final

import msgspec

from game.exit_status import WRONG_USE, complain
from game.settings import SETTINGS, Settings, SettingsError, parse_port, read_settings

_NEEDS_POSTGRESQL: Final = (
    "Only one worker can use an SQLite database. Leave --workers out, or set INKRUSH_DATABASE_URL to a PostgreSQL "
    "database: postgresql://user@host/name."
)
_MOST_WORKERS: Final = 999
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
        return complain(str(error), WRONG_USE)
    if options.workers == 1:
        return _serve(settings)
    if settings.database_url.startswith("sqlite:"):
        return complain(_NEEDS_POSTGRESQL, WRONG_USE)
    from game.supervisor import supervise  # noqa: PLC0415

    return supervise(settings, options.workers)


def _serve(settings: Settings) -> int:
    # Imported here, so that --help and a mistyped option do not wait for the rest to load.
    from game.server import run_server, serve  # noqa: PLC0415

    return run_server(serve(settings))


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
    parser.add_argument(
        "--workers",
        type=_parse_count,
        default=1,
        help="number of server processes; more than 1 needs PostgreSQL [1]",
    )
    return parser


def _parse_port(text: str) -> int:
    try:
        return parse_port(text, "it")
    except SettingsError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _parse_count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= _MOST_WORKERS:
        return int(text)
    raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {_MOST_WORKERS}, not {text!r}")


if __name__ == "__main__":
    sys.exit(main())
