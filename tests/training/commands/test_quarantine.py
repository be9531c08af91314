"""``python -m training quarantine``: a person sees the rounds in doubt and decides."""

from __future__ import annotations

import asyncio
from pathlib import Path

from feedback.data_uri import encode_png_uri
from feedback.quarantine import Doubt
from feedback.records import Round
from feedback.store import open_store
from recognition import encode_png
from recognition.render import render
from recognition.strokes import parse_strokes
from tests.feedback.making import MONDAY
from tests.strokes import Samples
from tests.training.command import run_training
from tests.training.player_rounds import make_drawn_round


async def quarantine(var: Path, rounds: list[Round]) -> None:
    store = await open_store(f"sqlite:///{var}/inkrush.db")
    await store.add_rounds(rounds)
    doubts = [Doubt(round=round_.id, label="7", seen="1", why="models disagree") for round_ in rounds]
    await store.quarantine.replace(doubts, MONDAY)
    await store.close()


async def list_decisions(var: Path) -> dict[str, str | None]:
    store = await open_store(f"sqlite:///{var}/inkrush.db")
    decisions = {doubt.round: doubt.decided for doubt in await store.quarantine.list_doubts()}
    await store.close()
    return decisions


def test_rounds_in_doubt_are_shown_until_a_person_has_decided(var: Path, data: Path, samples: Samples) -> None:
    one = samples.get("1")[0]
    image = encode_png(render(parse_strokes(one.strokes))[0, ..., 0])
    first, second = (make_drawn_round(one, label="7", image=image) for _ in range(2))
    asyncio.run(quarantine(var, [first, second]))

    shown = run_training(data, "quarantine")
    assert shown.returncode == 0, shown.stderr
    page = (var / "retrain" / "quarantine.html").read_text()
    for round_ in (first, second):
        assert f"{round_.id}  labeled 7, looks like 1: models disagree" in shown.stdout
        assert round_.id in page
    assert page.count(encode_png_uri(image)) == 2

    assert run_training(data, "quarantine", first.id, "1").returncode == 0
    assert run_training(data, "quarantine", second.id, "nothing").returncode == 0
    assert asyncio.run(list_decisions(var)) == {first.id: "1", second.id: ""}
    assert "No rounds are in doubt." in run_training(data, "quarantine").stdout


def test_a_decision_that_cannot_be_used_changes_nothing(var: Path, data: Path, samples: Samples) -> None:
    round_ = make_drawn_round(samples.get("1")[0], label="7")
    asyncio.run(quarantine(var, [round_]))
    for arguments in ((round_.id,), (round_.id, "seven"), ("no-such-round", "7")):
        refused = run_training(data, "quarantine", *arguments)
        assert refused.returncode == 1
        assert refused.stderr.strip()
    assert asyncio.run(list_decisions(var)) == {round_.id: None}
