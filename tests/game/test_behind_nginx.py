"""The server behind a real nginx: the configuration in docs/deploying/nginx.conf, and others that people have."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.game.conftest import SEVEN
from tests.nginx import NAME, NGINX, Certificate, Nginx, make_certificate
from tests.serving import HOST, ROOT, Server, free_port

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NGINX is None, reason="There is no nginx on this machine.")]

RECIPE = ROOT / "docs" / "deploying" / "nginx.conf"
FOREIGN = "https://evil.example"

# Whatever else a proxy does, a socket needs these.
SOCKETS = """
proxy_http_version 1.1;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection upgrade;
"""
HEADERS = {
    "Host with its port": "proxy_set_header Host $http_host;",
    "Host without its port, and the port": """
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-Port $server_port;
    """,
    "the host and the port beside the upstream's": """
        proxy_set_header X-Forwarded-Host $host;
        proxy_set_header X-Forwarded-Port $server_port;
    """,
    "the host with its port beside the upstream's": "proxy_set_header X-Forwarded-Host $http_host;",
}
FORWARDED = """
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
"""


@dataclass(frozen=True)
class Site:
    """Where browsers find the game: at ``origin``, ``context`` being what they need for TLS."""

    origin: str
    context: ssl.SSLContext | None

    def post(self, headers: dict[str, str]) -> httpx.Response:
        """Have a drawing recognized."""
        with httpx.Client(verify=self.context or True, trust_env=False) as client:
            return client.post(f"{self.origin}/api/recognize", json={"strokes": SEVEN}, headers=headers)

    def play(self, headers: dict[str, str]) -> str:
        """Open a socket, join a game, and return the type of the first message."""
        url = self.origin.replace("http", "ws", 1) + "/play/v1"
        with connect(url, ssl=self.context, additional_headers=headers, proxy=None) as socket:
            socket.send('{"type":"join","mode":"practice","alphabet":"digits","name":"Ada"}')
            return str(json.loads(socket.recv(timeout=20))["type"])

    def assert_plays(self) -> None:
        """See that pages of the site may do everything, and pages of other sites nothing."""
        for headers in (
            {"Origin": self.origin},
            {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"},
            {},
        ):
            assert self.post(headers).status_code == 200, headers
            assert self.play(headers) == "welcome", headers
        self.assert_refuses({"Origin": FOREIGN})
        self.assert_refuses({"Origin": FOREIGN, "Sec-Fetch-Site": "cross-site"})
        self.assert_refuses({"Origin": self.origin.rpartition(":")[0]})  # another port is another site

    def assert_refuses(self, headers: dict[str, str]) -> str:
        """See that neither a request nor a socket is taken, and return the reason."""
        answer = self.post(headers)
        assert answer.status_code == 403, headers
        with pytest.raises(InvalidStatus) as refused:
            self.play(headers)
        assert refused.value.response.status_code == 403
        assert json.loads(refused.value.response.body or b"") == answer.json()
        return str(answer.json()["error"]["message"])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a server that trusts the proxy."""
    var = tmp_path_factory.mktemp("trusting") / "var"
    with Server(var, {"INKRUSH_TRUSTED_PROXIES": HOST}) as server:
        yield server


@contextmanager
def site(
    folder: Path, server: Server, certificate: Certificate | None, headers: str, port: int | None = None
) -> Iterator[Site]:
    """Serve ``server`` through an nginx with ``headers``, over TLS where there is a certificate."""
    port = port or free_port()
    tls = ""
    if certificate:
        tls = f"ssl_certificate {certificate.file}; ssl_certificate_key {certificate.key_file};"
    text = f"""
        server {{
            listen {HOST}:{port}{" ssl" if certificate else ""};
            {tls}
            location / {{ proxy_pass {server.url}; {headers} }}
        }}
    """
    with Nginx(folder / "nginx", port, text):
        yield Site(origin(port, certificate), certificate.context if certificate else None)


def origin(port: int, certificate: Certificate | None) -> str:
    return f"{'https' if certificate else 'http'}://{NAME}:{port}"


