"""Every kind of request about a filing that stands: uploaded, judged, approved, told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from beian.models import Cancelled as Tombstone
from beian.models import Mail, Message, Node, ProviderId, Reservation, Sponsor, User, Website
from beian.records import (
    Cancelled,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
)
from beian.records.rows import filings
from bureau.models import Application
from bureau.services import intake, review
from bureau.workflow import Kind, State
from interface.models import Outcome, ParcelKind, ProviderAccount
from interface.services import mailbox
from tests.builders import access, address_range, domain, filing, website
from tests.conftest import ISP_ID, make_account
from tests.on_file import PASSWORD, on_file
from tests.requests import cancellation, change_of, uploaded
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

OTHER_ISP = 440000000003


@pytest.fixture
def stored(account: ProviderAccount) -> FilingRecord:
    """A filing with two websites, to both of which the provider gives access."""
    return on_file(account.bureau, filing(1, websites=2), ISP_ID)


@pytest.fixture
def other(account: ProviderAccount) -> ProviderAccount:
    """Another provider of Guangdong."""
    return make_account(account.bureau, OTHER_ISP, "另一接入商")


@pytest.fixture
def approved(account: ProviderAccount, reviewer: User) -> Callable[..., Application]:
    """Upload one request, and approve it."""

    def approve(by: ProviderAccount | None = None, **sections: Any) -> Application:
        application = uploaded(by or account, **sections)
        review.claim(application.pk, reviewer)
        return review.approve(application.pk, reviewer, None, "同意")

    return approve


def now(bureau: Node, stored: FilingRecord, isp_id: int = ISP_ID) -> FilingRecord:
    return filings(bureau, [stored.sponsor.number or 0], isp_id=isp_id)[stored.sponsor.number or 0]


def pieces(account: ProviderAccount) -> list[tuple[str, Any]]:
    return [(row.kind, row.body) for row in Outcome.objects.filter(account=account).order_by("id")]


def test_a_new_website_waits_with_what_it_is_about(account: ProviderAccount, stored: FilingRecord) -> None:
    asked = NewWebsitesRecord(sponsor=NameRecord(filing_number=stored.sponsor.filing_number), websites=(website(77),))
    application = uploaded(account, new_websites=[asked])
    assert (application.state, application.kind) == (State.PENDING, Kind.NEW_WEBSITE)
    assert application.subject == stored.sponsor.filing_number
    assert application.target == stored.sponsor.number
    assert (application.sponsor_name, application.domains) == (stored.sponsor.name, ["example77.cn"])
    assert [delta["kind"] for delta in application.difference["changes"]] == ["added"]
    assert Reservation.objects.filter(application=application.pk, kind="domain", key="example77.cn").exists()


def test_a_new_website_gets_the_next_suffix(
    account: ProviderAccount, stored: FilingRecord, approved: Callable[..., Application]
) -> None:
    asked = NewWebsitesRecord(
        sponsor=NameRecord(number=stored.sponsor.number),
        websites=(website(77), website(78)),
        filing_password="anything",
    )
    application = approved(new_websites=[asked])
    assert application.state == State.APPROVED, application.findings
    number = stored.sponsor.filing_number
    standing = now(account.bureau, stored)
    assert [each.filing_number for each in standing.websites] == [f"{number}-{place}" for place in (1, 2, 3, 4)]
    assert {each.accesses[0].provider for each in standing.websites} == {ISP_ID}
    (kind, result), (then, body) = pieces(account)
    assert (kind, then, body) == (ParcelKind.RESULTS, ParcelKind.FILINGS, {"sponsor": stored.sponsor.number})
    assert (result["result"]["operation"], result["result"]["subject"]) == (2, str(stored.sponsor.number))
    assert [opinion["subject"] for opinion in result["opinions"]] == [2_000_077, 2_000_078]
    assert Reservation.objects.get(key="example77.cn").sponsor == stored.sponsor.number
    new = standing.websites[2]
    assert ProviderId.objects.get(kind="website", provider_id=2_000_077).number == new.number


def test_a_new_access_needs_the_password(
    account: ProviderAccount, stored: FilingRecord, other: ProviderAccount
) -> None:
    name = NameRecord(filing_number=stored.websites[0].filing_number)
    asked = NewAccessRecord(website=name, access=access(90), filing_password="wrong")
    application = uploaded(other, new_accesses=[asked])
    assert application.state == State.RETURNED
    assert [each["code"] for each in application.findings] == [1018]


def test_a_new_access_is_told_to_both_providers(
    account: ProviderAccount, stored: FilingRecord, other: ProviderAccount, approved: Callable[..., Application]
) -> None:
    name = NameRecord(filing_number=stored.websites[0].filing_number)
    asked = NewAccessRecord(website=name, access=access(90), filing_password=PASSWORD)
    application = approved(other, new_accesses=[asked])
    assert application.state == State.APPROVED, application.findings
    assert application.record["filing_password"] is None
    assert {each.provider for each in now(account.bureau, stored).websites[0].accesses} == {ISP_ID, OTHER_ISP}
    assert [kind for kind, _ in pieces(other)] == [ParcelKind.RESULTS, ParcelKind.FILINGS]
    assert [kind for kind, _ in pieces(account)] == [ParcelKind.FILINGS]
    result = pieces(other)[0][1]
    assert (result["result"]["subject"], result["opinions"][0]["subject"]) == (name.filing_number, 4_000_090)
    assert not Reservation.objects.filter(kind="access").exists()


def test_a_change_applies_what_it_names(
    account: ProviderAccount, stored: FilingRecord, approved: Callable[..., Application]
) -> None:
    first = stored.websites[0]
    moved = replace(first.accesses[0], ranges=(address_range(4000, number=None),))
    site = replace(first, name="新的名称", domains=(domain(500),), home_page=None, accesses=(moved,))
    application = approved(changes=[change_of(stored, site)])
    assert application.state == State.APPROVED, application.findings
    standing = now(account.bureau, stored)
    assert standing.websites[1] == stored.websites[1]
    assert standing.websites[0].name == "新的名称"
    assert [each.name for each in standing.websites[0].domains] == ["example500.cn"]
    assert not Reservation.objects.filter(kind="domain", key=first.domains[0].name).exists()
    assert Reservation.objects.get(key="example500.cn").sponsor == stored.sponsor.number
    assert not Reservation.objects.filter(kind="change").exists()
    gone = first.domains[0].number
    assert not ProviderId.objects.filter(number=gone).exists()
    result = pieces(account)[0][1]
    assert result["result"]["subject"] == str(stored.sponsor.number)
    assert result["opinions"][0]["subject"] == stored.sponsor.number


def test_two_changes_of_one_website_exclude_each_other(account: ProviderAccount, stored: FilingRecord) -> None:
    first, second = (replace(stored.websites[0], name=name) for name in ("甲", "乙"))
    assert uploaded(account, changes=[change_of(stored, first)]).state == State.PENDING
    returned = uploaded(account, changes=[change_of(stored, second)])
    assert [each["code"] for each in returned.findings] == [1017]
    elsewhere = replace(stored.websites[1], name="丙")
    assert uploaded(account, changes=[change_of(stored, elsewhere)]).state == State.PENDING


def test_a_change_that_was_refused_can_be_asked_for_again(
    account: ProviderAccount, stored: FilingRecord, reviewer: User
) -> None:
    asked = change_of(stored, replace(stored.websites[0], name="甲"))
    application = uploaded(account, changes=[asked])
    review.claim(application.pk, reviewer)
    review.refuse(application.pk, reviewer, ["名称不规范"], "", None)
    assert not Reservation.objects.filter(application=application.pk).exists()
    assert uploaded(account, changes=[asked]).state == State.PENDING


def test_cancelling_an_access_leaves_the_website_to_the_other(
    account: ProviderAccount, stored: FilingRecord, other: ProviderAccount, approved: Callable[..., Application]
) -> None:
    name = NameRecord(number=stored.websites[0].number)
    approved(other, new_accesses=[NewAccessRecord(website=name, access=access(90), filing_password=PASSWORD)])
    Outcome.objects.all().delete()
    Mail.objects.all().delete()
    own = stored.websites[0].accesses[0].number or 0
    application = approved(cancellations=[cancellation(Cancelled.ACCESS, own)])
    assert (application.kind, application.state) == (Kind.CANCEL_ACCESS, State.APPROVED), application.findings
    (left,) = now(account.bureau, stored, OTHER_ISP).websites[0].accesses
    assert left.provider == OTHER_ISP
    assert Tombstone.objects.held_by(account.bureau).get().number == own
    # it still gives access to the second website, so it gets the filing as it sees it now
    assert [kind for kind, _ in pieces(account)] == [ParcelKind.RESULTS, ParcelKind.FILINGS]
    assert [kind for kind, _ in pieces(other)] == [ParcelKind.FILINGS]
    assert "示例接入商" in (Mail.objects.get().body or "")


def test_the_only_access_cannot_be_cancelled(account: ProviderAccount, stored: FilingRecord) -> None:
    own = stored.websites[0].accesses[0].number or 0
    returned = uploaded(account, cancellations=[cancellation(Cancelled.ACCESS, own)])
    assert [each["code"] for each in returned.findings] == [1025]


def test_an_access_that_ended_is_told_from_one_that_never_was(
    account: ProviderAccount, stored: FilingRecord, approved: Callable[..., Application]
) -> None:
    own = stored.websites[0].accesses[0].number or 0
    approved(cancellations=[cancellation(Cancelled.WEBSITE, stored.websites[0].number or 0)])
    name = NameRecord(number=own)
    returned = uploaded(account, new_accesses=[NewAccessRecord(website=name, access=access(90), filing_password="x")])
    assert [each["code"] for each in returned.findings] == [1016]
    assert f"接入{own}已于" in returned.findings[0]["detail"]


def test_cancelling_a_website_tells_the_others_and_frees_what_it_had(
    account: ProviderAccount, stored: FilingRecord, other: ProviderAccount, approved: Callable[..., Application]
) -> None:
    name = NameRecord(number=stored.websites[0].number)
    approved(other, new_accesses=[NewAccessRecord(website=name, access=access(90), filing_password=PASSWORD)])
    Outcome.objects.all().delete()
    number = stored.websites[0].number or 0
    application = approved(cancellations=[cancellation(Cancelled.WEBSITE, number)])
    assert application.state == State.APPROVED, application.findings
    assert [each.number for each in now(account.bureau, stored).websites] == [stored.websites[1].number]
    assert [kind for kind, _ in pieces(account)] == [ParcelKind.RESULTS, ParcelKind.FILINGS]
    ((kind, notice),) = pieces(other)
    assert kind == ParcelKind.CANCELLED
    assert (notice["notice"]["what"], notice["notice"]["number"]) == (1, number)
    assert not Reservation.objects.filter(key__in=["example101.cn", "www.example101.cn/"]).exists()
    assert uploaded(other, [filing(30, websites=1)]).state == State.PENDING
    asked = NewWebsitesRecord(sponsor=NameRecord(number=stored.sponsor.number), websites=(website(101),))
    again = approved(new_websites=[asked])
    assert again.state == State.APPROVED, again.findings
    assert now(account.bureau, stored).websites[-1].filing_number == f"{stored.sponsor.filing_number}-3"


def test_cancelling_a_sponsor_takes_everything_along(
    account: ProviderAccount, stored: FilingRecord, other: ProviderAccount, approved: Callable[..., Application]
) -> None:
    name = NameRecord(number=stored.websites[0].number)
    approved(other, new_accesses=[NewAccessRecord(website=name, access=access(90), filing_password=PASSWORD)])
    Outcome.objects.all().delete()
    number = stored.sponsor.number or 0
    asked = cancellation(Cancelled.SPONSOR, number, filing_password=PASSWORD)
    application = approved(cancellations=[asked])
    assert application.state == State.APPROVED, application.findings
    assert not Sponsor.objects.held_by(account.bureau).exists()
    assert not Website.objects.held_by(account.bureau).exists()
    assert not Reservation.objects.exists()
    assert not ProviderId.objects.exists()
    assert Tombstone.objects.held_by(account.bureau).count() == 1 + 2 + 3
    assert [kind for kind, _ in pieces(account)] == [ParcelKind.RESULTS]
    ((kind, notice),) = pieces(other)
    assert (kind, notice["notice"]["what"], notice["notice"]["number"]) == (ParcelKind.CANCELLED, 0, number)
    late = NewWebsitesRecord(sponsor=NameRecord(number=number), websites=(website(77),))
    assert [each["code"] for each in uploaded(account, new_websites=[late]).findings] == [1049]


def test_one_document_mixes_all_and_later_sections_know_the_earlier(
    account: ProviderAccount, stored: FilingRecord
) -> None:
    taken = website(77, domains=(domain(1, name=filing(5).websites[0].domains[0].name),))
    upload_of(
        account,
        [filing(5)],
        new_websites=[NewWebsitesRecord(sponsor=NameRecord(number=stored.sponsor.number), websites=(taken,))],
        changes=[change_of(stored, replace(stored.websites[0], name="甲"))],
        cancellations=[cancellation(Cancelled.WEBSITE, stored.websites[1].number or 0)],
    )
    intake.drain(account.pk)
    states = dict(Application.objects.values_list("kind", "state"))
    assert states == {1: "pending", 2: "returned", 4: "pending", 7: "pending"}
    assert 1005 in {each["code"] for each in Application.objects.get(kind=2).findings}


def test_the_ministry_hears_of_everything(
    account: ProviderAccount, stored: FilingRecord, approved: Callable[..., Application]
) -> None:
    number = stored.websites[0].number or 0
    approved(cancellations=[cancellation(Cancelled.WEBSITE, number)])
    about = [(row.kind, row.about) for row in Message.objects.order_by("id")]
    assert about == [("filing", f"cancelled:{number}"), ("filing", f"sponsor:{stored.sponsor.number}")]


def test_a_longer_document_asks_no_more_queries(account: ProviderAccount) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    standing = [on_file(account.bureau, filing(seed), ISP_ID) for seed in range(1, 13)]

    def queries(some: list[FilingRecord]) -> int:
        changes = [change_of(each, replace(each.websites[0], name=f"新名{each.sponsor.number}")) for each in some]
        upload = upload_of(account, changes=changes)
        with CaptureQueriesContext(connection) as captured:
            intake.drain(account.pk)
        assert Application.objects.filter(upload=upload, state=State.PENDING).count() == len(some)
        return len(captured)

    queries(standing[:1])  # code tables are read once
    assert queries(standing[1:3]) == queries(standing[3:])


def test_all_that_was_told_can_be_handed_out(
    account: ProviderAccount, stored: FilingRecord, other: ProviderAccount, approved: Callable[..., Application]
) -> None:
    name, sponsor = NameRecord(number=stored.websites[0].number), NameRecord(number=stored.sponsor.number)
    approved(new_websites=[NewWebsitesRecord(sponsor=sponsor, websites=(website(77),))])
    approved(other, new_accesses=[NewAccessRecord(website=name, access=access(90), filing_password=PASSWORD)])
    approved(changes=[change_of(stored, replace(stored.websites[1], name="新的名称"))])
    approved(cancellations=[cancellation(Cancelled.ACCESS, stored.websites[0].accesses[0].number or 0)])
    approved(cancellations=[cancellation(Cancelled.WEBSITE, stored.websites[1].number or 0)])
    gone = cancellation(Cancelled.SPONSOR, stored.sponsor.number or 0, filing_password=PASSWORD)
    for provider in (account, other):
        while parcel := mailbox.hand_out(provider):
            mailbox.acknowledge(provider, parcel.file_name)
    assert set(Outcome.objects.values_list("left_out", flat=True)) == {""}
    assert not Outcome.objects.filter(parcel=None).exists()
    approved(other, cancellations=[gone])
    assert [mailbox.hand_out(provider).kind for provider in (account, other)] == [  # type: ignore[union-attr]
        ParcelKind.CANCELLED,
        ParcelKind.RESULTS,
    ]


def test_a_refusal_is_said_of_each_website(account: ProviderAccount, stored: FilingRecord, reviewer: User) -> None:
    sponsor = NameRecord(number=stored.sponsor.number)
    application = uploaded(
        account, new_websites=[NewWebsitesRecord(sponsor=sponsor, websites=(website(77), website(78)))]
    )
    review.claim(application.pk, reviewer)
    review.refuse(application.pk, reviewer, ["名称不规范"], "", None)
    opinions = Outcome.objects.get(account=account).body["opinions"]
    assert [(each["subject"], each["verdict"], each["operation"]) for each in opinions] == [
        (2_000_077, 0, 2),
        (2_000_078, 0, 2),
    ]


def test_what_was_withdrawn_can_be_asked_for_again(
    account: ProviderAccount, stored: FilingRecord, supervisor: User
) -> None:
    number = stored.websites[0].number or 0
    for sections in (
        {"new_websites": [NewWebsitesRecord(sponsor=NameRecord(number=stored.sponsor.number), websites=(website(7),))]},
        {"changes": [change_of(stored, replace(stored.websites[0], name="甲"))]},
        {"cancellations": [cancellation(Cancelled.WEBSITE, number)]},
        {"cancellations": [cancellation(Cancelled.SPONSOR, stored.sponsor.number or 0, filing_password=PASSWORD)]},
    ):
        for _ in range(2):
            application = uploaded(account, **sections)
            assert application.state == State.PENDING, application.findings
            assert review.withdraw(application.pk, supervisor, "接入商来函", None).state == State.WITHDRAWN
        assert not Reservation.objects.exclude(application=None).exists()
