"""How many honest games are taken for implausible, and which ways to cheat are not noticed.

``python -m tests.bench.plausibility --data FOLDER`` simulates hundreds of thousands of games as traces of their
hits, and plays a few over a real server. The drawings are those of people whom the rules' numbers were not chosen
with.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from game.rules import tuning
from game.rules.ranking import find_unranked_reason
from recognition import RecognitionError, Recognizer
from tests.bench.cheats import OUT_OF_REACH, WITHIN_REACH, Cheat
from tests.bench.data import add_data_option, require_data
from tests.bench.fast_hand import Device, Hand, Network, Person, play_games, read_people
from tests.bench.json_output import print_json
from tests.bench.whole_sprints import SprintRow, play_sprints
from tests.serving import ServerFailed
from tests.strokes import Sample, Samples

FILES: Final = (Path("unipen62") / "train.npz", Path("unipen62") / "val.npz")
KINDS: Final = {"digits": str.isdigit, "upper": str.isupper, "lower": str.islower, "any": str.isalnum}
LEAST_CHARACTERS: Final = 8
"""A person plays an alphabet if the model understands drawings of theirs of so many of its characters."""

Condition = tuple[Hand, Device, Network]

CONDITIONS: Final[dict[str, Condition]] = {
    "a tablet at home": (Hand(), Device(), Network()),
    "a phone with stamps every 16 ms": (Hand(), Device(300, 16.7), Network(20, 10)),
    "a phone with stamps every 100 ms": (Hand(), Device(300, 100), Network(20, 10)),
    "a coarse screen": (Hand(), Device(150, 16.7), Network(20, 10)),
    "Wi-Fi that stalls": (Hand(), Device(300, 16.7), Network(5, 5, stall_share=0.3, stall_ms=300)),
    "a slow network in bursts": (Hand(), Device(300, 16.7), Network(150, 100, stall_share=0.8, stall_ms=1000)),
    "an ordinary hand": (Hand(pace=1.8), Device(300, 16.7), Network(20, 10)),
    "a fast hand that needs no time to read": (Hand(reading_ms=(0, 5)), Device(), Network()),
}


class HonestRow(msgspec.Struct, frozen=True):
    """Honest games of one condition.

    Attributes:
        games: how many were played, by how many ``people``.
        doubted: how many were taken for implausible.
        at_most: the share that may be at most, with 95 % confidence.
    """

    condition: str
    people: int
    games: int
    hits: float
    doubted: int
    at_most: float


class CheatRow(msgspec.Struct, frozen=True):
    """Games of one way to cheat: the share that was noticed, and what it is at least, with 95 % confidence."""

    cheat: str
    games: int
    noticed: float
    at_least: float


def is_for_tuning(sample: Sample, file: Path) -> bool:
    """Return whether the rules' numbers were chosen with this person."""
    return file == FILES[0] and sample.writer % 2 == 0


def bound_share(seen: int, count: int) -> float:
    """Return the largest share at which ``seen`` or fewer of ``count`` still happen in one case of twenty.

    With none seen this is the rule of three, 3 / count. Otherwise it is Wilson's upper bound, one-sided.
    """
    if seen == 0:
        return min(1.0, -math.log(0.05) / count)
    z, share = 1.645, seen / count
    middle = share + z * z / (2 * count)
    return min(
        1.0, (middle + z * math.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)) / (1 + z * z / count)
    )


def list_players(people: Iterable[Person]) -> list[Person]:
    """Return each person once for each alphabet that they know enough characters of."""
    chosen = [
        {character: drawings for character, drawings in person.items() if is_in(character)}
        for person in people
        for is_in in KINDS.values()
    ]
    return [player for player in chosen if len(player) >= LEAST_CHARACTERS]


