"""A number that was given back is never issued again: not a sponsor's, not a website's, not an object's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from beian.models import Cancelled as Tombstone
from beian.models import Counter, Sponsor, User, Website
from beian.records import Cancelled, FilingRecord, NameRecord, NewWebsitesRecord
from beian.records.rows import filings
from bureau.models import Application
from bureau.services import review
from bureau.workflow import State
from interface.models import ProviderAccount
from tests.builders import filing, website
from tests.conftest import ISP_ID
from tests.on_file import PASSWORD, on_file
from tests.requests import cancellation, uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


@pytest.fixture
def stored(account: ProviderAccount) -> FilingRecord:
    return on_file(account.bureau, filing(1, websites=2), ISP_ID)


@pytest.fixture
def approved(account: ProviderAccount, reviewer: User) -> Callable[..., Application]:
    def approve(*filings: Any, **sections: Any) -> Application:
        application = uploaded(account, *filings, **sections)
        review.claim(application.pk, reviewer)
        ended = review.approve(application.pk, reviewer, None)
        assert ended.state == State.APPROVED, ended.findings
        return ended

    return approve


def numbers_on_file(account: ProviderAccount) -> set[int]:
    held = filings(account.bureau, Sponsor.objects.held_by(account.bureau).values_list("number", flat=True))
    from beian.records.rows import objects_of

    return {thing.number for each in held.values() for _, thing in objects_of(each)}


def test_of_a_sponsor(account: ProviderAccount, stored: FilingRecord, approved: Callable[..., Application]) -> None:
    before = numbers_on_file(account)
    number = stored.sponsor.number or 0
    approved(cancellations=[cancellation(Cancelled.SPONSOR, number, filing_password=PASSWORD)])
    again = approved([filing(1, websites=2)])
    assert again.filing_number != stored.sponsor.filing_number
    assert not before & numbers_on_file(account)
    gone = set(Tombstone.objects.held_by(account.bureau).values_list("filing_number", flat=True))
    held = {again.filing_number, *Website.objects.held_by(account.bureau).values_list("filing_number", flat=True)}
    assert not gone & held


def test_of_the_last_website(
    account: ProviderAccount, stored: FilingRecord, approved: Callable[..., Application]
) -> None:
    last = stored.websites[1]
    approved(cancellations=[cancellation(Cancelled.WEBSITE, last.number or 0)])
    asked = NewWebsitesRecord(sponsor=NameRecord(number=stored.sponsor.number), websites=(website(102),))
    approved(new_websites=[asked])
    assert Website.objects.held_by(account.bureau).latest("number").filing_number == f"{stored.sponsor.filing_number}-3"


@pytest.mark.parametrize("cancelled_before", [False, True])
def test_of_migrated_websites_that_nobody_counted(
    account: ProviderAccount, stored: FilingRecord, approved: Callable[..., Application], cancelled_before: bool
) -> None:
    if cancelled_before:
        approved(cancellations=[cancellation(Cancelled.WEBSITE, stored.websites[1].number or 0)])
    Counter.objects.filter(series=f"website:{stored.sponsor.number}").delete()
    asked = NewWebsitesRecord(sponsor=NameRecord(number=stored.sponsor.number), websites=(website(77),))
    approved(new_websites=[asked])
    assert Website.objects.held_by(account.bureau).latest("number").filing_number == f"{stored.sponsor.filing_number}-3"
