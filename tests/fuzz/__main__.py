"""Runs the fuzzers: ``python -m tests.fuzz --minutes 60``.

They take turns until the time is over. Every input is made from a seed. If one fails, its seed is printed, and
``--seed`` runs it again.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import secrets
import sys
import time
import traceback
import warnings
from collections import Counter
from random import Random

from tests.fuzz.fuzzers import FUZZERS

_TURN_SECONDS = 5.0
_STUCK_SECONDS = 60.0
_MOST_FAILURES = 20


def main() -> int:
    """Fuzz, print how many inputs there were and which failed, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1, help="how long to fuzz (default: %(default)s)")
    parser.add_argument("--only", choices=FUZZERS, help="run one of the fuzzers")
    parser.add_argument("--seed", type=int, help="run one input again; needs --only")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    warnings.simplefilter("error")
    names = [options.only] if options.only else list(FUZZERS)
    if options.seed is not None:
        FUZZERS[names[0]](Random(options.seed))  # noqa: S311
        return 0
    inputs: Counter[str] = Counter()
    failures: list[dict[str, str | int]] = []
    until = time.monotonic() + 60 * options.minutes
    while time.monotonic() < until and len(failures) < _MOST_FAILURES:
        for name in names:
            turn_until = min(until, time.monotonic() + _TURN_SECONDS)
            while time.monotonic() < turn_until:
                seed = secrets.randbits(48)
                inputs[name] += 1
                faulthandler.dump_traceback_later(_STUCK_SECONDS)
                try:
                    FUZZERS[name](Random(seed))  # noqa: S311
                except Exception:
                    failures.append({"fuzzer": name, "seed": seed, "error": traceback.format_exc()})
                    sys.stderr.write(f"--only {name} --seed {seed}\n{failures[-1]['error']}\n")
                finally:
                    faulthandler.cancel_dump_traceback_later()
    if options.json:
        sys.stdout.write(json.dumps({"inputs": inputs, "failures": failures}, indent=2) + "\n")
    else:
        counts = ", ".join(f"{count:,} for {name}" for name, count in inputs.items())
        sys.stdout.write(f"{counts}; {len(failures)} failed.\n")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
