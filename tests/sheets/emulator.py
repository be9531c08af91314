"""A Google Sheets server of our own, for tests and for trying the mirror without Google.

It speaks the part of version 4 of the REST API that gspread 6 uses, over plain HTTP on the loopback. Point a
client to it by SHEETS_EMULATOR_HOST.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qs, urlsplit

from tests.sheets.api import Call, route
from tests.sheets.errors import (
    ApiError,
    api_is_off,
    internal_error,
    invalid,
    no_such_spreadsheet,
    not_shared,
    not_signed_in,
    quota_exceeded,
    unavailable,
)
from tests.sheets.faults import Fault, Faults
from tests.sheets.hand import Hand
from tests.sheets.page import page
from tests.sheets.quota import PER_MINUTE, Quota
from tests.sheets.tokens import Refused, Tokens
from tests.sheets.workbook import Json, Workbook

Role = Literal["writer", "reader", "nobody"]

_BAD_GATEWAY: Final = b"<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title><p>That's an error.</html>"
_JSON: Final = "application/json; charset=UTF-8"


class SheetsEmulator(AbstractContextManager["SheetsEmulator"]):
    """A server in a thread of its own, from entry to exit.

    Attributes:
        faults: what goes wrong.
        reads, writes: the quotas, with what was counted.
        requests: how often each method was asked for, such as ``values.append``, faults and refusals included.
        api_enabled: whether the Sheets API is on in the caller's project.
        anonymous_allowed: whether callers without a token may do everything, as with other emulators.
        finds_any: whether a spreadsheet that is asked for and was not created is made.
        tokens: of the service account whose key `service_account` returns.
    """

    def __init__(
        self, *, quota_per_minute: int | None = PER_MINUTE, minute: float = 60.0, port: int = 0, seed: int = 0
    ) -> None:
        """Prepare a server.

        Args:
            quota_per_minute: reads, and writes, that pass in a minute; none for no quota.
            minute: how many seconds such a minute has, to shorten tests.
            port: to listen on; 0 for a free one.
            seed: of the faults' choice.
        """
        self.faults = Faults(seed)
        self.reads, self.writes = Quota(quota_per_minute, minute), Quota(quota_per_minute, minute)
        self.requests: Counter[str] = Counter()
        self.api_enabled = True
        self.anonymous_allowed = True
        self.finds_any = False
        self.tokens = Tokens()
        self._workbooks: dict[str, Workbook] = {}
        self._roles: dict[str, Role] = {}
        self._late: list[_Late] = []
        self._lock = threading.RLock()
        self._server = _Server(self, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sheets-emulator")

    @property
    def host(self) -> str:
        """Where it listens, for SHEETS_EMULATOR_HOST."""
        address, port = self._server.server_address[:2]
        return f"{address!s}:{port}"

    def service_account(self) -> dict[str, str]:
        """Return what the key file of a service account holds that may use this server."""
        return self.tokens.account(f"http://{self.host}/token")

    def create(self, spreadsheet: str) -> None:
        """Make a spreadsheet as a new one is: a worksheet of 1,000 rows and 26 columns. Everybody may write."""
        with self._lock:
            self._workbooks[spreadsheet] = Workbook(spreadsheet)
            self._roles[spreadsheet] = "writer"

    def share(self, spreadsheet: str, role: Role) -> None:
        """Let callers write to a spreadsheet, or only read it, or neither."""
        self._roles[spreadsheet] = role

    def limit(self, spreadsheet: str, *, cells: int | None = None, rows: int | None = None) -> None:
        """Lower Google's limits: of all cells together, and of the rows of each worksheet."""
        with self._lock:
            workbook = self._workbooks[spreadsheet]
            workbook.most_cells = workbook.most_cells if cells is None else cells
            workbook.most_rows = rows

    def titles(self, spreadsheet: str) -> list[str]:
        """Return the titles of the worksheets."""
        with self._lock:
            return [grid.title for grid in self._workbooks[spreadsheet].grids]

    def rows(self, spreadsheet: str, title: str) -> list[list[str]]:
        """Return what a worksheet shows, each row as long as it holds anything."""
        with self.by_hand(spreadsheet, title) as hand:
            return hand.rows()

    def size(self, spreadsheet: str, title: str) -> tuple[int, int]:
        """Return the rows and columns of a worksheet's grid."""
        with self._lock:
            grid = self._workbooks[spreadsheet].find(title)
            assert grid is not None, title
            return grid.rows, grid.columns

    def page(self) -> str:
        """Return all spreadsheets as HTML."""
        with self._lock:
            return page(self._workbooks.values())

    @contextmanager
    def by_hand(self, spreadsheet: str, title: str) -> Iterator[Hand]:
        """Give a worksheet to change by hand; requests wait meanwhile."""
        with self._lock:
            grid = self._workbooks[spreadsheet].find(title)
            assert grid is not None, title
            yield Hand(grid)

    def land(self) -> None:
        """Carry out what is still on its way."""
        with self._lock:
            late, self._late = self._late, []
            for one in late:
                self._carry_out_late(one.call)

    def wait_until_given_up(self) -> None:
        """Return once the clients of all late requests have gone away."""
        while any(not one.is_given_up for one in self._late):
            select.select([], [], [], 0.01)

    def close(self) -> None:
        """Free the port; leaving the context does it too."""
        self._server.server_close()

    def admit(self, call: Call, authorization: str | None) -> None:
        """Count a request.

        Raises:
            ApiError: if it may not be made.
        """
        with self._lock:
            self.requests[call.name] += 1
        if not self.tokens.accept(authorization) and not (self.anonymous_allowed and authorization is None):
            raise not_signed_in()
        if not self.api_enabled:
            raise api_is_off()
        quota = self.writes if call.is_write else self.reads
        if not quota.take():
            raise quota_exceeded("Write" if call.is_write else "Read", quota.per_minute or 0)

    def carry_out(self, call: Call) -> Json:
        """Do what is asked for, wholly or not at all, and then what landed meanwhile.

        Raises:
            ApiError: if it is refused.
        """
        with self._lock:
            try:
                return self._attempt(call)
            finally:
                for late in [one for one in self._late if one.is_given_up]:
                    late.requests -= 1
                    if late.requests <= 0:
                        self._late.remove(late)
                        self._carry_out_late(late.call)

    def put_off(self, call: Call) -> _Late:
        """Keep a request that is to land late; it counts once its client has given up."""
        with self._lock:
            late = _Late(call, self.faults.late())
            self._late.append(late)
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
        if self.finds_any and call.spreadsheet not in self._workbooks:
            self.create(call.spreadsheet)
        if call.spreadsheet not in self._workbooks:
            raise no_such_spreadsheet()
        role = self._roles[call.spreadsheet]
        if role == "nobody" or (role == "reader" and call.is_write):
            raise not_shared()
        workbook = self._workbooks[call.spreadsheet]
        if not call.is_write:
            return call.work(workbook)
        changed = workbook.copy()
        answer = call.work(changed)
        self._workbooks[call.spreadsheet] = changed
        return answer

    def _carry_out_late(self, call: Call) -> None:
        with suppress(ApiError):  # nobody hears of it
            self._attempt(call)


