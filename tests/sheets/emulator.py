"""A Google Sheets server for tests, and for trying the mirror without Google.

It speaks the part of version 4 of the REST API that gspread 6 uses, as plain HTTP on the loopback interface. Set
SHEETS_EMULATOR_HOST to make a client use it.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qs, urlsplit

from tests.sheets.api import Call, route
from tests.sheets.errors import (
    ApiError,
    make_api_is_off,
    make_bad_request,
    make_internal_error,
    make_not_found,
    make_not_shared,
    make_not_signed_in,
    make_quota_exceeded,
    make_unavailable,
)
from tests.sheets.faults import Fault, Faults
from tests.sheets.hand import Hand
from tests.sheets.page import render_page
from tests.sheets.quota import PER_MINUTE, Quota
from tests.sheets.tokens import TokenRefused, Tokens
from tests.sheets.workbook import Json, Workbook

Role = Literal["writer", "reader", "nobody"]

_BAD_GATEWAY: Final = b"<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title><p>That's an error.</html>"
_JSON: Final = "application/json; charset=UTF-8"


class SheetsEmulator(AbstractContextManager["SheetsEmulator"]):
    """A server that runs in its own thread while used as a context manager.

    Attributes:
        faults: what goes wrong.
        reads, writes: the quotas and what they counted.
        requests: how often each method was called, such as ``values.append``, faults and refusals included.
        api_enabled: whether the Sheets API is on in the caller's project.
        anonymous_allowed: whether callers without a token may do everything, as with other emulators.
        creates_missing: whether a spreadsheet that does not exist is created when somebody asks for it.
        tokens: of the service account whose key `make_key` returns.
        before_request: called for each request before it is carried out, in the request's thread.
        before_answer: called for each request that was carried out before it is answered.
    """

    def __init__(
        self,
        *,
        quota_per_minute: int | None = PER_MINUTE,
        minute: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
        port: int = 0,
        seed: int = 0,
    ) -> None:
        """Prepare a server.

        Args:
            quota_per_minute: reads, and writes, let through in a minute; None for all.
            minute: how many seconds a minute of the quota has, to shorten tests.
            clock: the quota's clock, in seconds.
            port: where to listen; 0 for a free port.
            seed: of the choice of faults.
        """
        self.faults = Faults(seed)
        self.reads, self.writes = (Quota(quota_per_minute, minute, clock) for _ in range(2))
        self.requests: Counter[str] = Counter()
        self.api_enabled = True
        self.anonymous_allowed = True
        self.creates_missing = False
        self.tokens = Tokens()
        self.before_request: Callable[[], None] = _do_nothing
        self.before_answer: Callable[[], None] = _do_nothing
        self._workbooks: dict[str, Workbook] = {}
        self._roles: dict[str, Role] = {}
        self._late: list[_LateRequest] = []
        self._put_off = 0
        self._active: set[int] = set()  # the threads that handle a request
        self._lock = threading.RLock()
        self._server = _Server(self, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sheets-emulator")

    @property
    def host(self) -> str:
        """Where it listens, as SHEETS_EMULATOR_HOST wants it."""
        address, port = self._server.server_address[:2]
        return f"{address!s}:{port}"

    def make_key(self) -> dict[str, str]:
        """Return the content of the key file of a service account that may use this server."""
        return self.tokens.make_key(f"http://{self.host}/token")

    def create(self, spreadsheet: str) -> None:
        """Create a spreadsheet with one empty worksheet of 1,000 rows and 26 columns. Everybody may write."""
        with self._lock:
            self._workbooks[spreadsheet] = Workbook(spreadsheet)
            self._roles[spreadsheet] = "writer"

    def share(self, spreadsheet: str, role: Role) -> None:
        """Set whether callers may write to a spreadsheet, only read it, or neither."""
        self._roles[spreadsheet] = role

    def limit(self, spreadsheet: str, *, cells: int | None = None, rows: int | None = None) -> None:
        """Lower Google's limits for all cells together and for the rows of each worksheet."""
        with self._lock:
            workbook = self._workbooks[spreadsheet]
            workbook.most_cells = workbook.most_cells if cells is None else cells
            workbook.most_rows = rows

    def titles(self, spreadsheet: str) -> list[str]:
        """Return the titles of the worksheets."""
        with self._lock:
            return [grid.title for grid in self._workbooks[spreadsheet].grids]

    def duplicate_worksheet(self, spreadsheet: str, title: str) -> str:
        """Copy a worksheet as a person does, and return the copy's title."""
        with self._lock:
            workbook = self._workbooks[spreadsheet]
            copy = workbook.get(title).copy()
            copy.id, copy.title = 1 + max(grid.id for grid in workbook.grids), f"Copy of {title}"
            workbook.grids.append(copy)
            return copy.title

    def delete_worksheet(self, spreadsheet: str, title: str) -> None:
        """Delete a worksheet as a person does."""
        with self._lock:
            workbook = self._workbooks[spreadsheet]
            workbook.grids.remove(workbook.get(title))

    def rows(self, spreadsheet: str, title: str) -> list[list[str]]:
        """Return the rows that a worksheet shows, each up to its last cell that is not empty."""
        with self.by_hand(spreadsheet, title) as hand:
            return hand.rows()

    def size(self, spreadsheet: str, title: str) -> tuple[int, int]:
        """Return the rows and columns of a worksheet's grid."""
        with self._lock:
            grid = self._workbooks[spreadsheet].get(title)
            return grid.rows, grid.columns

    def render_page(self) -> str:
        """Return all spreadsheets as a page of HTML."""
        with self._lock:
            return render_page(self._workbooks.values())

    @contextmanager
    def by_hand(self, spreadsheet: str, title: str) -> Iterator[Hand]:
        """Give a worksheet to change as a person does. Requests wait meanwhile."""
        with self._lock:
            yield Hand(self._workbooks[spreadsheet].get(title))

    def land(self) -> None:
        """Carry out all late requests now."""
        with self._lock:
            late, self._late = self._late, []
            for request in late:
                self._carry_out_late(request.call)

    def wait_until_given_up(self, number: int = 0) -> None:
        """Return once ``number`` requests were late so far and their clients have gone away."""
        while self._put_off < number or any(not request.is_given_up for request in self._late):
            time.sleep(0.01)

    def wait_until_idle(self) -> None:
        """Return once no request is being handled."""
        while self._active:
            time.sleep(0.01)

    def close(self) -> None:
        """Free the port. Leaving the context does so too."""
        self._server.server_close()

    def admit(self, call: Call, authorization: str | None) -> None:
        """Count a request and check whether the caller may make it.

        Raises:
            ApiError: if not.
        """
        with self._lock:
            self.requests[call.name] += 1
        if not self.tokens.accept(authorization) and not (self.anonymous_allowed and authorization is None):
            raise make_not_signed_in()
        if not self.api_enabled:
            raise make_api_is_off()
        quota = self.writes if call.is_write else self.reads
        if not quota.take():
            raise make_quota_exceeded("Write" if call.is_write else "Read", quota.per_minute or 0)

    def carry_out(self, call: Call) -> Json:
        """Carry out a request, wholly or not at all, and then the late requests whose turn has come.

        Raises:
            ApiError: if it is refused.
        """
        with self._lock:
            try:
                return self._attempt(call)
            finally:
                for late in [request for request in self._late if request.is_given_up]:
                    late.remaining -= 1
                    if late.remaining <= 0:
                        self._late.remove(late)
                        self._carry_out_late(late.call)

    @contextmanager
    def handling(self) -> Iterator[None]:
        """Mark that this thread handles a request."""
        self._active.add(threading.get_ident())
        try:
            yield
        finally:
            self._active.discard(threading.get_ident())

    def put_off(self, call: Call) -> _LateRequest:
        """Keep a request to carry out late: some requests after its client has given up."""
        with self._lock:
            late = _LateRequest(call, self.faults.draw_delay())
            self._late.append(late)
            self._put_off += 1
            return late

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self.close()

    def _attempt(self, call: Call) -> Json:
        if self.creates_missing and call.spreadsheet not in self._workbooks:
            self.create(call.spreadsheet)
        if call.spreadsheet not in self._workbooks:
            raise make_not_found()
        role = self._roles[call.spreadsheet]
        if role == "nobody" or (role == "reader" and call.is_write):
            raise make_not_shared()
        workbook = self._workbooks[call.spreadsheet]
        if not call.is_write:
            return call.work(workbook)
        changed = workbook.copy()
        answer = call.work(changed)
        self._workbooks[call.spreadsheet] = changed
        return answer

    def _carry_out_late(self, call: Call) -> None:
        with suppress(ApiError):  # nobody gets the answer
            self._attempt(call)


