"""Verification material on its own: what it belongs to, and what makes it come back."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from beian.checks import ELSEWHERE_SCOPES, HOME_SCOPES, Facts
from beian.checks.material import Material, Owner, check_material, home_of_material
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


def test_a_filing_that_the_provider_gives_no_access_to(facts: Facts) -> None:
    assert set(told(photo(THEIRS.number), facts)) == {1055}
    facts.provider = OTHER + 1
    assert set(told(form(), facts)) == {1055}


def test_what_is_nowhere(facts: Facts) -> None:
    assert set(told(form(1), facts)) == {1058}
    assert set(told(photo("粤ICP备2026000001号-9"), facts)) == {1059}


def test_a_sponsor_s_number_for_a_website_lists_the_websites(facts: Facts) -> None:
    said = told(photo(SPONSOR.filing_number), facts)
    assert set(said) == {1059}
    assert "粤ICP备2026000001号-1" in said[1059]
    assert str(SPONSOR.filing_number) in told(form(WEBSITE.number), facts)[1058]


def test_what_is_cancelled_says_when(facts: Facts) -> None:
    gone = {5: Gone("sponsor", 5, "粤ICP备2026000005号", datetime.date(2026, 11, 1))}
    assert "2026-11-01" in told(form(5), facts, gone=gone)[1058]


@pytest.mark.parametrize("each", [form(purpose=5), photo(purpose=1), photo(purpose=2)])
def test_a_purpose_of_the_other_kind_of_object(each: AttachmentRecord, facts: Facts) -> None:
    assert set(told(each, facts)) == {1061}


def test_the_rules_of_attachments_apply(facts: Facts) -> None:
    large = dataclasses.replace(form().content, size=150 * 1024 + 1)
    assert set(told(form(content=large), facts)) == {5010}
    assert set(told(form(format=3), facts)) == {1056}
    assert set(told(form(purpose=6), facts)) == {1057}
    [finding] = check_material(form(format=3), known(facts))
    assert (finding.place, finding.about) == ("附件", "format")


def test_a_closed_provider_hands_nothing_in(facts: Facts) -> None:
    facts.provider_open = False
    assert set(told(form(), facts)) == {1054}


def test_what_another_bureau_holds_is_judged_there(facts: Facts) -> None:
    assert home_of_material(form("京ICP备2026000001号")) == 110000
    assert home_of_material(form(SPONSOR.number)) == 440000
    assert home_of_material(form(77)) is None
    nothing = known(facts, filing(9))
    assert check_material(form(), nothing, ELSEWHERE_SCOPES) == []
    assert {each.code for each in check_material(form(), nothing, HOME_SCOPES)} == {1058}
