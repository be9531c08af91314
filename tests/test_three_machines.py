"""Three servers over PostgreSQL, as on three machines, behind nginx with docs/deploying/nginx-machines.conf."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from random import Random
from typing import Self

import httpx
import pytest
from websockets.asyncio.client import connect

from feedback.store import open_store
from game.play.protocol import Close
from game.rules import tuning
from tests.bench.kill_workers import count_lost_verdicts
from tests.bench.lasting_player import LastingPlayer
from tests.feedback.making import a_game
from tests.game.conftest import SEVEN
from tests.game.hosting import Client
from tests.link import Link
from tests.nginx import NAME, NGINX, Certificate, Nginx, make_certificate
from tests.postgresql import Cluster
from tests.serving import HOST, ROOT, Server, free_port
from tests.strokes import Samples

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NGINX is None, reason="There is no nginx on this machine.")]

CONFIGURATION = ROOT / "docs" / "deploying" / "nginx-machines.conf"
MACHINES = 3
PLAYERS = 6
SILENCE_SECONDS = 3
"""How long nginx waits here for a machine that says nothing, so that a test need not wait longer."""


class Machines:
    """Three servers and the nginx in front of them. The links of the first one can be cut.

    Attributes:
        origin: where browsers find them.
        to_first: from nginx to the first server.
        to_database: from the first server to PostgreSQL.
    """

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster = cluster
        self.database_url = cluster.create_store()
        self.certificate = make_certificate(folder)
        self.port = free_port()
        self.origin = f"https://{NAME}:{self.port}"
        self.play_url = f"wss://{NAME}:{self.port}/play/v1"
        self.to_database = Link(cluster.port)
        settings = {
            "INKRUSH_SECRET_KEY": "the same on all machines",
            "INKRUSH_TRUSTED_PROXIES": HOST,
            "INKRUSH_DATABASE_URL": self.database_url,
        }
        linked = self.database_url.replace(f":{cluster.port}/", f":{self.to_database.port}/")
        urls = [linked, *[self.database_url] * (MACHINES - 1)]
        self.servers = [
            Server(folder / f"machine-{number}", settings | {"INKRUSH_DATABASE_URL": url})
            for number, url in enumerate(urls)
        ]
        self.to_first = Link(self.servers[0].port)
        ports = [self.to_first.port, *[server.port for server in self.servers[1:]]]
        self.site = configure(self.port, ports, self.certificate)
        self.nginx = Nginx(folder / "nginx", self.port, self.site)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for part in (self.to_database, self.to_first, self.nginx):
                stack.enter_context(part)
            with ThreadPoolExecutor(MACHINES) as pool:
                list(pool.map(stack.enter_context, self.servers))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def count_sockets(self) -> list[int]:
        """Return how many play sockets each server has open."""
        texts = [httpx.get(f"{server.url}/metrics", timeout=60).text for server in self.servers]
        matches = [re.search(r"^inkrush_sockets (\S+)$", text, re.MULTILINE) for text in texts]
        return [int(float(match[1])) if match else 0 for match in matches]

    def drain(self, number: int) -> None:
        """Take a server out of service as docs/deploying says: mark it as down, reload nginx, and stop it."""
        lines = self.site.splitlines()
        places = [place for place, line in enumerate(lines) if "max_fails" in line]
        lines[places[number]] = lines[places[number]].replace(";", " down;")
        self.nginx.reload("\n".join(lines))
        assert self.servers[number].stop() == 0

    def bring_back(self, number: int) -> None:
        """Start a server, and let nginx use it again."""
        self.servers[number].start()
        self.nginx.reload(self.site)

    def open_http(self, address: str = HOST) -> httpx.AsyncClient:
        """Return a client that calls from an address of the loopback."""
        transport = httpx.AsyncHTTPTransport(verify=self.certificate.context, local_address=address, retries=0)
        return httpx.AsyncClient(base_url=self.origin, transport=transport, timeout=60)


def configure(port: int, ports: list[int], certificate: Certificate) -> str:
    """Return the configuration in the repository, with the ports and the certificate of a test."""
    text = CONFIGURATION.read_text()
    for number, machine in enumerate(ports):
        text = substitute(text, f"10.0.0.{11 + number}:8000", f"{HOST}:{machine}", 1)
    text = substitute(text, "listen 80;", f"listen {HOST}:{free_port()};", 1)
    text = substitute(text, "listen 443 ssl http2;", f"listen {HOST}:{port} ssl http2;", 1)
    text = substitute(text, "listen [::]:80;", "", 1)
    text = substitute(text, "listen [::]:443 ssl http2;", "", 1)
    text = substitute(text, "server_name play.example.com;", f"server_name {NAME};", 2)
    text = substitute(text, "/etc/letsencrypt/live/play.example.com/fullchain.pem", str(certificate.file), 1)
    text = substitute(text, "/etc/letsencrypt/live/play.example.com/privkey.pem", str(certificate.key_file), 1)
    return substitute(text, "proxy_read_timeout 15s;", f"proxy_read_timeout {SILENCE_SECONDS}s;", 1)


def substitute(text: str, written: str, here: str, times: int) -> str:
    assert text.count(written) == times, written
    return text.replace(written, here)


@pytest.fixture(scope="module")
def machines(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    machines = Machines(cluster, tmp_path_factory.mktemp("machines"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(machines.certificate.file))
        with machines:
            yield machines
    for server in machines.servers:
        assert "Traceback" not in server.log


class Crowd:
    """Players who play through nginx, and what they see."""

    def __init__(self, machines: Machines, samples: Samples, players: int) -> None:
        self._machines = machines
        self._players = [
            LastingPlayer(machines.play_url, samples, Random(seed))  # noqa: S311
            for seed in range(players)
        ]
        self._playing = [asyncio.create_task(player.play()) for player in self._players]

    @property
    def resumed(self) -> list[float]:
        """The seconds from each loss of a connection to the resumed game."""
        return [seconds for player in self._players for seconds in player.experience.resumed_seconds]

    async def see_verdicts(self) -> None:
        """Return when each player has seen one more verdict."""
        before = [len(player.experience.verdicts) for player in self._players]
        await wait_until(
            lambda: all(
                len(player.experience.verdicts) > seen for player, seen in zip(self._players, before, strict=True)
            )
        )

    async def resume(self, times: int) -> None:
        """Return when games were resumed this many times in all, and each player has seen one more verdict."""
        await wait_until(lambda: len(self.resumed) >= times)
        await self.see_verdicts()

    async def end(self) -> None:
        """Stop playing, and compare what the players saw with the database."""
        for player in self._players:
            player.stop()
        experiences = await asyncio.gather(*self._playing)
        assert [reason for experience in experiences for reason in experience.lost] == []
        assert [round_ for experience in experiences for round_ in experience.missing] == []
        assert await count_lost_verdicts(self._machines.database_url, experiences) == 0


async def wait_until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_true():
            await asyncio.sleep(0.05)


@asynccontextmanager
async def asking(ask: Callable[[], Awaitable[httpx.Response]]) -> AsyncIterator[list[int]]:
    """Ask again and again while this lasts, and give the statuses of the answers."""
    statuses: list[int] = []

    async def repeat() -> None:
        while True:
            statuses.append((await ask()).status_code)
            await asyncio.sleep(0.05)

    task = asyncio.create_task(repeat())
    try:
        yield statuses
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_games_and_calls_go_on_when_a_machine_is_killed_and_when_one_is_drained(
    machines: Machines, samples: Samples
) -> None:
    crowd = Crowd(machines, samples, PLAYERS)
    async with machines.open_http() as http:
        await crowd.see_verdicts()
        assert all(await asyncio.to_thread(machines.count_sockets)), "Each machine has players."
        assert crowd.resumed == []

        async with asking(lambda: http.get("/api/leaderboard")) as statuses:
            sockets = await asyncio.to_thread(machines.count_sockets)
            killed = sockets.index(max(sockets))
            machines.servers[killed].kill()
            await crowd.resume(max(sockets))
        assert set(statuses) == {200}
        await asyncio.to_thread(machines.servers[killed].start)

        seven = {"strokes": SEVEN, "store": False}
        async with asking(lambda: http.post("/api/recognize", json=seven)) as statuses:
            resumed = len(crowd.resumed)
            sockets = await asyncio.to_thread(machines.count_sockets)
            drained = sockets.index(max(sockets))
            await asyncio.to_thread(machines.drain, drained)
            await crowd.resume(resumed + max(sockets))
        assert set(statuses) == {200}
        await asyncio.to_thread(machines.bring_back, drained)
    await crowd.end()


async def test_nothing_is_lost_when_networks_are_cut(machines: Machines, samples: Samples) -> None:
    crowd = Crowd(machines, samples, MACHINES)
    await crowd.see_verdicts()
    sockets = await asyncio.to_thread(machines.count_sockets)
    assert sockets[0]

    machines.to_first.cut()
    try:
        await crowd.resume(sockets[0])  # at the other machines
    finally:
        machines.to_first.mend()

    for cut, mend in (
        (machines.to_database.cut, machines.to_database.mend),
        (machines.cluster.pause, machines.cluster.resume),
    ):
        cut()
        try:
            await asyncio.sleep(2)
        finally:
            mend()
        await crowd.see_verdicts()
    await crowd.end()


async def test_deleting_a_player_ends_their_games_on_all_machines(machines: Machines) -> None:
    first = Client(await connect(machines.play_url, proxy=None))
    headers = {"Cookie": first.cookie}
    others = [
        Client(await connect(machines.play_url, additional_headers=headers, proxy=None))
        for _ in range(MACHINES - 1)
    ]
    for client in (first, *others):
        await client.join(mode="practice")
    assert all(await asyncio.to_thread(machines.count_sockets))
    async with machines.open_http() as http:
        assert (await http.delete("/api/me", headers=headers)).status_code == 200
    assert {await client.closed() for client in (first, *others)} == {Close.DELETED}


async def test_all_machines_have_the_same_leaderboard(machines: Machines) -> None:
    store = await open_store(machines.database_url)
    try:
        await store.finish_game(a_game(alphabet="upper", hits=tuning.LEAST_RANKED_HITS))
    finally:
        await store.close()
    boards = [
        await asyncio.to_thread(server.get, "/api/leaderboard?alphabet=upper&period=all")
        for server in machines.servers
    ]
    assert boards[0]["entries"]
    assert boards == [boards[0]] * MACHINES


async def test_limits_count_the_address_of_the_client_whatever_it_says(machines: Machines) -> None:
    numbers = itertools.count(1)

    async def call(http: httpx.AsyncClient) -> int:
        made_up = f"192.0.2.{next(numbers) % 250}"
        headers = {"X-Forwarded-For": made_up, "X-Real-IP": made_up, "Forwarded": f"for={made_up}"}
        return (await http.post("/api/rounds/none/feedback", json={"label": "7"}, headers=headers)).status_code

    at_once = tuning.STORES.address.at_once
    async with machines.open_http("127.0.0.2") as flooder, machines.open_http("127.0.0.3") as neighbor:
        statuses: list[int] = []
        async with asyncio.timeout(60):
            while 429 not in statuses:
                statuses += await asyncio.gather(*(call(flooder) for _ in range(20)))
        # The limit is that of one machine, although three have answered.
        assert statuses.index(429) >= at_once - 20
        assert await call(neighbor) == 404


@contextmanager
def strict_nginx(folder: Path) -> Iterator[Callable[..., httpx.Response]]:
    """Run nginx with lower limits, with a load balancer at 127.0.0.1 before it, and with no server behind it.

    Gives a function that asks from an address.
    """
    certificate = make_certificate(folder)
    port = free_port()
    rate = tuning.REQUESTS.address
    site = configure(port, [free_port() for _ in range(MACHINES)], certificate)
    site = substitute(site, f"rate={rate.per_second}r/s", "rate=1r/m", 1)
    site = substitute(site, f"burst={rate.at_once}", "burst=4", 1)
    site = substitute(site, "# set_real_ip_from 192.0.2.0/24;", f"set_real_ip_from {HOST};", 1)
    site = substitute(site, "# real_ip_", "real_ip_", 2)

    def ask(address: str, **headers: str) -> httpx.Response:
        transport = httpx.HTTPTransport(verify=certificate.context, local_address=address)
        with httpx.Client(transport=transport) as http:
            return http.get(f"https://{NAME}:{port}/livez", headers=headers)

    with Nginx(folder / "nginx", port, site):
        yield ask


def test_nginx_limits_the_requests_of_an_address(tmp_path: Path) -> None:
    with strict_nginx(tmp_path) as ask:
        # Only the load balancer is believed.
        answers = [ask("127.0.0.2", **{"X-Forwarded-For": f"192.0.2.{number}"}) for number in range(6)]
        assert [answer.status_code for answer in answers] == [502] * 5 + [429]
        assert answers[-1].headers["Retry-After"] == "1"
        assert answers[-1].headers["Content-Type"] == "application/json"
        assert answers[-1].json()["error"]["code"] == "too_many_requests"
        assert ask("127.0.0.3").status_code == 502

        network = [ask(HOST, **{"X-Forwarded-For": f"2001:db8:1:2::{number}"}) for number in range(6)]
        assert [answer.status_code for answer in network] == [502] * 5 + [429]
        assert ask(HOST, **{"X-Forwarded-For": "2001:db8:1:3::1"}).status_code == 502
