"""Decisions about one filing at the same moment: one after the other, whoever comes first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from beian.models import Cancelled as Tombstone
from beian.models import Node, Reservation, Sponsor, User
from beian.records import Cancelled, FilingRecord, NewAccessRecord, NewWebsitesRecord
from beian.records.requests import NameRecord
from beian.records.rows import filings
from bureau.models import Application
from bureau.services import approval, review
from bureau.services.forced import Closing, close
from bureau.workflow import State
from interface.models import ProviderAccount
from tests.builders import access, domain, filing, website
from tests.conftest import ISP_ID, make_account
from tests.deaths.test_races import at_once, meet_after
from tests.on_file import PASSWORD, on_file
from tests.requests import cancellation, change_of, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("code_tables")]

Patch = pytest.MonkeyPatch


@pytest.fixture
def stored(account: ProviderAccount) -> FilingRecord:
    return on_file(account.bureau, filing(1, websites=2), ISP_ID)


def approving(application: Application, user: User) -> Callable[[], object]:
    """Claim now; approve when called."""
    assert application.state == State.PENDING, application.findings
    review.claim(application.pk, user)
    return lambda: str(review.approve(application.pk, user, None).state)


def standing(bureau: Node, stored: FilingRecord) -> FilingRecord:
    return filings(bureau, [stored.sponsor.number or 0])[stored.sponsor.number or 0]


def two_changes(account: ProviderAccount, stored: FilingRecord, user: User) -> list[Callable[[], object]]:
    sites = (replace(site, name=f"新名{place}") for place, site in enumerate(stored.websites))
    return [approving(uploaded(account, changes=[change_of(stored, site)]), user) for site in sites]


def test_two_changes_of_one_sponsor_both_stand(
    monkeypatch: Patch, account: ProviderAccount, stored: FilingRecord, reviewer: User
) -> None:
    calls = two_changes(account, stored, reviewer)
    meet_after(monkeypatch, approval, "prospect_in")
    assert at_once(*calls) == ["approved", "approved"]
    assert [site.name for site in standing(account.bureau, stored).websites] == ["新名0", "新名1"]


def test_two_new_websites_get_two_numbers(
    monkeypatch: Patch, account: ProviderAccount, stored: FilingRecord, reviewer: User
) -> None:
    name = NameRecord(number=stored.sponsor.number)
    asked = [NewWebsitesRecord(sponsor=name, websites=(website(n),)) for n in (77, 78)]
    calls = [approving(uploaded(account, new_websites=[each]), reviewer) for each in asked]
    meet_after(monkeypatch, approval, "prospect_in")
    assert at_once(*calls) == ["approved", "approved"]
    suffixes = [(site.filing_number or "")[-2:] for site in standing(account.bureau, stored).websites]
    assert suffixes == ["-1", "-2", "-3", "-4"]


def test_a_change_and_the_cancelling_of_its_website(
    monkeypatch: Patch, account: ProviderAccount, stored: FilingRecord, reviewer: User
) -> None:
    change = approving(
        uploaded(account, changes=[change_of(stored, replace(stored.websites[0], name="新名"))]), reviewer
    )
    number = stored.websites[0].number or 0
    cancel = approving(uploaded(account, cancellations=[cancellation(Cancelled.WEBSITE, number)]), reviewer)
    meet_after(monkeypatch, approval, "prospect_in")
    outcome = at_once(change, cancel)
    # the change first: both are approved; the cancellation first: the change comes back
    assert outcome in (["approved", "approved"], ["approved", "returned"])
    assert [site.number for site in standing(account.bureau, stored).websites] == [stored.websites[1].number]
    assert Tombstone.objects.held_by(account.bureau).filter(number=number).count() == 1


def test_a_change_and_the_cancelling_of_the_sponsor(
    monkeypatch: Patch, account: ProviderAccount, stored: FilingRecord, reviewer: User
) -> None:
    change = approving(
        uploaded(
            account,
            changes=[
                change_of(stored, replace(stored.websites[0], domains=(*stored.websites[0].domains, domain(500))))
            ],
        ),
        reviewer,
    )
    asked = cancellation(Cancelled.SPONSOR, stored.sponsor.number or 0, filing_password=PASSWORD)
    cancel = approving(uploaded(account, cancellations=[asked]), reviewer)
    meet_after(monkeypatch, approval, "prospect_in")
    assert at_once(change, cancel) in (["approved", "approved"], ["approved", "returned"])
    assert not Sponsor.objects.held_by(account.bureau).exists()
    assert not Reservation.objects.exists()


def test_an_approval_and_a_forced_closing_do_not_wait_in_a_circle(
    account: ProviderAccount, stored: FilingRecord, reviewer: User, supervisor: User
) -> None:
    calls = two_changes(account, stored, reviewer)
    number = stored.sponsor.number or 0

    def closing() -> object:
        return str(close(account.bureau, supervisor, Closing.SPONSOR, number, "来函").after)

    outcome = at_once(*calls, closing)
    assert "None" in outcome
    assert set(outcome) <= {"None", "approved", "MovedOn"}
    assert not Sponsor.objects.held_by(account.bureau).exists()
    assert not Application.objects.open().exists()


def change_and_new_access(account: ProviderAccount, stored: FilingRecord, user: User) -> list[Callable[[], object]]:
    """One provider changes a website while another joins it."""
    other = make_account(account.bureau, 440000000003, "另一接入商")
    joining = NewAccessRecord(
        website=NameRecord(number=stored.websites[0].number), access=access(90), filing_password=PASSWORD
    )
    return [
        approving(uploaded(account, changes=[change_of(stored, replace(stored.websites[0], name="新名"))]), user),
        approving(uploaded(other, new_accesses=[joining]), user),
    ]


def test_a_change_and_a_new_access_of_one_website_both_stand(
    monkeypatch: Patch, account: ProviderAccount, stored: FilingRecord, reviewer: User
) -> None:
    calls = change_and_new_access(account, stored, reviewer)
    meet_after(monkeypatch, approval, "prospect_in")
    assert at_once(*calls) == ["approved", "approved"]
    site = standing(account.bureau, stored).websites[0]
    assert (site.name, len(site.accesses)) == ("新名", 2)


def test_without_the_lock_one_of_them_is_lost(
    monkeypatch: Patch, account: ProviderAccount, stored: FilingRecord, reviewer: User
) -> None:
    calls = change_and_new_access(account, stored, reviewer)
    monkeypatch.setattr(approval, "lock_filing", lambda application: None)
    meet_after(monkeypatch, approval, "prospect_in")
    at_once(*calls)
    site = standing(account.bureau, stored).websites[0]
    assert (site.name, len(site.accesses)) != ("新名", 2)
