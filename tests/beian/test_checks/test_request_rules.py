"""Every rule of requests: a faultless request with one thing otherwise comes back with its code, and says why."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest

from beian.checks import Facts, Taken
from beian.checks.operations import OF_WHAT_STANDS, Operation
from beian.checks.requests import REQUEST_RULES, Gone, OwnId, ask, check_request, operation_of
from beian.records import Cancelled, NameRecord, Request
from tests import builders
from tests.beian.test_checks.standing import (
    BASE,
    FOREIGN,
    ISP,
    ON_FILE,
    ONLY,
    OTHER,
    OWN,
    PASSWORD,
    SPONSOR,
    WEBSITE,
    cancel,
    cancel_access,
    cancel_sponsor,
    cancel_website,
    change,
    filing,
    known,
    new_access,
    new_websites,
    number_of,
)
from tests.builders import changed

SPONSOR_NUMBER, WEBSITE_NUMBER = number_of(SPONSOR), number_of(WEBSITE)
SECOND, THIRD = ON_FILE.websites[1], ON_FILE.websites[2]
NOWHERE = BASE + 999_999
DAY = datetime.date(2026, 11, 3)
PENDING = Taken("示例接入商正在申请的备案", DAY)

SPONSOR_GONE = Gone("sponsor", BASE + 8, "粤ICP备2026000008号", DAY, BASE + 8, "责令关闭")
WEBSITE_GONE = Gone("website", BASE + 9, "粤ICP备2026000001号-9", DAY, SPONSOR_NUMBER)
ITS_WEBSITE = Gone("website", BASE + 18, "粤ICP备2026000008号-1", DAY, BASE + 8)
ACCESS_GONE = Gone("access", BASE + 10, None, DAY, SPONSOR_NUMBER)
GONE = {
    name: stone
    for stone in (SPONSOR_GONE, WEBSITE_GONE, ITS_WEBSITE, ACCESS_GONE)
    for name in (stone.number, stone.filing_number)
    if name is not None
}


def named(operation: Operation, number: int | None = None, filing_number: str | None = None) -> Request:
    """A request of each kind that names something else."""
    name = NameRecord(number=number, filing_number=filing_number)
    match operation:
        case Operation.NEW_WEBSITE:
            return new_websites(sponsor=name)
        case Operation.NEW_ACCESS:
            return new_access(website=name)
        case Operation.CHANGE:
            return change(sponsor=dataclasses.replace(SPONSOR, number=number, filing_number=filing_number))
    return cancel(CANCELLED[operation], number or 0)


CANCELLED = dict(
    zip((Operation.CANCEL_SPONSOR, Operation.CANCEL_WEBSITE, Operation.CANCEL_ACCESS), Cancelled, strict=True)
)


def mark(kind: str, key: str) -> dict[str, Any]:
    return {"marks": {(kind, key): PENDING}}


def cancelling(kind: str, number: int) -> dict[str, Any]:
    return mark("cancellation", f"{kind}:{number}")


def passwords(verdict: bool | None) -> dict[str, Any]:
    return {"passwords": {(SPONSOR_NUMBER, PASSWORD): verdict}}


NEW_NAME = changed(change(), "sponsor.name", "示例新名有限公司")
NEW_PAGE = changed(change(), "websites.1.home_page", "http://example102.cn/new")
TWICE = (
    filing(1),
    dataclasses.replace(
        filing(2),
        sponsor=dataclasses.replace(filing(2).sponsor, filing_number="粤 ICP 备 2026000001"),
        websites=(dataclasses.replace(filing(2).websites[0], filing_number="粤icp备2026000001号-3"),),
    ),
)
FOREIGN_RANGE = changed(change(), "websites.0.accesses.1.ranges.0", builders.address_range(3))

Case = tuple[int, Request, dict[str, Any], str, str]
"""A code, a request that brings it, what else is known, what the finding is about, and what it says."""

CASES: list[Case] = [
    # What is named is nowhere, or something else.
    *((1016, named(each, number=NOWHERE), {}, "", str(NOWHERE)) for each in sorted(OF_WHAT_STANDS)),
    (1016, named(Operation.NEW_ACCESS, filing_number="粤ICP备2026000001号"), {}, "website", "粤ICP备2026000001号-1"),
    (1016, named(Operation.NEW_ACCESS, SPONSOR_NUMBER), {}, "website", f"粤ICP备2026000001号-3（标识{THIRD.number}）"),
    (
        1016,
        named(Operation.NEW_ACCESS, filing_number="粤ICP备2026000001号-8"),
        {},
        "website",
        "现有网站：粤ICP备2026000001号-1",
    ),
    (1016, named(Operation.NEW_ACCESS, filing_number="example.cn"), {}, "website", "应形如粤ICP备2026000001号-1"),
    (
        1016,
        named(Operation.NEW_WEBSITE, filing_number="粤ICP备2026000001号-2"),
        {},
        "sponsor",
        "粤ICP备2026000001号（标识",
    ),
    (1016, named(Operation.NEW_WEBSITE, filing_number="粤ICP备2026000099号"), {}, "sponsor", "尚未审核通过"),
    (1016, named(Operation.NEW_WEBSITE, 77), {"own": {77: (OwnId("sponsor", None),)}}, "sponsor", "尚在审核"),
    (1016, cancel_website(77), {"own": {77: (OwnId("website", WEBSITE_NUMBER),)}}, "number", str(WEBSITE_NUMBER)),
    (1016, cancel_sponsor(WEBSITE_NUMBER), {}, "number", "粤ICP备2026000001号（标识"),
    (1016, cancel_website(SPONSOR_NUMBER), {}, "number", "粤ICP备2026000001号-1（标识"),
    (1016, cancel_access(WEBSITE_NUMBER), {}, "number", f"接入标识为{OWN.number}"),
    (1016, cancel_access(number_of(THIRD)), {}, "number", "没有接入"),
    # What a change names within its filing.
    (1016, changed(change(), "sponsor.number", NOWHERE), {}, "sponsor.number", f"的标识是{SPONSOR_NUMBER}"),
    (
        1016,
        changed(change(), "sponsor.filing_number", "粤ICP备2026000002号"),
        {},
        "sponsor.filing_number",
        "2026000001",
    ),
    (
        1016,
        changed(change(), "websites.0.filing_number", "粤ICP备2026000001号-2"),
        {},
        "websites.0.filing_number",
        "号-1",
    ),
    (1016, changed(change(), "websites.1.number", NOWHERE), {}, "websites.1.number", "不能新增网站"),
    (
        1016,
        changed(change(), "websites.0.accesses.0.number", NOWHERE),
        {},
        "websites.0.accesses.0.number",
        str(OWN.number),
    ),
    (1016, changed(change(), "websites.0.domains.0.number", NOWHERE), {}, "websites.0.domains.0.number", "不填标识"),
    (
        1016,
        changed(change(), "websites.0.accesses.0.ranges.0.number", NOWHERE),
        {},
        "websites.0.accesses.0.ranges.0.number",
        "不填标识",
    ),
    # What is gone.
    *(
        (1049, named(each, number=SPONSOR_GONE.number), {"gone": GONE}, "", "2026-11-03")
        for each in sorted(OF_WHAT_STANDS)
    ),
    (1049, named(Operation.NEW_ACCESS, filing_number="粤ICP备2026000008号-1"), {"gone": GONE}, "website", "责令关闭"),
    (1049, cancel_website(ITS_WEBSITE.number), {"gone": GONE}, "number", "粤ICP备2026000008号"),
    *(
        (1050, named(each, number=WEBSITE_GONE.number), {"gone": GONE}, "", "2026-11-03")
        for each in sorted(OF_WHAT_STANDS)
    ),
    (1050, named(Operation.NEW_ACCESS, filing_number="粤icp备2026000001-9"), {"gone": GONE}, "website", "号-9"),
    (1050, changed(change(), "websites.1.number", WEBSITE_GONE.number), {"gone": GONE}, "websites.1.number", "号-9"),
    (
        1067,
        named(Operation.NEW_ACCESS, filing_number="粤ICP备2026000001号-3"),
        {"twice": True},
        "website",
        str(THIRD.number),
    ),
    (
        1067,
        named(Operation.NEW_WEBSITE, filing_number="粤ICP备2026000001号"),
        {"twice": True},
        "sponsor",
        str(BASE + 2),
    ),
    # Who may ask.
    (
        1018,
        new_access(filing_password="falsch12"),
        {"passwords": {(SPONSOR_NUMBER, "falsch12"): False}},
        "filing_password",
        "不符",
    ),
    (1018, new_access(), passwords(None), "filing_password", "次数过多"),
    (1018, cancel_sponsor(filing_password=None), {}, "filing_password", "须提供"),
    (1018, cancel_sponsor(), passwords(False), "filing_password", "粤ICP备2026000001号"),
    (1047, cancel_access(number_of(FOREIGN)), {}, "number", str(OWN.number)),
    (1047, cancel_access(number_of(THIRD.accesses[0])), {}, "number", "没有接入"),
    (1048, cancel_website(number_of(THIRD)), {}, "number", "粤ICP备2026000001号-3"),
    (1048, cancel_sponsor(), {"isp": OTHER + 1}, "number", "任何网站"),
    (1048, change(), {"isp": OTHER + 1}, "sponsor.number", "任何网站"),
    (1048, FOREIGN_RANGE, {}, "websites.0.accesses.1", str(FOREIGN.number)),
    (1048, change(websites=(dataclasses.replace(THIRD, accesses=()),)), {}, "websites.0.number", "号-3"),
    # What is under way.
    (1017, NEW_NAME, mark("change", f"sponsor:{SPONSOR_NUMBER}"), "sponsor.number", "示例接入商正在申请的备案"),
    (1017, NEW_PAGE, mark("change", f"website:{SECOND.number}"), "websites.1.number", "自2026-11-03起"),
    (1027, cancel_sponsor(), cancelling("sponsor", SPONSOR_NUMBER), "number", "自2026-11-03起"),
    (1030, cancel_website(), cancelling("website", WEBSITE_NUMBER), "number", "自2026-11-03起"),
    (1032, cancel_access(), cancelling("access", number_of(OWN)), "number", "自2026-11-03起"),
    (1032, cancel_access(ACCESS_GONE.number), {"gone": GONE}, "number", "2026-11-03取消"),
    (1042, cancel_website(), cancelling("sponsor", SPONSOR_NUMBER), "number", "自2026-11-03起"),
    (1043, cancel_sponsor(), cancelling("website", number_of(THIRD)), "number", "粤ICP备2026000001号-3"),
    (1051, change(), {"waiting": {SPONSOR_NUMBER: 5}}, "sponsor.number", "5件"),
    (1052, new_websites(), cancelling("sponsor", SPONSOR_NUMBER), "sponsor", "主体正在注销"),
    (1052, new_access(), cancelling("website", number_of(THIRD)), "website", "网站正在注销"),
    (1052, change(), cancelling("website", number_of(SECOND)), "websites.1.number", "网站正在注销"),
    (1052, cancel_access(), cancelling("website", WEBSITE_NUMBER), "number", "网站正在注销"),
    # What single kinds must keep to.
    (1025, cancel_access(number_of(ONLY)), {}, "number", f"注销网站（标识{SECOND.number}）"),
    *(
        (1026, dataclasses.replace(each, reason=98), {}, "reason", "98")
        for each in (cancel_access(), cancel_sponsor(), cancel_website())
    ),
    (
        1029,
        new_access(website=NameRecord(number=WEBSITE_NUMBER)),
        {"since": {WEBSITE_NUMBER: DAY}},
        "website",
        "自2026-11-03起",
    ),
    (1029, new_access(), mark("access", f"{THIRD.number}:{ISP}"), "website", "已在申请"),
    (1046, changed(change(), "sponsor.address.province", 110000), {}, "sponsor.address.province", "由广东变更为北京"),
    (5002, change(odd_remarks=(number_of(SECOND),)), {}, "websites.1.remark", "1024"),
]

BESIDE = {1046: {1019}, 1029: {5010}}


@pytest.mark.parametrize(("code", "request_", "so", "about", "said"), CASES)
def test_what_is_wrong_brings_its_code_and_says_why(
    code: int, request_: Request, so: dict[str, Any], about: str, said: str, facts: Facts
) -> None:
    values = dict(so)
    facts.provider = values.pop("isp", facts.provider)
    held = TWICE if values.pop("twice", False) else (ON_FILE,)
    findings = check_request(ask(request_, known(facts, *held, **values)))
    assert {each.code for each in findings} - BESIDE.get(code, set()) == {code}
    [finding] = [each for each in findings if each.code == code]
    assert not about or finding.about == about
    assert said in finding.description()


@pytest.mark.parametrize(
    "path", ["websites", "websites.0.domains", "websites.0.accesses", "websites.0.accesses.0.ranges"]
)
def test_a_part_that_a_change_holds_twice_is_not_dropped_without_a_word(path: str, facts: Facts) -> None:
    parts: Any = change()
    for step in path.split("."):
        parts = parts[int(step)] if step.isdigit() else getattr(parts, step)
    request = changed(change(), path, (*parts, parts[0]))
    findings = check_request(ask(request, known(facts, ON_FILE)))
    [finding] = [each for each in findings if each.code == 1016]
    assert finding.about == f"{path}.{len(parts)}.number"
    assert "只写一次" in finding.detail


def test_every_rule_is_provoked_for_every_request_for_which_it_holds() -> None:
    holds = {(code, each) for code, rule in REQUEST_RULES.items() for each in rule.operations}
    provoked = {(code, operation_of(request)) for code, request, *_ in CASES}
    assert {code for code, _ in holds} == {code for code, _ in provoked}
    assert holds == provoked
