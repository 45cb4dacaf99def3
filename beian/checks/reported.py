"""What providers report of the bureau's tasks: results of check tasks, the handling of unfiled websites."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from beian.checks.base import Check, Defect, Facts, Finding, Rule, Scope, enter
from beian.checks.names import dotted
from beian.checks.operations import Operation
from beian.records import CheckResultRecord, UnfiledHandlingRecord


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a check task; `is_open`: one is open for its sponsor and the provider that reports."""

    record: CheckResultRecord
    is_open: bool


@dataclass(frozen=True, slots=True)
class Handling:
    """The handling of a website; `listed`: it is on the provider's list, `handled` when it was done with."""

    record: UnfiledHandlingRecord
    listed: bool
    handled: datetime.date | None

    def wrong(self, detail: str, field: str) -> Defect:
        """Give the defect that `detail` tells about `field`."""
        return Defect(detail, f"{self.record.domain}（{dotted(self.record.address)}）", field)


RESULT_RULES: dict[int, Rule[Result]] = {}
HANDLING_RULES: dict[int, Rule[Handling]] = {}

_RESULT = "核实结果"


def check_task_result(record: CheckResultRecord, facts: Facts, *, is_open: bool) -> list[Finding]:
    """Judge the result of a check task; `is_open`: one is open for its sponsor and the provider that reports."""
    result = Result(record, is_open)
    return [finding for rule in RESULT_RULES.values() for finding in rule.findings(result, facts)]


def check_unfiled_handling(
    record: UnfiledHandlingRecord, facts: Facts, *, listed: bool, handled: datetime.date | None = None
) -> list[Finding]:
    """Judge the handling of an unfiled website.

    `listed`: the website is on the list of the provider that reports, matched by domain, address and
    provider; `handled` is the day on which its handling was reported before. `facts` need the table
    `unfiled_handling` (`load_request_facts`).
    """
    handling = Handling(record, listed, handled)
    return [finding for rule in HANDLING_RULES.values() for finding in rule.findings(handling, facts)]


def _of_results(code: int, name: str, source: str) -> Callable[[Check[Result]], Check[Result]]:
    operations = frozenset({Operation.CHECK_RESULT})
    return enter(RESULT_RULES, code, name, scope=Scope.PROVIDER, source=source, operations=operations)


def _of_handlings(code: int, name: str) -> Callable[[Check[Handling]], Check[Handling]]:
    operations, source = frozenset({Operation.UNFILED_HANDLING}), "interface, code table"
    return enter(HANDLING_RULES, code, name, scope=Scope.PROVIDER, source=source, operations=operations)


@_of_results(1016, "No such task is open", "interface, field rules; our reading")
def task_not_open(result: Result, facts: Facts) -> Iterator[Defect]:
    """No task is open for the sponsor and the provider that reports: none was given, or its result came already."""
    if not result.is_open:
        number = result.record.filing.sponsor.number
        yield Defect(f"没有就主体标识{number}向贵单位下达过未反馈的核实任务", _RESULT, "filing.sponsor.number")


@_of_results(1054, "Result is another provider's", "interface, code table; our reading")
def result_of_another(result: Result, facts: Facts) -> Iterator[Defect]:
    """The reporting unit that the result names is not the provider that reports."""
    if result.record.provider != facts.provider:
        detail = f"报备单位填写的是{result.record.provider}，上报单位是{facts.provider}"
        yield Defect(detail, _RESULT, "provider")


@_of_results(1999, "Day of the check is none", "interface, field rules; our reading")
def day_of_check(result: Result, facts: Facts) -> Iterator[Defect]:
    """The day of the check is not written `YYYY-MM-DD`, does not exist, or lies in the future."""
    day = _day(result.record.checked)
    if day is None:
        yield Defect(f"核实时间“{result.record.checked}”应形如2026-11-22", _RESULT, "checked")
    elif day > facts.today:
        yield Defect(f"核实时间{day}晚于今天", _RESULT, "checked")


def _day(written: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(written)
    except ValueError:
        return None
    return day if day.isoformat() == written else None


@_of_handlings(5005, "Website is not on this provider's list")
def not_listed(handling: Handling, facts: Facts) -> Iterator[Defect]:
    """No website of this domain and address was listed to the provider that reports, or it names another provider."""
    if handling.record.provider != facts.provider:
        detail = f"接入商标识填写的是{handling.record.provider}，上报单位是{facts.provider}"
        yield handling.wrong(detail, "provider")
    elif not handling.listed:
        yield handling.wrong("管局没有将该网站列入贵单位的未备案名单", "domain")


@_of_handlings(5006, "Handling is reported already")
def handled_before(handling: Handling, facts: Facts) -> Iterator[Defect]:
    """The handling of this website was reported already. Says when."""
    if handling.record.provider == facts.provider and handling.listed and handling.handled:
        yield handling.wrong(f"处理结果已于{handling.handled}上报", "domain")


@_of_handlings(5007, "Handling code is unknown")
def handling_unknown(handling: Handling, facts: Facts) -> Iterator[Defect]:
    """The code of what was done is in the table."""
    if facts.entry("unfiled_handling", handling.record.result) is None:
        yield handling.wrong(f"处理结果代码{handling.record.result}不存在", "result")
