"""The bureau closes a sponsor, a website or a domain: everyone is told, and nothing of it comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from beian.models import BlacklistEntry, Event, Mail, Node, Reservation, Sponsor, User, Website
from beian.records import Cancelled, FilingRecord, NameRecord, NewAccessRecord
from beian.records.rows import filings
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from bureau.models import Application
from bureau.services import review
from bureau.services.forced import Closing, close
from bureau.workflow import State
from interface.models import Outcome, ParcelKind, ProviderAccount
from tests.builders import access, domain, filing
from tests.conftest import ISP_ID, make_account
from tests.on_file import PASSWORD, on_file
from tests.requests import cancellation, change_of, uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

OTHER_ISP = 440000000003
WHY = "涉嫌诈骗，依据公安机关来函"


@pytest.fixture
def stored(account: ProviderAccount, reviewer: User) -> FilingRecord:
    """Two websites of one provider; another gives access to the first as well."""
    asked = filing(1, websites=2)
    first = replace(asked.websites[0], domains=(*asked.websites[0].domains, domain(500)))
    stored = on_file(account.bureau, replace(asked, websites=(first, asked.websites[1])), ISP_ID)
    other = make_account(account.bureau, OTHER_ISP, "另一接入商")
    name = NameRecord(number=stored.websites[0].number)
    application = uploaded(
        other, new_accesses=[NewAccessRecord(website=name, access=access(90), filing_password=PASSWORD)]
    )
    review.claim(application.pk, reviewer)
    assert review.approve(application.pk, reviewer, None).state == State.APPROVED
    Outcome.objects.all().delete()
    Mail.objects.all().delete()
    return stored


def told(isp_id: int) -> list[str]:
    kinds = Outcome.objects.filter(account__isp_id=isp_id).exclude(kind=ParcelKind.BLACKLIST)
    return list(kinds.order_by("id").values_list("kind", flat=True))


def test_a_sponsor_is_closed(guangdong: Node, stored: FilingRecord, supervisor: User) -> None:
    closed = close(guangdong, supervisor, Closing.SPONSOR, stored.sponsor.number or 0, WHY)
    assert closed.after is None
    assert not Sponsor.objects.held_by(guangdong).exists()
    assert not Reservation.objects.exists()
    assert told(ISP_ID) == told(OTHER_ISP) == [ParcelKind.CANCELLED]
    notice = Outcome.objects.filter(kind=ParcelKind.CANCELLED).earliest("id").body["notice"]
    assert (notice["what"], notice["number"], notice["remark"]) == (0, stored.sponsor.number, f"责令关闭：{WHY}")
    assert BlacklistEntry.objects.get().name == stored.sponsor.name
    assert WHY in (Mail.objects.get().body or "")
    event = Event.objects.get(verb="close_sponsor")
    assert (event.actor, event.reason, event.subject) == (supervisor, WHY, str(stored.sponsor.number))


def test_who_was_closed_cannot_file_again(account: ProviderAccount, stored: FilingRecord, supervisor: User) -> None:
    close(account.bureau, supervisor, Closing.SPONSOR, stored.sponsor.number or 0, WHY)
    assert 1065 in {each["code"] for each in uploaded(account, [filing(1)]).findings}


def test_a_website_is_closed_with_the_applications_about_it(
    account: ProviderAccount, stored: FilingRecord, supervisor: User
) -> None:
    about_it = uploaded(account, changes=[change_of(stored, replace(stored.websites[0], name="甲"))])
    beside = uploaded(account, changes=[change_of(stored, replace(stored.websites[1], name="乙"))])
    assert (about_it.state, beside.state) == (State.PENDING, State.PENDING)
    closed = close(account.bureau, supervisor, Closing.WEBSITE, stored.websites[0].number or 0, WHY)
    assert closed.ended == (about_it.pk,)
    about_it.refresh_from_db()
    assert about_it.state == State.RETURNED
    assert [each["code"] for each in about_it.findings] == [1050]
    assert Application.objects.get(pk=beside.pk).state == State.PENDING
    assert [each.number for each in Website.objects.held_by(account.bureau)] == [stored.websites[1].number]
    assert told(OTHER_ISP) == [ParcelKind.CANCELLED]
    assert told(ISP_ID) == [ParcelKind.CANCELLED, ParcelKind.RESULTS]
    assert set(BlacklistEntry.objects.values_list("key", flat=True)) == {"example101.cn", "example500.cn"}


def test_a_domain_is_closed_and_the_website_stays(
    account: ProviderAccount, stored: FilingRecord, supervisor: User
) -> None:
    first = stored.websites[0]
    close(account.bureau, supervisor, Closing.DOMAIN, first.domains[0].number or 0, WHY)
    left = filings(account.bureau, [stored.sponsor.number or 0])[stored.sponsor.number or 0].websites[0]
    assert [each.name for each in left.domains] == ["example500.cn"]
    assert left.home_page is None  # it lay under that domain
    assert [each.provider for each in left.accesses] == [ISP_ID, OTHER_ISP]
    assert told(ISP_ID) == told(OTHER_ISP) == [ParcelKind.FILINGS]
    assert not Reservation.objects.filter(key="example101.cn").exists()
    assert BlacklistEntry.objects.get().key == "example101.cn"


def test_a_change_that_keeps_a_closed_domain_ends(
    account: ProviderAccount, stored: FilingRecord, supervisor: User
) -> None:
    pending = uploaded(account, changes=[change_of(stored, replace(stored.websites[0], name="甲"))])
    closed = close(account.bureau, supervisor, Closing.DOMAIN, stored.websites[0].domains[0].number or 0, WHY)
    assert closed.ended == (pending.pk,)
    assert [each["code"] for each in Application.objects.get(pk=pending.pk).findings] == [1064]


def test_the_only_domain_is_closed_with_its_website(guangdong: Node, stored: FilingRecord, supervisor: User) -> None:
    with pytest.raises(Invalid, match="唯一的域名"):
        close(guangdong, supervisor, Closing.DOMAIN, stored.websites[1].domains[0].number or 0, WHY)
    assert not BlacklistEntry.objects.exists()


def test_only_a_supervisor_closes_and_says_why(
    guangdong: Node, stored: FilingRecord, supervisor: User, reviewer: User
) -> None:
    number = stored.sponsor.number or 0
    with pytest.raises(NotAllowed):
        close(guangdong, reviewer, Closing.SPONSOR, number, WHY)
    for reason in ("", " ", "x" * 501):
        with pytest.raises(Invalid):
            close(guangdong, supervisor, Closing.SPONSOR, number, reason)
    with pytest.raises(MovedOn):
        close(guangdong, supervisor, Closing.SPONSOR, number + 99, WHY)


def test_a_copy_is_not_closed(guangdong: Node, beijing: Node, supervisor: User) -> None:
    from tests.bureau.test_forwarding import of_beijing

    foreign = on_file(beijing, of_beijing(3), 110000000002)
    from beian.records.rows import store_filing

    store_filing(guangdong, foreign)
    with pytest.raises(MovedOn, match="副本"):
        close(guangdong, supervisor, Closing.SPONSOR, foreign.sponsor.number or 0, WHY)


def test_without_barring_the_sponsor_may_file_again(
    account: ProviderAccount, stored: FilingRecord, supervisor: User
) -> None:
    close(account.bureau, supervisor, Closing.SPONSOR, stored.sponsor.number or 0, WHY, bar=False)
    assert not BlacklistEntry.objects.exists()
    again = uploaded(account, [filing(1)])
    assert again.state == State.PENDING, again.findings


def test_a_pending_cancellation_of_the_website_ends_too(
    account: ProviderAccount,
    stored: FilingRecord,
    supervisor: User,
    reviewer: User,
    guangdong: Node,
    signed_in: Callable[[User], object],
) -> None:
    number = stored.websites[1].number or 0
    pending = uploaded(account, cancellations=[cancellation(Cancelled.WEBSITE, number)])
    assert close(guangdong, supervisor, Closing.WEBSITE, number, WHY).ended == (pending.pk,)
    assert not Reservation.objects.filter(kind="cancellation").exists()
