"""Verification material on its own: what it belongs to, and what makes it come back."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest

from beian.checks import ELSEWHERE_SCOPES, HOME_SCOPES, RULES, Facts
from beian.checks.material import MATERIAL_RULES, Material, Owner, check_material, home_of_material
from beian.checks.operations import Operation
from beian.checks.requests import Gone, OwnId
from beian.records import AttachmentRecord
from tests.beian.test_checks.standing import ON_FILE, OTHER, SPONSOR, WEBSITE, filing, known
from tests.builders import attachment

THEIRS = ON_FILE.websites[2]


def form(owner: object = SPONSOR.number, **changes: object) -> AttachmentRecord:
    """The verification form of the sponsor."""
    return attachment(str(owner), **changes)  # type: ignore[arg-type]


def photo(owner: object = WEBSITE.number, **changes: object) -> AttachmentRecord:
    """The photo of a website's responsible person."""
    return attachment(str(owner), **{"owner_kind": 2, "purpose": 5} | changes)  # type: ignore[arg-type]


def told(each: AttachmentRecord, facts: Facts, **values: object) -> dict[int, str]:
    return {finding.code: finding.description() for finding in check_material(each, known(facts, **values))}


@pytest.mark.parametrize("owner", [SPONSOR.number, SPONSOR.filing_number, "粤icp备2026000001"])
def test_a_sponsor_is_named_by_id_or_filing_number(owner: object, facts: Facts) -> None:
    assert told(form(owner), facts) == {}
    assert Material(form(owner), known(facts)).owner == Owner(filing=ON_FILE)


@pytest.mark.parametrize("owner", [WEBSITE.number, WEBSITE.filing_number])
def test_a_website_is_named_by_id_or_filing_number(owner: object, facts: Facts) -> None:
    assert told(photo(owner), facts) == {}
    assert Material(photo(owner), known(facts)).owner == Owner(filing=ON_FILE, website=WEBSITE)


def test_a_pending_application_is_named_by_the_provider_s_own_id(facts: Facts) -> None:
    own = {77: (OwnId("sponsor", None, 5),)}
    assert told(form(77), facts, own=own) == {}
    assert Material(form(77), known(facts, own=own)).owner == Owner(application=5)


def test_an_own_id_still_finds_what_was_approved_meanwhile(facts: Facts) -> None:
    own = {77: (OwnId("website", WEBSITE.number), OwnId("sponsor", None, 5))}
    assert Material(photo(77), known(facts, own=own)).owner == Owner(filing=ON_FILE, website=WEBSITE)


GONE = {5: Gone("sponsor", 5, "粤ICP备2026000005号", datetime.date(2026, 11, 1))}
LARGE = dataclasses.replace(form().content, size=150 * 1024 + 1)

CASES: list[tuple[int, AttachmentRecord, dict[str, Any], str]] = [
    (1055, photo(THEIRS.number), {}, str(THEIRS.number)),
    (1055, form(), {"isp": OTHER + 1}, str(SPONSOR.number)),
    (1058, form(1), {}, "主体1"),
    (1058, form(WEBSITE.number), {}, str(SPONSOR.filing_number)),
    (1058, form(5), {"gone": GONE}, "2026-11-01"),
    (1059, photo("粤ICP备2026000001号-9"), {}, "号-9"),
    (1059, photo(SPONSOR.filing_number), {}, "粤ICP备2026000001号-1"),
    (1061, form(purpose=5), {}, "属于网站"),
    (1061, photo(purpose=1), {}, "属于主体"),
    (1056, form(format=3), {}, "3"),
    (1057, form(purpose=6), {}, "6"),
    (5010, form(content=LARGE), {}, "150KB"),
    (1045, form(), {"provider_province": 110000}, "北京"),
    (1054, form(), {"provider_open": False}, "已停用"),
]


@pytest.mark.parametrize(("code", "each", "so", "said"), CASES)
def test_what_is_wrong_brings_its_code_and_says_why(
    code: int, each: AttachmentRecord, so: dict[str, Any], said: str, facts: Facts
) -> None:
    facts.provider = so.get("isp", facts.provider)
    facts.provider_province = so.get("provider_province", facts.provider_province)
    facts.provider_open = so.get("provider_open", facts.provider_open)
    found = told(each, facts, gone=so.get("gone", {}))
    assert set(found) == {code}
    assert said in found[code]


def test_every_rule_is_provoked() -> None:
    of_attachments = {code for code, rule in RULES.items() if Operation.MATERIAL in rule.operations}
    assert {code for code, *_ in CASES} == {*MATERIAL_RULES, *of_attachments}


def test_findings_name_the_field_of_the_attachment(facts: Facts) -> None:
    [finding] = check_material(form(format=3), known(facts))
    assert (finding.place, finding.about) == ("附件", "format")


def test_what_another_bureau_holds_is_judged_there(facts: Facts) -> None:
    assert home_of_material(form("京ICP备2026000001号")) == 110000
    assert home_of_material(form(SPONSOR.number)) == 440000
    assert home_of_material(form(77)) is None
    nothing = known(facts, filing(9))
    assert check_material(form(), nothing, ELSEWHERE_SCOPES) == []
    assert {each.code for each in check_material(form(), nothing, HOME_SCOPES)} == {1058}
