"""What makes the result of a check task, or the handling of an unfiled website, come back."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from beian.checks import Facts, Finding
from beian.checks.reported import HANDLING_RULES, RESULT_RULES, check_task_result, check_unfiled_handling
from beian.records import CheckResultRecord, UnfiledHandlingRecord
from tests import builders
from tests.beian.test_checks.standing import ISP, ON_FILE, OTHER

DAY = datetime.date(2026, 11, 3)


def result(**changes: Any) -> CheckResultRecord:
    values = {"verdict": 0, "checker": "示例人", "checked": "2026-11-20", "provider": ISP, "opinion": "准确"}
    return CheckResultRecord(**values | {"filing": ON_FILE} | changes)


def handling(**changes: Any) -> UnfiledHandlingRecord:
    values = {
        "domain": "example77.cn",
        "address": builders.FIRST_ADDRESS,
        "carrier": OTHER,
        "provider": ISP,
        "province": 440000,
        "result": 1,
        "opinion": "已停止接入",
        "listed": "2026-11-01",
        "due": "2026-11-30",
    }
    return UnfiledHandlingRecord(**values | changes)


def told(findings: list[Finding]) -> dict[int, str]:
    return {finding.code: finding.description() for finding in findings}


RESULTS: list[tuple[int, CheckResultRecord, bool, str]] = [
    *((1999, result(checked=day), True, day) for day in ("2026/11/20", "2026-13-01", "2026-W47-5", "2027-01-01")),
    (1016, result(), False, str(ON_FILE.sponsor.number)),
    (1054, result(provider=OTHER), True, f"{OTHER}，上报单位是{ISP}"),
]
HANDLINGS: list[tuple[int, UnfiledHandlingRecord, bool, datetime.date | None, str]] = [
    (5005, handling(), False, None, "example77.cn（198.18.0.0）"),
    (5005, handling(provider=OTHER), True, None, str(OTHER)),
    (5006, handling(), True, DAY, "2026-11-03"),
    (5007, handling(result=98), True, None, "98"),
]


def test_what_is_in_order_comes_back_with_nothing(facts: Facts) -> None:
    assert check_task_result(result(), facts, is_open=True) == []
    assert check_unfiled_handling(handling(), facts, listed=True) == []


@pytest.mark.parametrize(("code", "record", "is_open", "said"), RESULTS)
def test_a_result_comes_back_with_its_code(
    code: int, record: CheckResultRecord, is_open: bool, said: str, facts: Facts
) -> None:
    findings = told(check_task_result(record, facts, is_open=is_open))
    assert set(findings) == {code}
    assert said in findings[code]


@pytest.mark.parametrize(("code", "record", "listed", "handled", "said"), HANDLINGS)
def test_a_handling_comes_back_with_its_code(
    code: int, record: UnfiledHandlingRecord, listed: bool, handled: datetime.date | None, said: str, facts: Facts
) -> None:
    findings = told(check_unfiled_handling(record, facts, listed=listed, handled=handled))
    assert set(findings) == {code}
    assert said in findings[code]


def test_every_rule_is_provoked() -> None:
    assert {code for code, *_ in RESULTS} == set(RESULT_RULES)
    assert {code for code, *_ in HANDLINGS} == set(HANDLING_RULES)