class _LateRequest:
    """A request that is carried out ``remaining`` requests after its client has given up."""

    def __init__(self, call: Call, remaining: int) -> None:
        self.call = call
        self.remaining = remaining
        self.is_given_up = False


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for them
    request_queue_size = 128

    def __init__(self, emulator: SheetsEmulator, port: int) -> None:
        self.emulator = emulator
        self._open: set[socket.socket] = set()
        self._to_reset: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def reset(self, connection: socket.socket) -> None:
        """Have a connection end with RST instead of FIN when its handler returns."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._to_reset.add(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        if request in self._to_reset:
            self._to_reset.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that went away."""

    def server_close(self) -> None:
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        with self.server.emulator.handling():
            self._handle()

    do_PUT = do_POST = do_GET  # noqa: N815 (the base class's names)

    def _handle(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        if address.path == "/token":
            self._issue_token(raw.decode())
            return
        emulator = self.server.emulator
        if (self.command, address.path) == ("GET", "/"):
            self._send(200, emulator.render_page().encode(), "text/html; charset=UTF-8")
            return
        try:
            call = route(self.command, address.path, parse_qs(address.query), _parse_body(raw))
            emulator.before_request()
            emulator.admit(call, self.headers.get("Authorization"))
            self._answer(call, emulator.faults.draw(call.name))
        except ApiError as error:
            self._send_json(error.code, error.body(), error.headers)

    def _answer(self, call: Call, fault: Fault | None) -> None:
        emulator = self.server.emulator
        if self._fails_before(call, fault):
            return
        answer = emulator.carry_out(call)
        emulator.before_answer()
        match fault:
            case Fault.SERVER_ERROR_AFTER:
                raise make_internal_error()
            case Fault.BAD_GATEWAY_AFTER:
                self._send(502, _BAD_GATEWAY, "text/html; charset=UTF-8")
            case Fault.TIMEOUT_AFTER:
                self._wait_until_given_up()
            case Fault.RESET_AFTER:
                self._reset()
            case Fault.CUT_SHORT:
                self._send_json(200, answer, is_cut=True)
            case Fault.SLOW:
                time.sleep(emulator.faults.slow)
                self._send_json(200, answer)
            case _:
                self._send_json(200, answer)

    def _fails_before(self, call: Call, fault: Fault | None) -> bool:
        """Let a fault strike that keeps the request from being carried out. Return whether it did."""
        emulator = self.server.emulator
        quota = emulator.writes if call.is_write else emulator.reads
        refused = make_quota_exceeded("Write" if call.is_write else "Read", quota.per_minute or PER_MINUTE)
        match fault:
            case Fault.QUOTA:
                raise refused
            case Fault.QUOTA_RETRY_AFTER:
                refused.headers["Retry-After"] = str(emulator.faults.retry_after)
                raise refused
            case Fault.SERVER_ERROR_BEFORE:
                raise make_internal_error()
            case Fault.UNAVAILABLE:
                raise make_unavailable()
            case Fault.BAD_GATEWAY_BEFORE:
                self._send(502, _BAD_GATEWAY, "text/html; charset=UTF-8")
            case Fault.TIMEOUT_BEFORE:
                self._wait_until_given_up()
            case Fault.RESET_BEFORE:
                self._reset()
            case Fault.LATE:
                late = emulator.put_off(call)
                self._wait_until_given_up()
                late.is_given_up = True
            case _:
                return False
        return True

    def _wait_until_given_up(self) -> None:
        self.close_connection = True
        select.select([self.connection], [], [], self.server.emulator.faults.hold)

    def _reset(self) -> None:
        self.close_connection = True
        self.server.reset(self.connection)

    def _issue_token(self, form: str) -> None:
        emulator = self.server.emulator
        try:
            self._send_json(200, emulator.tokens.issue(form))
        except TokenRefused as error:
            self._send_json(400, {"error": "invalid_grant", "error_description": str(error)})

    def _send_json(
        self, code: int, body: Json, headers: dict[str, str] | None = None, *, is_cut: bool = False
    ) -> None:
        self._send(code, json.dumps(body, ensure_ascii=False).encode(), _JSON, headers, is_cut=is_cut)

    def _send(
        self, code: int, body: bytes, kind: str, headers: dict[str, str] | None = None, *, is_cut: bool = False
    ) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if is_cut:
            self.close_connection = True
            body = body[: len(body) // 2]
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Write no log."""


def _parse_body(raw: bytes) -> Json:
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as error:
        raise make_bad_request("Invalid JSON payload received.") from error
    if not isinstance(body, dict):
        raise make_bad_request('Invalid JSON payload received. Unknown name "": Root element must be a message.')
    return body


def _do_nothing() -> None:
    """Let a request pass."""
