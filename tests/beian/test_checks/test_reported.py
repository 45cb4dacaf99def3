"""What makes the result of a check task, or the handling of an unfiled website, come back."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from beian.checks import Facts, Finding
from beian.checks.reported import check_task_result, check_unfiled_handling
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


def test_what_is_in_order_comes_back_with_nothing(facts: Facts) -> None:
    assert check_task_result(result(), facts, is_open=True) == []
    assert check_unfiled_handling(handling(), facts, listed=True) == []


@pytest.mark.parametrize("checked", ["2026/11/20", "2026-13-01", "2026-W47-5", "2027-01-01"])
def test_the_day_of_a_check_is_a_day_that_was(checked: str, facts: Facts) -> None:
    said = told(check_task_result(result(checked=checked), facts, is_open=True))
    assert set(said) == {1999}
    assert checked in said[1999]


def test_a_result_without_a_task_names_the_sponsor(facts: Facts) -> None:
    said = told(check_task_result(result(), facts, is_open=False))
    assert set(said) == {1016}
    assert str(ON_FILE.sponsor.number) in said[1016]


def test_a_result_in_another_provider_s_name_says_both(facts: Facts) -> None:
    said = told(check_task_result(result(provider=OTHER), facts, is_open=True))
    assert set(said) == {1054}
    assert str(OTHER) in said[1054]
    assert str(ISP) in said[1054]


def test_a_website_that_nobody_listed_to_this_provider(facts: Facts) -> None:
    assert set(told(check_unfiled_handling(handling(), facts, listed=False))) == {5005}
    assert set(told(check_unfiled_handling(handling(provider=OTHER), facts, listed=True))) == {5005}


def test_a_handling_reported_twice_says_when_it_was(facts: Facts) -> None:
    said = told(check_unfiled_handling(handling(), facts, listed=True, handled=DAY))
    assert set(said) == {5006}
    assert "2026-11-03" in said[5006]


def test_an_unknown_code_of_handling(facts: Facts) -> None:
    said = told(check_unfiled_handling(handling(result=98), facts, listed=True))
    assert set(said) == {5007}
    assert "example77.cn" in said[5007]
