"""Requests beside each other and beside what is pending: what they take, and what of it excludes others."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from beian.checks import APPROVAL_SCOPES, ELSEWHERE_SCOPES, HOME_SCOPES, Facts
from beian.checks.registered import Registered, notes_on_addresses
from beian.checks.requests import (
    Asked,
    Known,
    accept,
    ask,
    check_request,
    claimed_ids,
    claims,
    home_province,
    marks_of,
)
from beian.records import NameRecord, Request
from tests import builders
from tests.beian.test_checks.standing import (
    FOREIGN,
    ISP,
    ON_FILE,
    SPONSOR,
    WEBSITE,
    as_sent,
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

N, W = number_of(SPONSOR), number_of(WEBSITE)
SECOND = ON_FILE.websites[1]
NEW_NAME = changed(change(), "sponsor.name", "示例新名有限公司")
NEW_PAGE = changed(change(), "websites.1.home_page", "http://example102.cn/new")


def codes(*requests: Request, known: Known) -> list[set[int]]:
    """Judge requests in their order, each accepted one a fact for those behind it."""

    def judged() -> Iterator[set[int]]:
        for request in requests:
            asked = ask(request, known)
            findings = check_request(asked)
            if not findings:
                accept(asked, "同一文件")
            yield {each.code for each in findings}

    return list(judged())


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (new_websites(), changed(new_websites(), "websites.0.provider_id", 77), 1005),
        (new_access(), changed(new_access(), "access.provider_id", 77), 1029),
        (NEW_NAME, changed(change(), "sponsor.superior", "示例上级单位"), 1017),
        (NEW_PAGE, changed(change(), "websites.1.name", "示例新站"), 1017),
        (cancel_access(), cancel_access(), 1032),
        (cancel_website(), cancel_website(), 1030),
        (cancel_sponsor(), cancel_sponsor(), 1027),
        (cancel_sponsor(), cancel_website(), 1042),
        (cancel_website(), cancel_sponsor(), 1043),
        (cancel_website(), change(), 1052),
        (cancel_sponsor(), new_websites(), 1052),
    ],
)
def test_what_is_accepted_excludes_what_comes_behind(first: Request, second: Request, code: int, facts: Facts) -> None:
    accepted, refused = codes(first, second, known=known(facts))
    assert accepted == set()
    assert code in refused


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (NEW_NAME, NEW_PAGE),
        (NEW_PAGE, change(sponsor=NEW_NAME.sponsor, websites=(as_sent(WEBSITE),))),
        (new_access(), new_websites()),
        (NEW_NAME, cancel_access()),
        (cancel_website(), cancel_website(number_of(SECOND))),
    ],
)
def test_what_touches_other_parts_is_accepted_beside(first: Request, second: Request, facts: Facts) -> None:
    assert codes(first, second, known=known(facts)) == [set(), set()]


def test_the_sixth_change_that_waits_is_one_too_many(facts: Facts) -> None:
    repeated = [change(attachments=()) for _ in range(6)]
    assert codes(*repeated, known=known(facts)) == [set()] * 5 + [{1051}]


def test_a_new_filing_in_the_same_document_holds_its_domains(facts: Facts) -> None:
    new = builders.filing(9)
    website = dataclasses.replace(builders.website(77), domains=new.websites[0].domains, home_page=None)
    website = changed(website, "domains.0.provider_id", 99)
    taken = new_websites(websites=(website,), attachments=())
    assert codes(new, taken, known=known(facts)) == [set(), {1005}]


def asked_for(request: Request, facts: Facts) -> Asked:
    return ask(request, known(facts))


def test_marks_name_what_a_request_touches(facts: Facts) -> None:
    assert marks_of(asked_for(NEW_NAME, facts)) == [("change", f"sponsor:{N}")]
    assert marks_of(asked_for(NEW_PAGE, facts)) == [("change", f"website:{SECOND.number}")]
    assert marks_of(asked_for(change(), facts)) == []
    assert marks_of(asked_for(cancel_sponsor(), facts)) == [("cancellation", f"sponsor:{N}")]
    third = ON_FILE.websites[2].number
    assert marks_of(asked_for(new_access(), facts)) == [("access", f"{third}:{ISP}")]


def test_a_request_claims_what_its_filing_would_hold_anew(facts: Facts) -> None:
    assert claims(asked_for(NEW_PAGE, facts)) == [
        ("home_page", "example102.cn/new"),
        ("change", f"website:{SECOND.number}"),
    ]
    new = claims(asked_for(new_websites(), facts))
    assert new == [
        ("domain", "example901.cn"),
        ("home_page", "www.example901.cn/"),
        ("domain", "example902.cn"),
        ("home_page", "www.example902.cn/"),
    ]
    assert ("certificate", "1:914400990000000199") not in new


def test_the_provider_s_own_ids_are_claimed_for_new_objects_alone(facts: Facts) -> None:
    domain = change().websites[0].domains[0]
    added = changed(change(), "websites.0.domains", (domain, builders.domain(901)))
    assert claimed_ids(asked_for(added, facts)) == [("domain", 3_000_901)]
    assert claimed_ids(asked_for(new_access(), facts)) == [("access", 4_000_077), ("range", 5_000_077)]


def test_what_is_on_file_may_be_called_by_the_id_that_it_has(facts: Facts) -> None:
    domain = change().websites[0].domains[0]
    assert domain.provider_id is not None
    facts.used_ids["domain", domain.provider_id] = "管局编号1"
    assert {each.code for each in check_request(asked_for(change(), facts))} == {1039}
    called = {number_of(domain): (("domain", domain.provider_id),)}
    assert check_request(ask(change(), known(facts, called=called))) == []


def test_a_domain_may_move_between_websites_of_one_change(facts: Facts) -> None:
    first, second = (as_sent(website, own_ids=False) for website in ON_FILE.websites[:2])
    moved = change(
        websites=(
            dataclasses.replace(
                first, domains=second.domains and (builders.domain(101, "example102.cn"),), home_page=None
            ),
            dataclasses.replace(second, domains=(builders.domain(102, "example101.cn"),), home_page=None),
        )
    )
    assert check_request(asked_for(moved, facts)) == []


def test_a_stale_copy_of_another_s_access_is_no_difference(facts: Facts) -> None:
    """The other provider moved meanwhile; this one still sends what it last acknowledged."""
    base = changed(ON_FILE, "websites.0.accesses.1.ranges.0", builders.address_range(900))
    stale = changed(change(), "websites.0.accesses.1.ranges.0", builders.address_range(900))
    assert [each.code for each in check_request(ask(stale, known(facts)))] == [1048]
    assert check_request(ask(stale, known(facts), base=base)) == []


def test_a_sponsor_that_nobody_hosts_may_be_cancelled_with_its_password(facts: Facts) -> None:
    empty = dataclasses.replace(
        ON_FILE, websites=tuple(dataclasses.replace(website, accesses=()) for website in ON_FILE.websites)
    )
    assert check_request(ask(cancel_sponsor(), known(facts, empty))) == []


ELSEWHERE = [
    new_websites(sponsor=NameRecord(filing_number="京ICP备2026000001号")),
    new_access(website=NameRecord(number=110_000 * 10**9 + 1)),
    cancel_sponsor(110_000 * 10**9 + 1),
]


@pytest.mark.parametrize("request_", ELSEWHERE)
def test_what_another_bureau_decides_is_judged_by_its_form_alone(request_: Request, facts: Facts) -> None:
    assert home_province(request_) == 110000
    asked = asked_for(request_, facts)
    assert not asked.here
    assert check_request(asked, ELSEWHERE_SCOPES) == []
    assert claims(asked) == []


def test_the_bureau_that_decides_judges_the_rest(facts: Facts) -> None:
    asked = asked_for(new_access(website=NameRecord(number=W), filing_password="falsch"), facts)
    assert {each.code for each in check_request(asked, HOME_SCOPES)} == {1018, 1029, 5010}
    assert {each.code for each in check_request(asked, APPROVAL_SCOPES)} == {1029}


def test_a_request_tells_what_it_would_change(facts: Facts) -> None:
    asked = asked_for(NEW_PAGE, facts)
    assert [(each.path, each.new) for each in asked.difference if each.path[0] == "websites"] == [
        (("websites", str(SECOND.number), "home_page"), "http://example102.cn/new")
    ]
    assert asked.target == N
    assert asked_for(cancel_website(1), facts).difference == ()


def test_the_reviewer_is_shown_what_the_table_of_addresses_says(facts: Facts) -> None:
    own = builders.address_range(77)
    facts.registered = Registered([(own.first, own.last)], refuses=False)
    asked = asked_for(new_access(), facts)
    assert [each.code for each in notes_on_addresses(asked.shape.filing, asked.facts)] == [1062]
    facts.registered.note_others([(own.first + 1, own.first + 1)])
    warned = asked_for(new_access(access=builders.access(78)), facts)
    assert check_request(warned) == []
    assert [each.code for each in notes_on_addresses(warned.shape.filing, warned.facts)] == [1063]


def test_addresses_of_another_s_access_are_not_judged(facts: Facts) -> None:
    facts.registered = Registered([(part.first, part.last) for part in WEBSITE.accesses[0].ranges], refuses=True)
    named = change(websites=(as_sent(WEBSITE),))
    assert FOREIGN.ranges[0].first not in [part.first for part in WEBSITE.accesses[0].ranges]
    assert check_request(asked_for(named, facts)) == []
    assert filing(1) == ON_FILE
