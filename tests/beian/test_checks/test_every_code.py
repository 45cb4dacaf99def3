"""For every code of a new filing: a faultless filing with one thing changed comes back with that code."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from beian.checks import RULES, Facts, Scope, Taken, check
from beian.checks.keys import certificate_key
from beian.checks.registered import Registered
from beian.records import FilingRecord, RangeRecord
from tests import builders
from tests.beian.test_checks.conftest import codes, details
from tests.builders import changed

CODES_OF_A_NEW_FILING = {
    *range(1003, 1016),
    *range(1019, 1023),
    1023,
    1024,
    1031,
    *range(1033, 1042),
    1044,
    1045,
    1054,
    1056,
    1057,
    1063,
    1064,
    1065,
    1066,
    5010,
}

FILING = builders.filing(1, websites=2)
SPONSOR, WEBSITE = FILING.sponsor, FILING.websites[0]
ACCESS = WEBSITE.accesses[0]

Provocation = tuple[str, object]

CHANGES: dict[int, list[Provocation]] = {
    1004: [
        ("websites.0.domains.0.name", "www.example101.cn"),
        ("websites.0.domains.0.name", "com.cn"),
        ("websites.0.domains.0.name", "example.notadomain"),
        ("websites.0.domains.0.name", "exa_mple101.cn"),
        ("websites.0.domains.0.name", "198.18.0.102"),
    ],
    1005: [("websites.1.domains.0.name", "EXAMPLE101.cn")],
    1006: [
        ("websites.0.accesses.0.ranges.0", RangeRecord(first=builders.FIRST_ADDRESS + 9, last=builders.FIRST_ADDRESS)),
        ("websites.0.accesses.0.ranges.0", RangeRecord(first=1, last=1)),
        ("websites.0.accesses.0.ranges.0", RangeRecord(first=(126 << 24) + 5, last=(128 << 24) + 5)),
        ("websites.0.accesses.0.ranges.0", RangeRecord(first=(239 << 24), last=(239 << 24))),
        ("websites.0.accesses.0.ranges.0", RangeRecord(first=2**32 - 1, last=2**32 - 1)),
    ],
    1007: [("sponsor.address.detail", " —— "), ("websites.1.person.name", "　")],
    1008: [
        ("sponsor.certificate.type", 26),
        ("sponsor.certificate.number", "914400990000000198"),
        ("sponsor.certificate.number", "1234567"),
        ("sponsor.certificate.number", "示例" * 65),
        ("sponsor.person.certificate_type", 1),
        ("websites.0.person.certificate_type", 999),
        ("websites.0.person.certificate_number", None),
    ],
    1009: [
        ("sponsor.person.email", "example.cn"),
        ("websites.0.person.email", "a@b.cn;c"),
        ("sponsor.person.email", None),
    ],
    1010: [
        ("sponsor.person.telephone", "020-8000000x"),
        ("websites.0.person.telephone", "020-80000001;(020)80000002"),
        ("sponsor.person.telephone", None),
        ("sponsor.person.telephone", "------------"),
    ],
    1011: [
        ("sponsor.person.mobile", "12000000000"),
        ("websites.1.person.mobile", "16000000001;1600000000"),
        ("sponsor.person.mobile", "+8616000000001"),
        ("sponsor.person.mobile", ";;;;;;;;;;;"),
    ],
    1012: [("sponsor.person.msn", "nobody"), ("websites.0.person.msn", "no body@example1.cn")],
    1013: [("sponsor.person.qq", "12a45"), ("websites.0.person.qq", "01234567")],
    1015: [
        ("sponsor.person.certificate_number", "440099196001020006"),
        ("websites.0.person.certificate_number", "440099196002300000"),
        ("websites.0.person.certificate_number", "440099600102000"),
    ],
    1019: [
        ("sponsor.address.province", 810000),
        ("sponsor.address.city", 440200),
        ("sponsor.address.city", None),
        ("sponsor.address.county", 440104),
        ("sponsor.address.county", 440399),
    ],
    1020: [("websites.1.name", "示例网站101"), ("websites.1.name", "另一网站; 示例网站１０１")],
    1022: [
        ("websites.0.home_page", "ftp://www.example101.cn/"),
        ("websites.0.home_page", "http://www.example101.cn:99999/"),
        ("websites.0.home_page", "http://www.example101.cn/a b"),
        ("websites.0.home_page", "http://www.example101.cn/" + "x" * 231),
    ],
    1024: [
        ("websites.0.accesses.0.ranges", (builders.address_range(1, count=4), builders.address_range(4, count=2))),
        ("websites.0.accesses", (ACCESS, builders.access(7, ranges=(builders.address_range(90, count=50),)))),
    ],
    1031: [("websites.0.person.telephone", None)],
    1033: [
        ("websites.0.approvals", (builders.approval(kind=11),)),
        ("websites.0.approvals", (builders.approval(scans=()),)),
        ("websites.0.approvals", (builders.approval(approval_number=" "),)),
    ],
    1034: [("websites.0.services", (8, 25)), ("websites.0.services", ())],
    1035: [("websites.0.accesses.0.methods", (6,))],
    1036: [("websites.0.accesses.0.locations", (5, 35))],
    1037: [("websites.1.provider_id", WEBSITE.provider_id)],
    1038: [("websites.1.accesses.0.provider_id", ACCESS.provider_id)],
    1039: [("websites.1.domains.0.provider_id", WEBSITE.domains[0].provider_id)],
    1040: [("websites.1.accesses.0.ranges.0.provider_id", ACCESS.ranges[0].provider_id)],
    1041: [("websites.0.home_page", "http://www.example102.cn/a"), ("websites.0.home_page", "notexample101.cn")],
    1044: [("sponsor.person.name", None), ("sponsor.person.name", " ")],
    1056: [("attachments.0.format", 3)],
    1057: [("attachments.0.purpose", 6)],
    1066: [("websites.0.languages", (18,))],
    5010: [
        ("attachments.0.content.media_type", "invalid"),
        ("attachments.0.content.media_type", ""),
        ("attachments.0.content.media_type", "image/png"),
        ("attachments.0.content.size", 150 * 1024 + 1),
        ("attachments.0.owner", "2000101"),
        ("attachments.0.owner_kind", 3),
    ],
}


EXPECTED_BESIDE: dict[tuple[int, str], set[int]] = {
    # The home page no longer contains the domain once that is another.
    (1004, "websites.0.domains.0.name"): {1041},
    (1005, "websites.1.domains.0.name"): {1041},
}


@pytest.mark.parametrize(
    ("code", "path", "value"),
    [(code, *each) for code, provocations in CHANGES.items() for each in provocations],
)
def test_one_change_brings_its_code_alone(code: int, path: str, value: object, facts: Facts) -> None:
    filing = changed(FILING, path, value)
    assert set(codes(filing, facts)) - EXPECTED_BESIDE.get((code, path), set()) == {code}
    assert str(path).split(".")[0] in {finding.about.split(".")[0] for finding in check(filing, facts)}


def test_faultless_filings_come_back_with_nothing(facts: Facts) -> None:
    for organisation in (True, False):
        assert details(builders.filing(1, organisation=organisation, websites=3), facts) == ""


def with_taken(kind: str, key: str) -> Callable[[Facts], None]:
    def take(facts: Facts) -> None:
        facts.taken[kind, key] = Taken("粤ICP备2026000001号")

    return take


def with_used_id(kind: str, own: int | None) -> Callable[[Facts], None]:
    def use(facts: Facts) -> None:
        assert own is not None
        facts.used_ids[kind, own] = "管局编号4400001"

    return use


def with_blacklisted(kind: str, key: str) -> Callable[[Facts], None]:
    def bar(facts: Facts) -> None:
        facts.blacklist = {(kind, key): "黑名单中的“示例”：从事违法活动"}

    return bar


def _moved(facts: Facts) -> None:
    facts.provider_province = 110000


def _closed(facts: Facts) -> None:
    facts.provider_open = False


def _unknown(facts: Facts) -> None:
    facts.provider_province = None


def with_registered(*own: int, others: tuple[int, ...] = ()) -> Callable[[Facts], None]:
    """Single addresses, counted from the first, are registered to the provider and to others."""

    def register(facts: Facts) -> None:
        facts.registered = Registered([(_address(n), _address(n)) for n in own], refuses=True)
        facts.registered.note_others([(_address(n), _address(n)) for n in others])

    return register


def _address(n: int) -> int:
    return builders.FIRST_ADDRESS + n


CERTIFICATE = certificate_key(SPONSOR.certificate.type, SPONSOR.certificate.number)

CONFLICTS: list[tuple[int, Callable[[Facts], None], str]] = [
    (1003, with_taken("certificate", CERTIFICATE), "粤ICP备2026000001号"),
    (1003, with_used_id("sponsor", SPONSOR.provider_id), "管局编号4400001"),
    (1005, with_taken("domain", "example102.cn"), "粤ICP备2026000001号"),
    (1021, with_taken("home_page", "www.example101.cn/"), "粤ICP备2026000001号"),
    (1023, with_registered(101), "198.18.0.102至198.18.0.102"),
    (1037, with_used_id("website", WEBSITE.provider_id), "管局编号4400001"),
    (1038, with_used_id("access", ACCESS.provider_id), "管局编号4400001"),
    (1039, with_used_id("domain", WEBSITE.domains[0].provider_id), "管局编号4400001"),
    (1040, with_used_id("range", ACCESS.ranges[0].provider_id), "管局编号4400001"),
    (1045, _moved, "北京"),
    (1054, _closed, "440000000002"),
    (1054, _unknown, "440000000002"),
    (1063, with_registered(101, others=(102,)), "198.18.0.102至198.18.0.102"),
    (1064, with_blacklisted("domain", "example101.cn"), "“示例网站101”网站的“example101.cn”域名"),
    (1065, with_blacklisted("sponsor", CERTIFICATE), "从事违法活动"),
]


@pytest.mark.parametrize(("code", "happen", "named"), CONFLICTS)
def test_what_is_known_brings_its_code_and_is_named(
    code: int, happen: Callable[[Facts], None], named: str, facts: Facts
) -> None:
    happen(facts)
    assert codes(FILING, facts) == [code]
    assert named in details(FILING, facts)


def test_two_websites_of_one_home_page(facts: Facts) -> None:
    second = dataclasses.replace(
        FILING.websites[1], home_page="https://WWW.Example101.cn:443#top", domains=(builders.domain(9, "example9.cn"),)
    )
    assert codes(changed(FILING, "websites.1", second), facts) == [1021, 1041]


def test_a_nature_that_the_certificate_does_not_fit_is_wrong_on_both_sides(facts: Facts) -> None:
    assert codes(changed(FILING, "sponsor.nature", 3), facts) == [1008, 1014]


@pytest.mark.parametrize("nature", [None, 7])
def test_an_organisation_needs_a_nature_of_the_table(nature: int | None, facts: Facts) -> None:
    assert codes(changed(FILING, "sponsor.nature", nature), facts) == [1014]


def test_every_code_has_a_rule_and_is_provoked_here() -> None:
    assert set(RULES) == CODES_OF_A_NEW_FILING
    assert set(CHANGES) | {code for code, _, _ in CONFLICTS} | {1014} == CODES_OF_A_NEW_FILING


def test_only_the_rules_of_a_scope_are_asked(facts: Facts) -> None:
    _moved(facts)
    facts.accept(FILING, "另一条")
    broken = changed(FILING, "sponsor.person.mobile", "1")
    assert {f.code for f in check(broken, facts, {Scope.FORM})} == {1011}
    assert {f.code for f in check(broken, facts, {Scope.PROVIDER})} == {1037, 1038, 1039, 1040, 1045}
    assert {f.code for f in check(broken, facts, {Scope.FILING})} == {1003, 1005, 1021}


def test_all_defects_are_found_at_once(facts: Facts) -> None:
    broken: FilingRecord = FILING
    for path, value in (
        ("sponsor.certificate.number", "914400990000000198"),
        ("sponsor.nature", None),
        ("sponsor.address.city", 440399),
        ("sponsor.person.name", None),
        ("sponsor.person.email", "nobody"),
        ("sponsor.person.telephone", "none-at-all-"),
        ("websites.0.person.mobile", "12345678901;16000000001"),
        ("websites.0.person.telephone", None),
        ("websites.0.domains.0.name", "www.example101.cn"),
        ("websites.1.name", "示例网站101"),
        ("websites.1.home_page", "gopher://example"),
        ("websites.1.languages", (99,)),
        ("attachments.0.format", 9),
        ("attachments.0.content.size", 10**6),
    ):
        broken = changed(broken, path, value)
    assert codes(broken, facts) == [1004, 1008, 1009, 1010, 1011, 1014, 1019, 1020, 1022, 1031, 1044, 1056, 1066, 5010]
