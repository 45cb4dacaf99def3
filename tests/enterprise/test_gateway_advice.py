"""No return code leaves the office without a word about what to do, and every one is dealt with."""

from __future__ import annotations

import socket
from datetime import datetime

import pytest

from beian.calendar import SHANGHAI
from beian.result_codes import messages
from enterprise import advice
from enterprise.gateway.refusals import TREATMENTS, Treatment, opening, treatment
from interface.client import CallFailed, NoAnswer, NoConnection, NotUnderstood

OF_CALLS = sorted(code for code in messages() if code < 1000)
NOT_OF_UPLOADS = {1, 2, 3, 21, 22, 902}


@pytest.mark.parametrize("code", OF_CALLS)
def test_every_published_code_of_a_call_has_advice(code: int) -> None:
    assert advice.CALLS[code].endswith("。")
    assert f"管局返回{code}“某某”" in advice.say(code, "某某")


def test_advice_is_for_published_codes_only() -> None:
    assert set(advice.CALLS) == set(OF_CALLS)
    assert advice.advise(777) == advice.UNKNOWN


@pytest.mark.parametrize("code", sorted(set(OF_CALLS) - NOT_OF_UPLOADS))
def test_every_code_of_an_upload_has_a_treatment(code: int) -> None:
    assert treatment(code) == TREATMENTS[code]


def test_a_code_that_is_not_published_may_be_anybodys_fault() -> None:
    assert treatment(777) == Treatment.PERHAPS


@pytest.mark.parametrize("kind", [NoConnection, NotUnderstood, NoAnswer])
def test_no_answer_has_advice_and_keeps_what_was_seen(kind: type[CallFailed]) -> None:
    assert advice.no_answer(kind("HTTP 502")).endswith("（HTTP 502）")


def test_13_tells_the_address_that_we_call_from() -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        endpoint = f"http://127.0.0.1:{there.getsockname()[1]}/bureaus/440000"
        assert "127.0.0.1" in advice.say(13, "非本省授权的报备单位", endpoint=endpoint)


@pytest.mark.parametrize("endpoint", ["http://", "http://127.0.0.1:port", "", "http://nowhere.invalid"])
def test_an_address_that_cannot_be_found_out_is_left_out(endpoint: str) -> None:
    assert advice.own_address(endpoint) is None
    assert advice.say(13, "非本省授权的报备单位", endpoint=endpoint).endswith("登记或更正。")


NOON = datetime(2026, 11, 20, 12, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("message", "day", "hour"),
    [
        ("报备时间为：13:00-18:00", 20, 13),
        ("报备时间为：08:00-11:30", 21, 8),
        ("报备时间为：8：00～11：30", 21, 8),
        ("报备时间为：22:00至06:00", 20, 22),
        ("每天 09:00:00 到 11:00:00", 21, 9),
    ],
)
def test_the_opening_is_read_from_the_message(message: str, day: int, hour: int) -> None:
    opens = opening(message, NOON)
    assert (opens.day, opens.hour, opens.minute) == (day, hour, 0)


@pytest.mark.parametrize("message", ["", "请联系管局", "报备时间为：11:00-13:00", "报备时间为：99:99-99:99"])
def test_without_an_opening_it_is_tried_again_soon(message: str) -> None:
    assert 0 < (opening(message, NOON) - NOON).total_seconds() <= 1200
