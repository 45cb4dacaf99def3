"""The rules of new filings judge what requests ask: each where it holds, told in the request's own terms.

Each provocation of a new filing is carried over to every request that says the same part.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest

from beian.checks import RULES, Facts, Finding
from beian.checks.keys import certificate_key
from beian.checks.operations import Operation
from beian.checks.requests import Known, ask, check_request
from beian.records import PersonRecord, Request
from tests import builders
from tests.beian.test_checks import standing
from tests.beian.test_checks.standing import ISP, ON_FILE, known
from tests.beian.test_checks.test_every_code import CHANGES, FILING, with_registered
from tests.builders import changed

REQUESTS: dict[Operation, Request] = {
    Operation.NEW_WEBSITE: standing.new_websites(),
    Operation.NEW_ACCESS: standing.new_access(),
    Operation.CHANGE: standing.change(),
    Operation.CANCEL_ACCESS: standing.cancel_access(),
    Operation.CANCEL_SPONSOR: standing.cancel_sponsor(),
    Operation.CANCEL_WEBSITE: standing.cancel_website(),
}

NEW = standing.new_websites()
CHANGE = standing.change()

# Where what is wrong is a matter of the values of other fields, the request needs its own.
INSTEAD: dict[tuple[int, Operation], list[tuple[str, object]]] = {
    (1004, Operation.NEW_WEBSITE): [("websites.0.domains.0.name", "www.example901.cn")],
    (1004, Operation.CHANGE): [
        ("websites.0.domains.0.name", "www.example101.cn"),
        ("websites.0.domains.0.name", "198.18.200.1"),
    ],
    (1005, Operation.NEW_WEBSITE): [
        ("websites.1.domains.0.name", "EXAMPLE901.cn"),
        ("websites.1.domains.0.name", "example101.cn"),
    ],
    (1005, Operation.CHANGE): [
        ("websites.1.domains.0.name", "EXAMPLE101.cn"),
        ("websites.0.domains.0.name", "example103.cn"),
    ],
    (1008, Operation.CHANGE): [("sponsor.certificate.number", "914400990000000198")],
    (1020, Operation.NEW_WEBSITE): [("websites.1.name", "示例网站901"), ("websites.0.name", "示例网站103")],
    (1020, Operation.CHANGE): [("websites.1.name", "示例网站101"), ("websites.0.name", "示例网站103")],
    (1021, Operation.NEW_WEBSITE): [("websites.0.home_page", "http://www.example102.cn")],
    (1021, Operation.CHANGE): [("websites.0.home_page", "http://www.example103.cn")],
    (1024, Operation.NEW_WEBSITE): [
        ("websites.0.accesses.0.ranges", (builders.address_range(1, count=4), builders.address_range(4)))
    ],
    (1024, Operation.NEW_ACCESS): [
        ("access.ranges", (ON_FILE.websites[2].accesses[0].ranges[0],)),
        ("access.ranges", (builders.address_range(1, count=4), builders.address_range(4, count=2))),
    ],
    (1024, Operation.CHANGE): [("websites.0.accesses.0.ranges.0.last", ON_FILE.websites[0].accesses[1].ranges[0].last)],
    (1031, Operation.CHANGE): [("websites.0.person.telephone", None)],
    (1037, Operation.NEW_WEBSITE): [("websites.1.provider_id", NEW.websites[0].provider_id)],
    (1038, Operation.NEW_WEBSITE): [("websites.1.accesses.0.provider_id", NEW.websites[0].accesses[0].provider_id)],
    (1039, Operation.NEW_WEBSITE): [("websites.1.domains.0.provider_id", NEW.websites[0].domains[0].provider_id)],
    (1039, Operation.CHANGE): [("websites.1.domains.0.provider_id", CHANGE.websites[0].domains[0].provider_id)],
    (1040, Operation.NEW_WEBSITE): [
        ("websites.1.accesses.0.ranges.0.provider_id", NEW.websites[0].accesses[0].ranges[0].provider_id)
    ],
    (1040, Operation.NEW_ACCESS): [
        ("access.ranges", (builders.address_range(1), builders.address_range(2, provider_id=5_000_001)))
    ],
    (1040, Operation.CHANGE): [
        (
            "websites.1.accesses.0.ranges.0.provider_id",
            CHANGE.websites[0].accesses[0].ranges[0].provider_id,
        )
    ],
    (1041, Operation.NEW_WEBSITE): [("websites.0.home_page", "http://www.example902.cn/a")],
    (5010, Operation.NEW_WEBSITE): [("attachments.1.owner", "440000000002101"), ("attachments.0.owner", "77")],
    (5010, Operation.NEW_ACCESS): [("attachments.0.owner", str(ON_FILE.websites[0].filing_number))],
    (5010, Operation.CHANGE): [("attachments.0.owner", "1000001"), ("attachments.0.content.size", 150 * 1024 + 1)],
}


def in_request(path: str, operation: Operation) -> str | None:
    """Say where a request says what a new filing says at `path`, `None` where it does not."""
    part = path.partition(".")[0]
    if operation is Operation.CHANGE or part == "attachments":
        return path
    if operation is Operation.NEW_WEBSITE:
        return None if part == "sponsor" else path
    access = "websites.0.accesses.0"
    return path.replace(access, "access") if path.startswith(access) else None


def carried() -> Iterator[tuple[int, Operation, str, object]]:
    for code, provocations in CHANGES.items():
        for operation in sorted(RULES[code].operations & REQUESTS.keys()):
            if (code, operation) in INSTEAD:
                yield from ((code, operation, path, value) for path, value in INSTEAD[code, operation])
                continue
            for path, value in provocations:
                if where := in_request(path, operation):
                    yield code, operation, where, value


CARRIED = list(carried())

# One change is two mistakes: mostly the home page no longer contains the domain once that is another.
BESIDE: dict[tuple[int, Operation], set[int]] = {
    (1019, Operation.CHANGE): {1046},
    (1022, Operation.NEW_WEBSITE): {1041},
    (1004, Operation.NEW_WEBSITE): {1041},
    (1004, Operation.CHANGE): {1041},
    (1005, Operation.NEW_WEBSITE): {1041},
    (1005, Operation.CHANGE): {1041},
    (1021, Operation.NEW_WEBSITE): {1041},
    (1021, Operation.CHANGE): {1041},
}


def told(request: Request, known: Known) -> list[Finding]:
    return check_request(ask(request, known))


@pytest.mark.parametrize(("code", "operation", "path", "value"), CARRIED)
def test_one_change_brings_its_code_alone(
    code: int, operation: Operation, path: str, value: object, facts: Facts
) -> None:
    findings = told(changed(REQUESTS[operation], path, value), known(facts))
    assert {each.code for each in findings} - BESIDE.get((code, operation), set()) == {code}
    assert {each.about.split(".")[0] for each in findings} == {path.split(".")[0]}


Happen = Callable[[Facts], None]

SEVENTH = standing.filing(7)
SEVENTH_NUMBER = "粤ICP备2026000007号"
TAKEN = changed(SEVENTH.websites[0], "domains.0.number", None)
ADDRESS = FILING.websites[0].accesses[0].ranges[0]
EVERY = sorted(REQUESTS)
WEBSITES = [Operation.NEW_WEBSITE, Operation.CHANGE]
ACCESSES = [Operation.NEW_WEBSITE, Operation.NEW_ACCESS, Operation.CHANGE]
RANGES = {
    Operation.NEW_WEBSITE: "websites.0.accesses.0.ranges",
    Operation.NEW_ACCESS: "access.ranges",
    Operation.CHANGE: "websites.0.accesses.0.ranges",
}


def nothing(facts: Facts) -> None:
    """Nothing else is so."""


def registered(*own: int, others: tuple[int, ...] = ()) -> Happen:
    """Registered to the provider is what it uses on file, and single addresses counted from the first."""

    def happen(facts: Facts) -> None:
        with_registered(1, 2, 77, 901, 902, 1010, 1020, *own, others=others)(facts)

    return happen


def moved(facts: Facts) -> None:
    facts.provider_province = 110000


def closed(facts: Facts) -> None:
    facts.provider_open = False


def named_already(facts: Facts) -> None:
    facts.used_ids["access", 4_000_077] = "管局编号7"


def barred(facts: Facts) -> None:
    names = ["example101.cn", "example103.cn", "example901.cn"]
    facts.blacklist = {("domain", name): "黑名单中的“示例”" for name in names}


def sponsor_barred(facts: Facts) -> None:
    certificate = standing.SPONSOR.certificate
    facts.blacklist = {("sponsor", certificate_key(certificate.type, certificate.number)): "从事违法活动"}


CONFLICTS: list[tuple[int, Operation, Request, Happen, str, str]] = [
    (
        1003,
        Operation.CHANGE,
        changed(CHANGE, "sponsor.certificate", SEVENTH.sponsor.certificate),
        nothing,
        "sponsor.certificate.number",
        "粤ICP备2026000007号",
    ),
    (1014, Operation.CHANGE, changed(CHANGE, "sponsor.nature", None), nothing, "sponsor.nature", "不能为空"),
    *(
        (code, operation, changed(REQUESTS[operation], f"websites.0.{field}", value), nothing, about, SEVENTH_NUMBER)
        for operation in WEBSITES
        for code, field, value, about in (
            (1005, "domains", TAKEN.domains, "websites.0.domains.0.name"),
            (1021, "home_page", TAKEN.home_page, "websites.0.home_page"),
        )
    ),
    *(
        (1023, each, changed(REQUESTS[each], RANGES[each], (ADDRESS,)), registered(), f"{RANGES[each]}.0.first", "198")
        for each in ACCESSES
    ),
    *(
        (
            1063,
            each,
            changed(REQUESTS[each], RANGES[each], (ADDRESS,)),
            registered(others=(101,)),
            f"{RANGES[each]}.0.first",
            "198.18.0.101",
        )
        for each in ACCESSES
    ),
    (1038, Operation.NEW_ACCESS, REQUESTS[Operation.NEW_ACCESS], named_already, "access.provider_id", "管局编号7"),
    *((1045, each, REQUESTS[each], moved, "", "北京") for each in EVERY),
    *((1054, each, REQUESTS[each], closed, "", str(ISP)) for each in EVERY),
    *((1064, each, REQUESTS[each], barred, "websites.0.domains.0.name", "example") for each in WEBSITES),
    (1064, Operation.NEW_ACCESS, REQUESTS[Operation.NEW_ACCESS], barred, "website", "“示例网站103”"),
    (1065, Operation.NEW_WEBSITE, REQUESTS[Operation.NEW_WEBSITE], sponsor_barred, "sponsor", "从事违法活动"),
    (1065, Operation.NEW_ACCESS, REQUESTS[Operation.NEW_ACCESS], sponsor_barred, "website", "从事违法活动"),
    (1065, Operation.CHANGE, CHANGE, sponsor_barred, "sponsor.certificate.number", "从事违法活动"),
]


@pytest.mark.parametrize(("code", "operation", "request_", "happen", "about", "named"), CONFLICTS)
def test_what_is_known_brings_its_code_and_is_named(
    code: int, operation: Operation, request_: Request, happen: Happen, about: str, named: str, facts: Facts
) -> None:
    happen(facts)
    findings = told(request_, known(facts, ON_FILE, SEVENTH))
    assert {each.code for each in findings} - {1041} == {code}
    [finding] = [each for each in findings if each.code == code]
    assert finding.about == about
    assert named in finding.description()


def test_every_rule_is_provoked_in_every_request_for_which_it_holds() -> None:
    holds = {(code, each) for code, rule in RULES.items() for each in rule.operations & REQUESTS.keys()}
    provoked = {(code, operation) for code, operation, *_ in (*CARRIED, *CONFLICTS)}
    assert provoked == holds


@pytest.mark.parametrize("operation", EVERY)
def test_a_faultless_request_comes_back_with_nothing(operation: Operation, facts: Facts) -> None:
    assert told(REQUESTS[operation], known(facts)) == []


@pytest.mark.parametrize("operation", EVERY)
def test_what_stands_on_file_is_not_the_request_s_fault(operation: Operation, facts: Facts) -> None:
    """Data from the old system: nothing of it is right, and only a change names it."""
    broken = dataclasses.replace(
        ON_FILE,
        sponsor=dataclasses.replace(ON_FILE.sponsor, person=PersonRecord(), nature=None),
        websites=tuple(
            dataclasses.replace(website, person=PersonRecord(name="　"), services=(), languages=(99,), home_page="ftp:")
            for website in ON_FILE.websites
        ),
    )
    assert told(REQUESTS[operation], known(facts, broken)) == []


def test_a_new_access_may_not_overlap_with_another_provider_s(facts: Facts) -> None:
    [finding] = told(
        changed(REQUESTS[Operation.NEW_ACCESS], "access.ranges", ON_FILE.websites[2].accesses[0].ranges), known(facts)
    )
    assert (finding.code, finding.about, finding.place) == (1024, "access.ranges.0.first", "接入·IP段1")
    assert f"接入商{standing.OTHER}的接入" in finding.detail
