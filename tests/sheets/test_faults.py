"""Each fault is what it says, as gspread and whoever looks into the Sheet see it."""

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
"""Seconds that this client waits for an answer."""


@pytest.fixture
def hasty(sheets: SheetsEmulator) -> Iterator[Any]:
    """Give the first worksheet through a client that does not wait long."""
    with open_workbook(sheets, timeout=PATIENCE) as workbook:
        yield workbook.sheet1


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


@pytest.mark.parametrize(
    ("fault", "error", "rows"),
    [
        (Fault.TIMEOUT_BEFORE, requests.exceptions.ReadTimeout, []),
        (Fault.TIMEOUT_AFTER, requests.exceptions.ReadTimeout, [["a"]]),
        (Fault.RESET_BEFORE, requests.exceptions.ConnectionError, []),
        (Fault.RESET_AFTER, requests.exceptions.ConnectionError, [["a"]]),
        (Fault.CUT_SHORT, requests.exceptions.RequestException, [["a"]]),
    ],
)
def test_there_is_no_answer(
    sheets: SheetsEmulator, hasty: Any, fault: Fault, error: type[Exception], rows: list[list[str]]
) -> None:
    sheets.faults.next(fault)
    with pytest.raises(error) as raised:
        hasty.append_row(["a"])
    assert ("Connection reset by peer" in str(raised.value)) == fault.name.startswith("RESET")
    assert sheets.rows(KEY, "Sheet1") == rows


def test_a_slow_answer_comes(sheets: SheetsEmulator, sheet: Any) -> None:
    sheets.faults.next(Fault.SLOW)
    before = time.monotonic()
    sheet.append_row(["a"])
    assert time.monotonic() - before >= sheets.faults.slow


def test_a_late_write_lands_after_the_next_request(sheets: SheetsEmulator, hasty: Any) -> None:
    sheets.faults.next(Fault.LATE)
    with pytest.raises(requests.exceptions.ReadTimeout):
        hasty.append_row(["late"])
    sheets.wait_until_given_up()
    assert hasty.get_all_values() == [[]]
    assert hasty.get_all_values() == [["late"]]


def test_what_is_still_on_its_way_can_be_landed(sheets: SheetsEmulator, hasty: Any) -> None:
    sheets.faults.next(Fault.LATE)
    with pytest.raises(requests.exceptions.ReadTimeout):
        hasty.append_row(["late"])
    assert sheets.rows(KEY, "Sheet1") == []
    sheets.land()
    assert sheets.rows(KEY, "Sheet1") == [["late"]]


def test_faults_strike_the_share_that_was_set_and_the_same_ones_for_a_seed() -> None:
    drawn = []
    for _ in range(2):
        sheets = SheetsEmulator(seed=3)
        sheets.faults.spread(0.1)
        drawn.append([sheets.faults.draw("get") for _ in range(3000)])
        assert sheets.faults.struck.keys() == set(Fault)
        assert 200 < sheets.faults.struck.total() < 400
        sheets.close()
    assert drawn[0] == drawn[1]


def test_the_quota_is_of_a_sliding_minute_for_each_kind() -> None:
    with SheetsEmulator(quota_per_minute=3, minute=0.5) as sheets:
        sheets.create(KEY)
        with open_workbook(sheets) as workbook:
            sheet: Any = workbook.sheet1  # the second read
            sheet.get_all_values()
            with pytest.raises(APIError, match=r"429.*'Read requests per minute per user'"):
                sheet.get_all_values()
            sheet.append_row(["a"])
            time.sleep(0.5)
            assert sheet.get_all_values() == [["a"]]
        assert (sheets.reads.total, sheets.reads.refused, sheets.reads.peak) == (4, 1, 3)
        assert (sheets.writes.total, sheets.writes.peak) == (1, 1)
        assert sheets.requests == {"get": 2, "values.get": 3, "values.append": 1}


def test_a_spreadsheet_that_is_not_there_or_not_shared(sheets: SheetsEmulator) -> None:
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


def test_a_service_account_gets_its_token_and_a_wrong_key_none(sheets: SheetsEmulator) -> None:
    sheets.anonymous_allowed = False
    answer = requests.get(f"http://{sheets.host}/v4/spreadsheets/{KEY}", timeout=5)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    key = sheets.make_key()
    with open_client(sheets, _credentials(key)) as client:
        assert client.open_by_key(KEY).sheet1.title == "Sheet1"
    stranger = {**key, "client_email": "somebody@else.iam.gserviceaccount.com"}
    with open_client(sheets, _credentials(stranger)) as client, pytest.raises(RefreshError, match="invalid_grant"):
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


def _credentials(key: dict[str, str]) -> Any:
    scopes = ["https://www.googleapis.com/auth/spreadsheets"]
    return Credentials.from_service_account_info(key, scopes=scopes)  # type: ignore[no-untyped-call]