def measure_honest(name: str, condition: Condition, players: Sequence[Person], games: int, seed: int) -> HonestRow:
    """Play about ``games`` games of one condition, as many of each player. Those with few hits do not count."""
    rng = np.random.default_rng(seed)
    each = -(-games // len(players))
    played = doubted = hits = 0
    for player in players:
        for traces in play_games(player, each, *condition, rng):
            if len(traces) < tuning.LEAST_RANKED_HITS:
                continue
            played += 1
            hits += len(traces)
            doubted += find_unranked_reason(traces) is not None
    return HonestRow(name, len(players), played, hits / played, doubted, bound_share(doubted, played))


def measure_cheat(name: str, cheat: Cheat, players: Sequence[Person], games: int, seed: int) -> CheatRow:
    """Play ``games`` games of one way to cheat or a few more."""
    rng = np.random.default_rng(seed)
    each = -(-games // len(players))
    doubts = [find_unranked_reason(cheat(player, rng)) is not None for player in players for _ in range(each)]
    missed = len(doubts) - sum(doubts)
    return CheatRow(name, len(doubts), sum(doubts) / len(doubts), 1 - bound_share(missed, len(doubts)))


class Report(msgspec.Struct, frozen=True):
    """What was measured.

    Attributes:
        honest: simulated games by condition.
        total: those of all conditions in which people have to read.
        cheats: simulated games by way to cheat.
        sprints: games over a real server.
    """

    honest: list[HonestRow]
    total: HonestRow
    cheats: list[CheatRow]
    sprints: list[SprintRow]


def measure(players: Sequence[Person], games: int, sprints: list[SprintRow], seed: int) -> Report:
    """Play ``games`` honest games, shared among the conditions, and a hundredth of that for each way to cheat."""
    honest = [
        measure_honest(name, condition, players, games // len(CONDITIONS), seed + number)
        for number, (name, condition) in enumerate(CONDITIONS.items())
    ]
    real = [row for row in honest if CONDITIONS[row.condition][0].reading_ms[0] > 0]
    played, doubted = sum(row.games for row in real), sum(row.doubted for row in real)
    hits = sum(row.games * row.hits for row in real) / played
    total = HonestRow("all who read", len(players), played, hits, doubted, bound_share(doubted, played))
    cheats = [
        measure_cheat(name, cheat, players, games // 100, seed)
        for name, cheat in (OUT_OF_REACH | WITHIN_REACH).items()
    ]
    return Report(honest, total, cheats, sprints)


def print_report(report: Report, console: Console) -> None:
    """Print two tables."""
    table = Table(title=f"Honest games of {report.total.people} players (a person and an alphabet)")
    table.add_column("condition")
    for heading in ("games", "hits a game", "doubted", "at most, 95 %"):
        table.add_column(heading, justify="right")
    for row in (*report.honest, report.total):
        table.add_row(row.condition, f"{row.games:,}", f"{row.hits:.0f}", str(row.doubted), f"{row.at_most:.4%}")
    console.print(table)
    table = Table(title="Ways to cheat")
    table.add_column("cheat")
    for heading in ("games", "noticed", "at least, 95 %"):
        table.add_column(heading, justify="right")
    for cheat in report.cheats:
        table.add_row(cheat.cheat, f"{cheat.games:,}", f"{cheat.noticed:.1%}", f"{cheat.at_least:.1%}")
    console.print(table)
    if not report.sprints:
        return
    table = Table(title="Sprints over a real server")
    table.add_column("player")
    for heading in ("games", "hits", "score", "longest", "not ranked"):
        table.add_column(heading, justify="right")
    for sprint in report.sprints:
        longest, unranked = f"{sprint.seconds:.0f} s", str(sprint.unranked)
        table.add_row(
            sprint.kind, str(sprint.games), f"{sprint.hits:.0f}", f"{sprint.score:,.0f}", longest, unranked
        )
    console.print(table)


def main() -> int:
    """Measure, print the results, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.plausibility", description=__doc__)
    add_data_option(parser, is_required=True, files=f"{FILES[0]} and {FILES[1]}")
    parser.add_argument("--games", type=int, default=400_000, help="honest games (default: %(default)s)")
    parser.add_argument(
        "--sprints", type=int, default=4, help="sprints of each kind over a real server (default: %(default)s)"
    )
    parser.add_argument("--tuning", action="store_true", help="use the people whom the numbers were chosen with")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    require_data(parser, options)
    errors = Console(stderr=True)
    try:
        with errors.status("Playing for some minutes…"):
            samples = [
                sample
                for file in FILES
                for sample in Samples.load(options.data / file)
                if is_for_tuning(sample, file) == options.tuning
            ]
            players = list_players(read_people(samples, Recognizer.load()))
            sprints = (
                play_sprints(Samples(tuple(samples)), options.sprints, options.seed) if options.sprints else []
            )
            report = measure(players, options.games, sprints, options.seed)
    except (OSError, RecognitionError, ServerFailed) as error:
        errors.print(f"[red]{error}[/red]")
        return 1
    if options.json:
        print_json(report)
    else:
        print_report(report, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())
