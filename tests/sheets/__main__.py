"""A Sheet without Google, for trying the mirror: ``python -m tests.sheets --port 8085``.

It lasts as long as this runs. Any INKRUSH_SHEET_ID works. Open ``/`` in a browser to see what is in the Sheet.
"""

from __future__ import annotations

import argparse
import sys
import threading
from contextlib import suppress

from rich.console import Console

from tests.sheets.emulator import SheetsEmulator
from tests.sheets.quota import PER_MINUTE


def main() -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.sheets", description=__doc__)
    parser.add_argument("--port", type=int, default=8085, help="port to listen on (default: %(default)s)")
    parser.add_argument("--faults", type=float, default=0.0, help="share of requests that fail in some way, 0..1")
    options = parser.parse_args()
    if not 0 <= options.faults <= 1:
        parser.error("--faults must be a number from 0 to 1")
    console = Console(stderr=True)
    try:
        sheets = SheetsEmulator(quota_per_minute=PER_MINUTE, port=options.port)
    except OSError as error:
        console.print(f"[red]Port {options.port} cannot be used: {error.strerror}.[/red]")
        return 1
    sheets.creates_missing = True
    sheets.faults.spread(options.faults)
    with sheets, suppress(KeyboardInterrupt):
        console.print(f"The Sheet is at http://{sheets.host}/. To use it, set", highlight=False)
        console.print(f"  SHEETS_EMULATOR_HOST={sheets.host} INKRUSH_SHEET_ID=trial", highlight=False)
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
