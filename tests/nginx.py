"""A real nginx in front of a server, for tests."""

from __future__ import annotations

import datetime
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.serving import HOST, START_SECONDS

NGINX: Final = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
NAME: Final = "localhost"
"""The host that browsers ask for."""

_CONFIGURATION: Final = """
daemon off;
worker_processes 2;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Certificate:
    """A certificate for `NAME` that nobody but its own ``context`` trusts."""

    file: Path
    key_file: Path

    @property
    def context(self) -> ssl.SSLContext:
        """What a client needs to believe it."""
        return ssl.create_default_context(cafile=self.file)


class Nginx(AbstractContextManager["Nginx"]):
    """nginx with the configuration of one site, which listens on ``port``; runs inside ``with``."""

    def __init__(self, folder: Path, port: int, site: str) -> None:
        self._folder = folder
        self._port = port
        folder.mkdir()
        (folder / "site.conf").write_text(site)
        # Root's temporary folders are closed to the user that nginx would choose.
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(_CONFIGURATION.format(folder=folder, user=user))

    def __enter__(self) -> Self:
        assert NGINX is not None
        command = [NGINX, "-c", str(self._folder / "nginx.conf"), "-e", str(self._folder / "error.log")]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self._wait_until(self._is_listening)
        return self

    def reload(self, site: str) -> None:
        """Take another configuration, as ``nginx -s reload`` does, and return when new connections go by it."""
        old_workers = self._list_workers()
        (self._folder / "site.conf").write_text(site)
        self._process.send_signal(signal.SIGHUP)
        self._wait_until(lambda: not self._list_accepting_workers() & old_workers)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.communicate()

    def _wait_until(self, is_true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_true():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                errors = (self._folder / "error.log").read_text()
                raise RuntimeError(f"nginx did not start: {self._process.communicate()[1]}{errors}")
            time.sleep(0.02)

    def _list_workers(self) -> set[int]:
        pid = self._process.pid
        return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}

    def _list_accepting_workers(self) -> set[int]:
        titles = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in self._list_workers()}
        return {pid for pid, title in titles.items() if b"shutting down" not in title}

    def _is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self._port)) == 0


def make_certificate(folder: Path) -> Certificate:
    """Make a certificate for `NAME`, and sign it with its own key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(NAME), x509.IPAddress(ip_address(HOST))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    made.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return made
