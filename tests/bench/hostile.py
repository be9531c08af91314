"""Searches for pictures that cost too much to read: ``python -m tests.bench.hostile``.

Every picture is read in a process of its own, which says how much memory and time of the processor that took,
beyond what the server needs anyway. The pictures are of many kinds, with sizes and patterns at random.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from recognition import RecognitionError, Recognizer, encode_png, read_image_size
from tests.bench.hostile_files import FILES
from tests.bench.hostile_pictures import FAMILIES
from tests.bench.hostile_shapes import SHAPES
from tests.bench.measured import make_table, write_measured

MOST_MEMORY_MB: Final = 150
"""Memory that a picture may take, beyond that of a server at rest."""

MOST_SECONDS: Final = 1.5
"""Time of the processor that a picture may take, on an idle machine."""

_STATUS: Final = Path("/proc/self/status")
_LISTED: Final = 25
_WRITTEN: Final = 8


class Cost(msgspec.Struct, frozen=True):
    """What one picture cost.

    Attributes:
        picture: what it is.
        kilobytes: the size of its file.
        memory_mb: the highest memory, beyond that before, in MB.
        seconds: the time of the processor.
        characters: how many were found, None if the picture was refused.
        code: the code of the error, None if it was read.
    """

    picture: str
    kilobytes: int
    memory_mb: float
    seconds: float
    characters: int | None
    code: str | None


def measure(picture: str, data: bytes) -> Cost:
    """Return what ``data`` costs a new process that reads it."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        command = [sys.executable, "-m", "tests.bench.hostile", "--read", file.name]
        result = subprocess.run(command, check=False, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"{picture}: {result.stderr}")
    memory, seconds, characters, code = msgspec.json.decode(
        result.stdout, type=tuple[float, float, int | None, str | None]
    )
    return Cost(picture, len(data) // 1000, memory, seconds, characters, code)


def read(path: Path) -> tuple[float, float, int | None, str | None]:
    """Read a picture as the server does, with a preview.

    Returns:
        The memory in MB, the seconds, and what `Cost` says besides.
    """
    recognizer = Recognizer.load()
    recognizer.read_image(encode_png(np.eye(28, dtype=np.uint8) * 255))
    data = path.read_bytes()
    before = _read_memory("VmRSS")
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest memory starts anew
    begin = time.process_time()
    characters, code = None, None
    try:
        read_image_size(data)
        page = recognizer.read_page(data)
        page.render_preview()
        characters = len(page.characters)
    except RecognitionError as error:
        code = error.code
    seconds = time.process_time() - begin
    return _read_memory("VmHWM") - before, seconds, characters, code


def _read_memory(field: str) -> float:
    """Return a field of Linux's status of this process in MB, or elsewhere the highest memory."""
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    line = next(line for line in _STATUS.read_text(encoding="ascii").splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024 / 1e6


def search(count: int, seed: int, only: str = "") -> Iterator[Cost]:
    """Yield the cost of every hostile file and of ``count`` pictures of each family, if named like ``only``."""
    for name, make_file in FILES.items():
        if only in name:
            yield measure(name, make_file())
    for number in range(count):
        for place, make in enumerate((*FAMILIES, *SHAPES)):
            if only in make.__name__:
                yield measure(*make(np.random.default_rng((seed, number, place))))


def make_worst_table(costs: list[Cost]) -> str:
    """Return a table in Markdown of the pictures that took most time, and of those that took most memory."""
    most = {id(cost) for key in (_get_memory, _get_seconds) for cost in sorted(costs, key=key)[-_WRITTEN:]}
    rows = [
        (
            cost.picture,
            f"{cost.kilobytes:,}",
            f"{cost.memory_mb:.0f}",
            f"{cost.seconds:.2f}",
            f"`{cost.code}`" if cost.characters is None else f"{cost.characters:,} characters",
        )
        for cost in sorted(costs, key=_get_seconds, reverse=True)
        if id(cost) in most
    ]
    return make_table(("picture", "kB", "memory, MB", "processor, s", "answer"), rows)


def report(costs: list[Cost], console: Console) -> None:
    """Print the pictures that took most memory or time."""
    most = {id(cost) for key in (_get_memory, _get_seconds) for cost in sorted(costs, key=key)[-_LISTED:]}
    table = Table(title=f"The worst of {len(costs)} pictures")
    table.add_column("picture")
    for heading in ("kB", "memory, MB", "processor, s", "characters"):
        table.add_column(heading, justify="right")
    table.add_column("refused as")
    for cost in sorted(costs, key=_get_seconds, reverse=True):
        if id(cost) in most:
            characters = "" if cost.characters is None else str(cost.characters)
            table.add_row(
                cost.picture,
                str(cost.kilobytes),
                f"{cost.memory_mb:.0f}",
                f"{cost.seconds:.2f}",
                characters,
                cost.code or "",
            )
    console.print(table)
    for name, key, limit in (
        ("memory, MB", _get_memory, MOST_MEMORY_MB),
        ("processor, s", _get_seconds, MOST_SECONDS),
    ):
        above = sum(key(cost) > limit for cost in costs)
        console.print(f"{name}: at most {max(map(key, costs)):.2f}, {above} pictures above the limit of {limit:g}")


def _get_memory(cost: Cost) -> float:
    return cost.memory_mb


def _get_seconds(cost: Cost) -> float:
    return cost.seconds


def main() -> int:
    """Search, print the worst pictures, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hostile", description=__doc__)
    parser.add_argument("--count", type=int, default=6, help="pictures of each family (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random choices (default: %(default)s)")
    parser.add_argument("--only", default="", help="only those whose name contains this, such as rings")
    parser.add_argument("--out", type=Path, help="write the cost of every picture to this JSON file")
    parser.add_argument(
        "--docs", action="store_true", help="write the worst pictures into docs/deploying/limits.md"
    )
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        sys.stdout.write(msgspec.json.encode(read(options.read)).decode())
        return 0
    console = Console()
    total = sum(options.only in name for name in FILES)
    total += options.count * sum(options.only in make.__name__ for make in (*FAMILIES, *SHAPES))
    found = search(options.count, options.seed, options.only)
    costs = list(track(found, "Reading hostile pictures…", total, console=Console(stderr=True)))
    if not costs:
        parser.error(f"no pictures have {options.only!r} in their name")
    report(costs, console)
    if options.docs:
        write_measured("deploying/limits.md", "pictures", make_worst_table(costs))
    if options.out:
        options.out.write_bytes(msgspec.json.format(msgspec.json.encode(costs)))
    return int(max(map(_get_memory, costs)) > MOST_MEMORY_MB)


if __name__ == "__main__":
    sys.exit(main())
