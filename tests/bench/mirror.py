"""``python -m tests.bench.mirror``: rounds to the emulated Sheet, with faults and kills, at Google's quota."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Final

from feedback.store import Store, open_store
from tests.feedback.making import a_round
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator

_DRAWING: Final = [
    [[100 + i for i in range(60)], [200 + 2 * i for i in range(60)], [16 * i for i in range(60)]]
] * 2
_IMAGE: Final = bytes(range(256)) * 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Mirror, say how it went, and return 0 if every round is in the Sheet once."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.mirror", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5000)
    parser.add_argument("--faults", type=float, default=0.5, help="share of requests that fail, in all ways [0.5]")
    parser.add_argument("--kills", type=int, default=20, help="times that the process is killed by -9 [20]")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_bench(chosen, f"sqlite:///{folder}/inkrush.db"))


async def _bench(chosen: argparse.Namespace, url: str) -> int:
    store = await open_store(url)
    try:
        await store.add_rounds(a_round(drawing=_DRAWING, image=_IMAGE) for _ in range(chosen.rounds))
        with SheetsEmulator(seed=chosen.seed) as sheets:
            sheets.create(KEY)
            sheets.faults.spread(chosen.faults)
            began = time.monotonic()
            await asyncio.to_thread(_sync, sheets, url, chosen.kills, Random(chosen.seed))  # noqa: S311
            seconds = time.monotonic() - began
            sheets.faults.spread(0)
            sheets.land()
            found = Counter(row[0] for row in sheets.rows(KEY, "Rounds")[1:])
            print(f"{chosen.rounds} rounds in {seconds:.0f} s, {60 * chosen.rounds / seconds:.0f} a minute")
            print(f"requests: {dict(sheets.requests)}; faults: {sum(sheets.faults.struck.values())}")
            return await _judge(store, found)
    finally:
        await store.close()


async def _judge(store: Store, found: Counter[str]) -> int:
    kept = {one.id async for one in store.rounds()}
    doubled = [one for one, number in found.items() if number > 1]
    print(f"{len(found)} in the Sheet, {len(kept - found.keys())} missing, {len(doubled)} twice")
    return 0 if kept == found.keys() and not doubled else 1


def _sync(sheets: SheetsEmulator, url: str, kills: int, rng: Random) -> None:
    environment = {**os.environ, "INKRUSH_SHEET_ID": KEY, "SHEETS_EMULATOR_HOST": sheets.host}
    command = [sys.executable, "-m", "feedback", "--database", url, "sync"]
    while True:
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            try:
                said, _ = process.communicate(timeout=rng.uniform(1, 12) if kills else None)
                print(f"sync ended with {process.returncode}: {said.strip()}")
                if process.returncode == 0:
                    return
            except subprocess.TimeoutExpired:
                process.kill()
                kills -= 1


if __name__ == "__main__":
    sys.exit(main())