class _Late:
    """A request on its way, which lands some requests after its client has given up."""

    def __init__(self, call: Call, requests: int) -> None:
        self.call = call
        self.requests = requests
        self.is_given_up = False


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them
    request_queue_size = 128

    def __init__(self, emulator: SheetsEmulator, port: int) -> None:
        self.emulator = emulator
        self._open: set[socket.socket] = set()
        self._to_reset: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def reset(self, connection: socket.socket) -> None:
        """End a connection by RST rather than FIN once its handler returns."""
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
        """Say nothing of clients that went away."""

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
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        if address.path == "/token":
            self._give_token(raw.decode())
            return
        emulator = self.server.emulator
        if (self.command, address.path) == ("GET", "/"):
            self._send(200, emulator.page().encode(), "text/html; charset=UTF-8")
            return
        try:
            call = route(self.command, address.path, parse_qs(address.query), _parsed(raw))
            emulator.admit(call, self.headers.get("Authorization"))
            self._answer(call, emulator.faults.draw(call.name))
        except ApiError as error:
            self._send_json(error.code, error.body(), error.headers)

    def _answer(self, call: Call, fault: Fault | None) -> None:
        emulator = self.server.emulator
        if self._fails_before(call, fault):
            return
        answer = emulator.carry_out(call)
        match fault:
            case Fault.SERVER_ERROR_AFTER:
                raise internal_error()
            case Fault.BAD_GATEWAY_AFTER:
                self._send(502, _BAD_GATEWAY, "text/html; charset=UTF-8")
            case Fault.TIMEOUT_AFTER:
                self._wait_until_given_up()
            case Fault.RESET_AFTER:
                self._reset()
            case Fault.CUT_SHORT:
                self._send_json(200, answer, is_cut=True)
            case Fault.SLOW:
                select.select([], [], [], emulator.faults.slow)
                self._send_json(200, answer)
            case _:
                self._send_json(200, answer)

    def _fails_before(self, call: Call, fault: Fault | None) -> bool:
        """Return whether a fault keeps the request from being carried out; what it does is done then."""
        emulator = self.server.emulator
        quota = emulator.writes if call.is_write else emulator.reads
        refused = quota_exceeded("Write" if call.is_write else "Read", quota.per_minute or PER_MINUTE)
        match fault:
            case Fault.QUOTA:
                raise refused
            case Fault.QUOTA_RETRY_AFTER:
                refused.headers["Retry-After"] = str(emulator.faults.retry_after)
                raise refused
            case Fault.SERVER_ERROR_BEFORE:
                raise internal_error()
            case Fault.UNAVAILABLE:
                raise unavailable()
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

    def _give_token(self, form: str) -> None:
        emulator = self.server.emulator
        try:
            self._send_json(200, emulator.tokens.give(form))
        except Refused as error:
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


def _parsed(raw: bytes) -> Json:
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as error:
        raise invalid("Invalid JSON payload received.") from error
    if not isinstance(body, dict):
        raise invalid('Invalid JSON payload received. Unknown name "": Root element must be a message.')
    return body
