"""A class at two real workers, one of which is killed in the middle."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.bench.kill_workers import Site, count_lost_verdicts, kill_worker
from tests.bench.lasting_player import Experience
from tests.game.guests import Guest, enter
from tests.postgresql import Cluster
from tests.strokes import Samples

pytestmark = pytest.mark.slow

PUPILS = 8


class Pupil:
    """Draws one character after the other, and comes back with the code whenever the connection is lost."""

    def __init__(self, site: Site, code: str, samples: Samples) -> None:
        self.welcomes: list[Any] = []
        self.verdicts: dict[str, Any] = {}  # by the id of the round
        self.is_done = asyncio.Event()
        self._site = site
        self._code = code
        self._samples = samples
        self._cookie = ""

    async def play(self) -> None:
        while not self.is_done.is_set():
            with suppress(OSError, ConnectionClosed, httpx.HTTPError):
                guest = await enter(self._site.server, self._cookie, room=self._code)
                self._cookie = guest.cookie
                try:
                    await self._play_as(guest)
                finally:
                    self._note(guest)
                    await guest.leave()

    async def _play_as(self, guest: Guest) -> None:
        drawn = 0
        while guest.close_code is None and not self.is_done.is_set():
            self._note(guest)
            prompts = [message for message in guest.heard if message["type"] in ("welcome", "prompt")]
            prompt = prompts[-1] if prompts else None
            if prompt and prompt["type"] == "welcome":
                prompt = prompt["prompt"]
            if prompt and prompt["round"] > drawn:
                drawn = prompt["round"]
                await guest.client.ink(drawn, self._samples.get(prompt["target"])[0].place())
                await asyncio.sleep(0.4)
                if not any(verdict["round"] == drawn for verdict in guest.of("verdict")):
                    await guest.send("skip", round=drawn)
            await asyncio.sleep(0.02)

    def _note(self, guest: Guest) -> None:
        self.verdicts |= {verdict["id"]: verdict for verdict in guest.of("verdict")}
        self.welcomes += [welcome for welcome in guest.of("welcome") if welcome not in self.welcomes]


async def wait_until(is_true: Any) -> None:
    async with asyncio.timeout(60):
        while not is_true():
            await asyncio.sleep(0.05)


async def test_a_killed_worker_costs_nobody_their_seat_or_their_score(
    cluster: Cluster, samples: Samples, tmp_path: Path
) -> None:
    site = Site(cluster, tmp_path / "var")
    with site.server:
        await asyncio.to_thread(site.wait_for_workers)
        async with httpx.AsyncClient(base_url=site.server.url, timeout=60) as http:
            opened = (await http.post("/api/rooms", json={"alphabet": "digits", "duration_s": 60})).json()
        code, token = opened["room"], opened["host_token"]
        pupils = [Pupil(site, code, samples) for _ in range(PUPILS)]
        playing = [asyncio.create_task(pupil.play()) for pupil in pupils]
        screen = await enter(site.server, type="watch", room=code, host_token=token)
        await screen.sees(lambda room: sum(player["connected"] for player in room["players"]) == PUPILS)
        await screen.send("start")
        await wait_until(lambda: all(pupil.verdicts for pupil in pupils))
        await kill_worker(site)
        await screen.leave()
        before = {pupil: len(pupil.verdicts) for pupil in pupils}
        await wait_until(lambda: all(len(pupil.verdicts) > before[pupil] for pupil in pupils))
        for pupil in pupils:
            pupil.is_done.set()
        await asyncio.gather(*playing)

        assert any(len(pupil.welcomes) > 1 for pupil in pupils)
        screen = await enter(site.server, type="watch", room=code, host_token=token)
        standings = {player["seat"]: player for player in (await screen.hears("room"))["players"]}
        assert sorted(standings) == list(range(1, PUPILS + 1))
        for pupil in pupils:
            assert len({(welcome["game"], welcome["seat"]) for welcome in pupil.welcomes}) == 1
            for welcome in pupil.welcomes[1:]:
                rounds = [round_["round"] for round_ in welcome["rounds"]]
                assert rounds == list(range(1, len(rounds) + 1))
            last = max(pupil.verdicts.values(), key=lambda verdict: verdict["round"])
            assert standings[pupil.welcomes[0]["seat"]]["score"] >= last["score"]
        experiences = [Experience(verdicts=pupil.verdicts) for pupil in pupils]
        assert await count_lost_verdicts(site.server.database_url, experiences) == 0
        await screen.leave()
        assert site.server.stop() == 0
    assert "Traceback" not in site.server.log
