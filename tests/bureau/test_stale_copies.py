"""A change that was written from an old copy undoes nothing, and overwrites nothing that nobody looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beian.models import Event, Node, User
from beian.records import FilingRecord, WebsiteRecord
from beian.records.rows import filings, store_filing
from beian.services.refusals import MovedOn
from bureau.models import Application
from bureau.services import review
from bureau.workflow import State
from interface.models import ProviderAccount
from interface.services import mailbox
from tests.builders import access, filing
from tests.conftest import ISP_ID, make_account
from tests.on_file import on_file
from tests.requests import change_of, uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

OTHER_ISP = 440000000003


@pytest.fixture
def other(account: ProviderAccount) -> ProviderAccount:
    return make_account(account.bureau, OTHER_ISP, "另一接入商")


@pytest.fixture
def known(account: ProviderAccount, other: ProviderAccount) -> FilingRecord:
    """A website with accesses by two providers; the first has acknowledged the filing as it stands."""
    asked = filing(1)
    site = replace(asked.websites[0], accesses=(*asked.websites[0].accesses, access(90, provider=OTHER_ISP)))
    stored = on_file(account.bureau, replace(asked, websites=(site,)), ISP_ID)
    mailbox.queue_filing(account, stored.sponsor.number or 0, about="sponsor")
    fetch(account)
    return stored


def fetch(account: ProviderAccount) -> None:
    while parcel := mailbox.hand_out(account):
        mailbox.acknowledge(account, parcel.file_name)


def site_now(bureau: Node, known: FilingRecord) -> WebsiteRecord:
    return filings(bureau, [known.sponsor.number or 0])[known.sponsor.number or 0].websites[0]


def approved(application: Application, reviewer: User) -> Application:
    assert application.state == State.PENDING, application.findings
    review.claim(application.pk, reviewer)
    return review.approve(application.pk, reviewer, None)


def test_an_old_copy_undoes_nothing(
    account: ProviderAccount, other: ProviderAccount, known: FilingRecord, reviewer: User
) -> None:
    others = uploaded(other, changes=[change_of(known, replace(known.websites[0], name="他人所改"))])
    approved(others, reviewer)
    # the parcel with the new name is not fetched yet: the old name comes along
    stale = replace(known.websites[0], home_page="https://www.example101.cn/new")
    application = uploaded(account, changes=[change_of(known, stale)])
    assert [delta["path"][-1] for delta in application.difference["changes"]] == ["home_page"]
    assert application.difference["both"] == []
    approved(application, reviewer)
    now = site_now(account.bureau, known)
    assert (now.name, now.home_page) == ("他人所改", "https://www.example101.cn/new")


def test_what_both_changed_is_shown_and_approved_knowingly(
    account: ProviderAccount, other: ProviderAccount, known: FilingRecord, reviewer: User
) -> None:
    approved(uploaded(other, changes=[change_of(known, replace(known.websites[0], name="他人所改"))]), reviewer)
    application = uploaded(account, changes=[change_of(known, replace(known.websites[0], name="我方所改"))])
    (both,) = application.difference["both"]
    assert (both["base"], both["old"], both["new"]) == (known.websites[0].name, "他人所改", "我方所改")
    assert approved(application, reviewer).state == State.APPROVED
    assert site_now(account.bureau, known).name == "我方所改"


def test_after_the_new_copy_came_it_is_the_base(
    account: ProviderAccount, other: ProviderAccount, known: FilingRecord, reviewer: User
) -> None:
    approved(uploaded(other, changes=[change_of(known, replace(known.websites[0], name="他人所改"))]), reviewer)
    fetch(account)
    application = uploaded(account, changes=[change_of(known, replace(known.websites[0], name="我方所改"))])
    assert application.difference["both"] == []


def test_what_nobody_saw_is_not_approved(account: ProviderAccount, known: FilingRecord, reviewer: User) -> None:
    application = uploaded(account, changes=[change_of(known, replace(known.websites[0], name="我方所改"))])
    review.claim(application.pk, reviewer)
    standing = filings(account.bureau, [known.sponsor.number or 0])[known.sponsor.number or 0]
    meanwhile = replace(standing, websites=(replace(standing.websites[0], name="他人所改"),))
    store_filing(account.bureau, meanwhile)
    with pytest.raises(MovedOn, match="核对新的差异"):
        review.approve(application.pk, reviewer, None)
    shown = Application.objects.get(pk=application.pk)
    assert shown.state == State.CLAIMED
    assert shown.version > application.version
    assert [delta["old"] for delta in shown.difference["both"]] == ["他人所改"]
    assert Event.objects.filter(subject=str(application.pk), verb="differs").exists()
    assert review.approve(application.pk, reviewer, shown.version).state == State.APPROVED
    assert site_now(account.bureau, known).name == "我方所改"


def test_a_change_touches_no_other_provider_s_access(account: ProviderAccount, known: FilingRecord) -> None:
    site = known.websites[0]
    foreign = replace(site.accesses[1], methods=(1,))
    application = uploaded(account, changes=[change_of(known, replace(site, accesses=(site.accesses[0], foreign)))])
    assert [each["code"] for each in application.findings] == [1048]