def test_the_recipe_works_as_it_is_written(tmp_path: Path, trusting: Server, certificate: Certificate) -> None:
    port = free_port()
    text = RECIPE.read_text()
    for written, here in (
        ("listen 443 ssl;", f"listen {HOST}:{port} ssl;"),
        ("listen [::]:443 ssl;", ""),
        ("server_name play.example.com;", f"server_name {NAME};"),
        ("/etc/letsencrypt/live/play.example.com/fullchain.pem", str(certificate.file)),
        ("/etc/letsencrypt/live/play.example.com/privkey.pem", str(certificate.key_file)),
        ("http://127.0.0.1:8000;", f"{trusting.url};"),
    ):
        assert text.count(written) == 1, written
        text = text.replace(written, here)
    with Nginx(tmp_path / "nginx", port, text):
        served = Site(origin(port, certificate), certificate.context)
        served.assert_plays()
        answer = served.post({})
        assert "Secure" in answer.headers["Set-Cookie"]
        # nginx takes pictures as large as the server does.
        with httpx.Client(verify=served.context or True, trust_env=False) as client:
            large = client.post(f"{served.origin}/api/upload", files={"image": b"\0" * (16 << 20)}, timeout=60)
            page = client.get(f"{served.origin}/play")
            sheet = served.origin + re.findall(r'"(/static/[^"]+[.]css)"', page.text)[0]
            first = client.get(sheet)
            again = client.get(sheet, headers={"If-None-Match": first.headers["ETag"]})
        assert (large.status_code, large.json()["error"]["code"]) == (422, "unreadable_image")
        # The server has compressed these, and nginx leaves them as they are.
        assert page.headers["Content-Encoding"] == first.headers["Content-Encoding"] == "gzip"
        assert "immutable" in again.headers["Cache-Control"]
        assert again.status_code == 304


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_trusted_proxy_may_pass_the_host_on_in_several_ways(
    tmp_path: Path, trusting: Server, certificate: Certificate, headers: str, scheme: str
) -> None:
    tls = certificate if scheme == "https" else None
    with site(tmp_path, trusting, tls, SOCKETS + FORWARDED + headers) as served:
        served.assert_plays()
        assert ("Secure" in served.post({}).headers["Set-Cookie"]) == (scheme == "https")


def test_allowed_origins_need_nothing_from_the_proxy(tmp_path: Path, certificate: Certificate) -> None:
    port = free_port()
    allowed = {"INKRUSH_ALLOWED_ORIGINS": origin(port, certificate)}
    with (
        Server(tmp_path / "var", allowed) as server,
        site(tmp_path, server, certificate, SOCKETS, port) as served,
    ):
        served.assert_plays()


def test_the_403_behind_a_proxy_that_hides_the_host_names_the_settings(
    tmp_path: Path, trusting: Server, certificate: Certificate
) -> None:
    with site(tmp_path, trusting, certificate, SOCKETS + FORWARDED) as served:
        message = served.assert_refuses({"Origin": served.origin})
        # Browsers that say where the page is from may play all the same.
        headers = {"Origin": served.origin, "Sec-Fetch-Site": "same-origin"}
        assert served.post(headers).status_code == 200
        assert served.play(headers) == "welcome"
    for word in (served.origin, f"{HOST}:{trusting.port}", "INKRUSH_TRUSTED_PROXIES", "INKRUSH_ALLOWED_ORIGINS"):
        assert word in message


def test_http2_cannot_be_tunneled_to_the_server(tmp_path: Path, trusting: Server) -> None:
    headers = (
        "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"
    )
    with site(tmp_path, trusting, None, headers) as served, httpx.Client(trust_env=False) as client:
        asked = {
            "Upgrade": "h2c",
            "Connection": "Upgrade, HTTP2-Settings",
            "HTTP2-Settings": "AAMAAABkAARAAAAAAAI",
        }
        answer = client.get(f"{served.origin}/healthz", headers=asked)
        assert (answer.status_code, answer.http_version) == (200, "HTTP/1.1")
        assert not re.search("h2", answer.headers.get("Upgrade", ""))
