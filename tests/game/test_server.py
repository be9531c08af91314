"""The server as a process: how it starts, what it accepts, how it ends."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.serving import HOST, ROOT, Server, free_port

pytestmark = pytest.mark.slow

MEBIBYTE = b"\0" * (1 << 20)


def run(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m game`` until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "game", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "INKRUSH_VAR": str(var),
            "INKRUSH_PORT": str(free_port()),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def complaint(ended: subprocess.CompletedProcess[str], status: int) -> str:
    """Check that the exit status is ``status`` and that there is no traceback. Return the last line."""
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "ready" not in ended.stdout
    return ended.stderr.strip().splitlines()[-1]


def test_help(tmp_path: Path) -> None:
    ended = run("--help", var=tmp_path)
    assert ended.returncode == 0
    for word in ("--host", "--port", "--workers", "INKRUSH_DATABASE_URL", "INKRUSH_TRUSTED_PROXIES"):
        assert word in ended.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "http"],
        ["--port", "70000"],
        ["--workers", "0"],
        ["--workers", "two"],
        ["--workers", "1000"],
        ["--nonsense"],
        ["extra"],
    ],
)
def test_wrong_use(tmp_path: Path, arguments: list[str]) -> None:
    assert "error:" in complaint(run(*arguments, var=tmp_path), 2)


def test_several_workers_cannot_share_the_file(tmp_path: Path) -> None:
    sentence = complaint(run("--workers", "2", var=tmp_path), 2)
    assert "Leave --workers out" in sentence
    assert "postgresql://" in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [("INKRUSH_PORT", "x"), ("INKRUSH_SECRET_KEY", "short"), ("INKRUSH_ALLOWED_ORIGINS", "*")],
)
def test_a_bad_setting(tmp_path: Path, name: str, value: str) -> None:
    assert complaint(run(var=tmp_path, **{name: value}), 2).startswith(name)


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("--port", port, var=tmp_path)
    assert complaint(ended, 1) == f"Cannot listen on {HOST} port {port}: Address already in use."


def test_a_host_that_is_not_this_machine(tmp_path: Path) -> None:
    for host in ("192.0.2.1", "no.such.host.invalid", "a" * 250, "\u2603..x"):
        assert complaint(run("--host", host, var=tmp_path), 1).startswith(f"Cannot listen on {host}")
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvQ"
    assert "MII" not in complaint(run(var=tmp_path, INKRUSH_HOST=key), 1)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    line = complaint(run(var=tmp_path / "file" / "var"), 1)
    assert line == f"The folder {tmp_path}/file/var cannot be made: Not a directory."


def test_a_folder_that_cannot_be_written() -> None:
    # Not even root writes there.
    assert complaint(run(var=Path("/proc")), 1).startswith("The secret key cannot be stored in /proc/secret.key: ")


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite:////proc/no/such/ink.db"])
def test_a_database_that_cannot_be_opened(tmp_path: Path, url: str) -> None:
    assert complaint(run(var=tmp_path, INKRUSH_DATABASE_URL=url), 1).endswith(".")


def test_it_is_small_prints_its_address_and_ends_on_sigterm(tmp_path: Path) -> None:
    server = Server(tmp_path / "var")
    with server:
        assert f"Inkrush is ready at {server.url}\n" in server.log
        assert server.get("/healthz")["status"] == "ok"
        assert server.resident < 150 * (1 << 20)
        assert server.stop() == 0
    assert "Traceback" not in server.log


def test_port_0_picks_a_free_port_and_prints_it_and_a_closed_terminal_ends_the_server(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "game", "--port", "0"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "INKRUSH_VAR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = int(line.rpartition(":")[2])
        assert b" 200 " in ask(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    finally:
        is_ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # the tests run with nohup
        process.send_signal(signal.SIGTERM if is_ignored else signal.SIGHUP)
        process.communicate(timeout=30)
    assert process.returncode == 0


def ask(port: int, request: bytes, pieces: list[bytes] | None = None) -> bytes:
    """Return the whole response to a request written by hand."""
    with socket.create_connection((HOST, port), timeout=20) as connection:
        try:
            connection.sendall(request)
            for piece in pieces or ():
                connection.sendall(piece)
        except ConnectionError:
            pass  # refused while it was still sending: only the response counts
        answer = b""
        while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
            received = connection.recv(65536)
            if not received:
                break
            answer += received
    return answer


POST = b"POST /api/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"


def test_pictures_leave_no_memory_behind(shared_server: Server) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (4000, 3000), "white").save(photo, "JPEG")
    head = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
    form = head + photo.getvalue() + b"\r\n--x--\r\n"
    for _ in range(3):
        answer = ask(shared_server.port, POST + b"Content-Length: %d\r\n\r\n" % len(form), [form])
        assert b" 200 " in answer.splitlines()[0]
    assert shared_server.resident < 150 << 20


@pytest.mark.parametrize("mebibytes", [20, 60])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_client_that_sends_too_much_can_read_why_it_is_refused(
    shared_server: Server, mebibytes: int, chunked: bool
) -> None:
    before = shared_server.resident
    if chunked:
        head, pieces = b"Transfer-Encoding: chunked\r\n\r\n", [b"100000\r\n" + MEBIBYTE + b"\r\n"] * mebibytes
        pieces.append(b"0\r\n\r\n")
    else:
        head, pieces = b"Content-Length: %d\r\n\r\n" % (mebibytes << 20), [MEBIBYTE] * mebibytes
    answer = ask(shared_server.port, POST + head, pieces)
    assert b" 413 " in answer
    assert b'"code":"body_too_large"' in answer
    said = b"This picture is too large (limit 16 MB)." if chunked else b"This picture is %d MB (limit 16 MB)."
    assert (said if chunked else said % mebibytes) in answer
    assert shared_server.resident < before + (64 << 20)


def test_a_client_that_announces_far_too_much_is_refused_at_once(shared_server: Server) -> None:
    answer = ask(shared_server.port, POST + b"Content-Length: 9999999999\r\n\r\n")
    assert b" 413 " in answer


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /api/games/%ff%00", b" 404 "),
        (b"GET /api/leaderboard?limit=%ff", b" 422 "),
        (b"GET /api/leaderboard?alphabet=%00", b" 422 "),
        (b"OPTIONS *", b" 404 "),
        (b"GET http://elsewhere/healthz", b" 200 "),
        (b"GET /%2e%2e/%2e%2e/etc/passwd", b" 404 "),
        (b"GET /play/v1", b" 400 "),
        (b"GET /healthz?" + b"a" * 9000, b" 200 "),
        (b"GET ?x", b" 200 "),
        (b"GET http://elsewhere", b" 200 "),
        (b"GET http://[::1/healthz", b" 200 "),
        (b"GET http://%E2%84%80/nothing", b" 404 "),
        (b"POST http://]", b" 405 "),
    ],
)
def test_strange_requests(shared_server: Server, request_line: bytes, status: bytes) -> None:
    answer = ask(
        shared_server.port, request_line + b" HTTP/1.1\r\nHost: x\r\nCookie: \xe9\r\nConnection: close\r\n\r\n"
    )
    assert status in answer.splitlines()[0]
    assert b"Traceback" not in answer


@pytest.mark.parametrize("noise", [b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00", b"\0" * 70_000])
def test_the_server_survives_noise(shared_server: Server, noise: bytes) -> None:
    with socket.create_connection((HOST, shared_server.port), timeout=20) as connection:
        connection.sendall(noise)
    assert shared_server.get("/healthz")["status"] == "ok"
