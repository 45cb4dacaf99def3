"""What a cancellation leaves without an object comes back at once, and keeps nobody from its domains."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beian.models import Reservation, User
from beian.records import Cancelled, FilingRecord, NameRecord, NewWebsitesRecord
from bureau.models import Application
from bureau.services import review
from bureau.workflow import State
from interface.models import Outcome, ProviderAccount
from tests.builders import filing, website
from tests.conftest import ISP_ID
from tests.on_file import PASSWORD, on_file
from tests.requests import cancellation, change_of, uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


@pytest.fixture
def stored(account: ProviderAccount) -> FilingRecord:
    """A filing with two websites, to both of which the provider gives access."""
    return on_file(account.bureau, filing(1, websites=2), ISP_ID)


def approve(application: Application, reviewer: User) -> None:
    review.claim(application.pk, reviewer)
    assert review.approve(application.pk, reviewer, None).state == State.APPROVED


def codes(application: Application) -> set[int]:
    application.refresh_from_db()
    return {each["code"] for each in application.findings}


def test_a_website_for_a_sponsor_that_goes(account: ProviderAccount, stored: FilingRecord, reviewer: User) -> None:
    asked = NewWebsitesRecord(sponsor=NameRecord(number=stored.sponsor.number), websites=(website(77),))
    waiting = uploaded(account, new_websites=[asked])
    gone = cancellation(Cancelled.SPONSOR, stored.sponsor.number or 0, filing_password=PASSWORD)
    approve(uploaded(account, cancellations=[gone]), reviewer)
    assert 1049 in codes(waiting)
    assert waiting.state == State.RETURNED
    assert not Reservation.objects.exists()
    assert Outcome.objects.filter(about=f"case:2:{waiting.subject}").count() == 1


def test_a_change_of_the_website_that_goes_but_not_of_another(
    account: ProviderAccount, stored: FilingRecord, reviewer: User
) -> None:
    first, second = stored.websites
    going = uploaded(account, changes=[change_of(stored, replace(first, name="新名"))])
    staying = uploaded(account, changes=[change_of(stored, replace(second, name="另一新名"))])
    approve(uploaded(account, cancellations=[cancellation(Cancelled.WEBSITE, first.number or 0)]), reviewer)
    assert 1050 in codes(going)
    assert not codes(staying)
    assert (going.state, staying.state) == (State.RETURNED, State.PENDING)
