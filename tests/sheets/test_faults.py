"""Each fault does what its name says, as gspread sees it and as the Sheet shows it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import gspread
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2.service_account import Credentials
from gspread.exceptions import APIError

from tests.sheets.client import KEY, open_client, open_workbook
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.faults import Fault

APPEND = "values.append"
PATIENCE = 0.3
"""Seconds that the impatient client waits for an answer."""


@pytest.fixture
def impatient(sheets: SheetsEmulator) -> Iterator[Any]:
    """Open the first worksheet with a client that does not wait long."""
    with open_client(sheets) as client:
        sheet = client.open_by_key(KEY).sheet1
        client.set_timeout(PATIENCE)
        yield sheet


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        (Fault.QUOTA, 429, "RESOURCE_EXHAUSTED"),
        (Fault.QUOTA_RETRY_AFTER, 429, "RESOURCE_EXHAUSTED"),
        (Fault.SERVER_ERROR_BEFORE, 500, "INTERNAL"),
        (Fault.SERVER_ERROR_AFTER, 500, "INTERNAL"),
        (Fault.UNAVAILABLE, 503, "UNAVAILABLE"),
        (Fault.BAD_GATEWAY_BEFORE, 502, None),
        (Fault.BAD_GATEWAY_AFTER, 502, None),
    ],
)
def test_an_error_is_answered(
    sheets: SheetsEmulator, sheet: Any, fault: Fault, code: int, status: str | None
) -> None:
    sheets.faults.next(fault, APPEND)
    assert sheet.get_all_values() == [[]]  # the fault waits for its method
    with pytest.raises(APIError) as raised:
        sheet.append_row(["a"])
    answer = raised.value.response
    assert answer.status_code == code
    assert answer.headers.get("Retry-After") == ("1" if fault is Fault.QUOTA_RETRY_AFTER else None)
    if status is None:
        assert (raised.value.code, answer.headers["Content-Type"]) == (-1, "text/html; charset=UTF-8")
    else:
        assert (raised.value.error["code"], raised.value.error["status"]) == (code, status)
    assert sheets.rows(KEY, "Sheet1") == ([["a"]] if fault.name.endswith("AFTER") and code != 429 else [])
    sheet.append_row(["b"])  # once only
    assert sheets.faults.struck == {fault: 1}


@pytest.mark.parametrize(("fault", "rows"), [(Fault.TIMEOUT_BEFORE, []), (Fault.TIMEOUT_AFTER, [["a"]])])
def test_a_client_that_gets_no_answer_gives_up(
    sheets: SheetsEmulator, impatient: Any, fault: Fault, rows: list[list[str]]
) -> None:
    sheets.faults.next(fault)
    with pytest.raises(requests.exceptions.ReadTimeout):
        impatient.append_row(["a"])
    _wait_for_appends(sheets, 1)
    assert sheets.rows(KEY, "Sheet1") == rows


@pytest.mark.parametrize(
    ("fault", "error", "rows"),
    [
        (Fault.TIMEOUT_BEFORE, requests.exceptions.ConnectionError, []),
        (Fault.TIMEOUT_AFTER, requests.exceptions.ConnectionError, [["a"]]),
        (Fault.RESET_BEFORE, requests.exceptions.ConnectionError, []),
        (Fault.RESET_AFTER, requests.exceptions.ConnectionError, [["a"]]),
        (Fault.CUT_SHORT, requests.exceptions.RequestException, [["a"]]),
    ],
)
def test_a_connection_ends_without_an_answer(
    sheets: SheetsEmulator, sheet: Any, fault: Fault, error: type[Exception], rows: list[list[str]]
) -> None:
    sheets.faults.hold = 0.05
    sheets.faults.next(fault)
    with pytest.raises(error) as raised:
        sheet.append_row(["a"])
    assert ("Connection reset by peer" in str(raised.value)) == fault.name.startswith("RESET")
    assert sheets.rows(KEY, "Sheet1") == rows


def test_a_slow_answer_comes_in_the_end(sheets: SheetsEmulator, sheet: Any, impatient: Any) -> None:
    sheets.faults.next(Fault.SLOW)
    sheet.append_row(["a"])
    sheets.faults.slow = 2 * PATIENCE
    sheets.faults.next(Fault.SLOW)
    with pytest.raises(requests.exceptions.ReadTimeout):
        impatient.append_row(["b"])
    _wait_for_appends(sheets, 2)
    assert sheets.rows(KEY, "Sheet1") == [["a"], ["b"]]


def test_a_late_request_is_carried_out_after_the_next_one(
    sheets: SheetsEmulator, sheet: Any, impatient: Any
) -> None:
    sheets.faults.next(Fault.LATE)
    with pytest.raises(requests.exceptions.ReadTimeout):
        impatient.append_row(["late"])
    sheets.wait_until_given_up(1)
    assert sheet.get_all_values() == [[]]
    assert sheet.get_all_values() == [["late"]]


def test_a_late_request_can_be_carried_out_at_once(sheets: SheetsEmulator, impatient: Any) -> None:
    sheets.faults.next(Fault.LATE)
    with pytest.raises(requests.exceptions.ReadTimeout):
        impatient.append_row(["late"])
    sheets.wait_until_given_up(1)
    assert sheets.rows(KEY, "Sheet1") == []
    sheets.land()
    assert sheets.rows(KEY, "Sheet1") == [["late"]]


def test_faults_strike_the_given_share_and_a_seed_repeats_them() -> None:
    drawn = []
    for _ in range(2):
        sheets = SheetsEmulator(seed=3)
        sheets.faults.spread(0.1)
        drawn.append([sheets.faults.draw("get") for _ in range(3000)])
        assert sheets.faults.struck.keys() == set(Fault)
        assert 200 < sheets.faults.struck.total() < 400
        sheets.close()
    assert drawn[0] == drawn[1]


def test_the_quota_counts_each_kind_in_a_sliding_minute() -> None:
    now = 0.0
    with SheetsEmulator(quota_per_minute=3, clock=lambda: now) as sheets:
        sheets.create(KEY)
        with open_workbook(sheets) as workbook:
            sheet: Any = workbook.sheet1  # the second read
            sheet.get_all_values()
            with pytest.raises(APIError, match=r"429.*'Read requests per minute per user'"):
                sheet.get_all_values()
            sheet.append_row(["a"])
            now += 60
            assert sheet.get_all_values() == [["a"]]
        assert (sheets.reads.total, sheets.reads.refused, sheets.reads.peak) == (4, 1, 3)
        assert (sheets.writes.total, sheets.writes.peak) == (1, 1)
        assert sheets.requests == {"get": 2, "values.get": 3, "values.append": 1}


def test_a_spreadsheet_that_does_not_exist_or_is_not_shared(sheets: SheetsEmulator) -> None:
    with open_client(sheets) as client:
        with pytest.raises(gspread.SpreadsheetNotFound):
            client.open_by_key("another")
        sheets.share(KEY, "reader")
        sheet: Any = client.open_by_key(KEY).sheet1
        with pytest.raises(APIError, match="The caller does not have permission"):
            sheet.append_row(["a"])
        sheets.share(KEY, "nobody")
        with pytest.raises(PermissionError):
            client.open_by_key(KEY)


def test_the_api_may_be_off(sheets: SheetsEmulator) -> None:
    sheets.api_enabled = False
    with open_client(sheets) as client, pytest.raises(APIError) as raised:
        client.http_client.values_get(KEY, "A1")
    assert raised.value.response.status_code == 403
    assert raised.value.error["details"][0]["reason"] == "SERVICE_DISABLED"
    assert "has not been used in project" in raised.value.error["message"]


def test_a_service_account_gets_a_token_and_a_wrong_key_does_not(sheets: SheetsEmulator) -> None:
    sheets.anonymous_allowed = False
    answer = requests.get(f"http://{sheets.host}/v4/spreadsheets/{KEY}", timeout=5)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    key = sheets.make_key()
    with open_client(sheets, _make_credentials(key)) as client:
        assert client.open_by_key(KEY).sheet1.title == "Sheet1"
    stranger = {**key, "client_email": "somebody@else.iam.gserviceaccount.com"}
    with (
        open_client(sheets, _make_credentials(stranger)) as client,
        pytest.raises(RefreshError, match="invalid_grant"),
    ):
        client.open_by_key(KEY)


def test_many_clients_at_once_write_every_row_once(sheets: SheetsEmulator) -> None:
    def write(name: int) -> None:
        with open_workbook(sheets) as workbook:
            sheet: Any = workbook.sheet1
            for number in range(10):
                sheet.append_row([f"{name}-{number}"])

    threads = [threading.Thread(target=write, args=(name,)) for name in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = [row[0] for row in sheets.rows(KEY, "Sheet1")]
    assert sorted(rows) == sorted(f"{name}-{number}" for name in range(5) for number in range(10))


def _wait_for_appends(sheets: SheetsEmulator, number: int) -> None:
    """Return once this many appends have come and been dealt with, although their client has gone away."""
    while sheets.requests[APPEND] < number:
        time.sleep(0.01)
    sheets.wait_until_idle()


def _make_credentials(key: dict[str, str]) -> Any:
    scopes = ["https://www.googleapis.com/auth/spreadsheets"]
    return Credentials.from_service_account_info(key, scopes=scopes)  # type: ignore[no-untyped-call]
