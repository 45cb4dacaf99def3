"""What a provider has of a filing: the version that it last acknowledged is the base of its changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from beian.models import Sponsor, User
from beian.records import CodeRecord, FilingRecord, ResultRecord
from beian.records.rows import filing_for_provider
from interface.models import HandedFiling, Parcel, Upload, UploadState
from interface.services import base, mailbox
from tests.interface import calling
from tests.interface.calling import Caller

pytestmark = pytest.mark.django_db


def file_a_website(caller: Caller, seed: int = 1) -> int:
    """Put a filing with accesses by the caller on file; give its sponsor's number."""
    return calling.on_file(caller.account, seed).sponsor.number or 0


def on_file(caller: Caller, sponsor: int) -> FilingRecord:
    """The filing as the provider may see it at this moment."""
    filing = filing_for_provider(caller.account.bureau, sponsor, caller.account.isp_id)
    assert filing is not None
    return filing


def rename(caller: Caller, sponsor: int, name: str) -> FilingRecord:
    Sponsor.objects.held_by(caller.account.bureau).filter(number=sponsor).update(name=name)  # type: ignore[attr-defined]
    return on_file(caller, sponsor)


def hand_out(caller: Caller, *sponsors: int) -> Parcel:
    """Queue filings and hand them out."""
    for sponsor in sponsors:
        mailbox.queue_filing(caller.account, sponsor, about=f"sponsor:{sponsor}")
    parcel = mailbox.hand_out(caller.account)
    assert parcel is not None
    return parcel


def acknowledge(caller: Caller, parcel: Parcel) -> None:
    mailbox.acknowledge(caller.account, parcel.file_name)


def base_of(caller: Caller, sponsor: int, *, at: datetime | None = None) -> FilingRecord | None:
    return base.acknowledged_filing(caller.account, sponsor, at=at)


def waiting_upload(caller: Caller) -> Upload:
    return Upload.objects.create(
        account=caller.account,
        sequence=1,
        hash="x",
        file_name="x.xml",
        size=1,
        encrypt_algorithm=0,
        hash_algorithm=0,
        compression_format=0,
    )


def test_what_was_handed_out_is_the_base_once_it_is_acknowledged(caller: Caller) -> None:
    sponsor = file_a_website(caller)
    parcel = hand_out(caller, sponsor)
    handed = on_file(caller, sponsor)
    assert base_of(caller, sponsor) is None
    acknowledge(caller, parcel)
    rename(caller, sponsor, "改过名字的示例公司")
    assert base_of(caller, sponsor) == handed
    assert handed.websites[0].accesses[0].ranges


def test_the_next_version_takes_its_place_when_that_is_acknowledged(caller: Caller) -> None:
    sponsor = file_a_website(caller)
    acknowledge(caller, hand_out(caller, sponsor))
    first = on_file(caller, sponsor)
    second = rename(caller, sponsor, "改过名字的示例公司")
    parcel = hand_out(caller, sponsor)
    assert base_of(caller, sponsor) == first
    assert HandedFiling.objects.count() == 2
    acknowledge(caller, parcel)
    assert base_of(caller, sponsor) == second
    assert HandedFiling.objects.count() == 1


def test_acknowledging_again_changes_nothing(caller: Caller) -> None:
    sponsor = file_a_website(caller)
    first = hand_out(caller, sponsor)
    acknowledge(caller, first)
    second = rename(caller, sponsor, "改过名字的示例公司")
    acknowledge(caller, hand_out(caller, sponsor))
    acknowledge(caller, first)
    assert base_of(caller, sponsor) == second


def test_a_parcel_handed_out_again_brings_the_filing_as_it_stands_then(caller: Caller) -> None:
    sponsor = file_a_website(caller)
    parcel = hand_out(caller, sponsor)
    acknowledge(caller, parcel)
    first, second = on_file(caller, sponsor), rename(caller, sponsor, "改过名字的示例公司")
    mailbox.hand_out_again(parcel, User.objects.create(username="clerk", name="Clerk"), "对方丢失了文件")
    again = mailbox.hand_out(caller.account)
    assert again is not None
    assert base_of(caller, sponsor) == first
    acknowledge(caller, again)
    assert base_of(caller, sponsor) == second


def test_other_filings_and_other_providers_keep_theirs(caller: Caller) -> None:
    one, two = file_a_website(caller, 1), file_a_website(caller, 2)
    acknowledge(caller, hand_out(caller, one, two))
    first = on_file(caller, one)
    rename(caller, two, "改过名字的示例公司")
    acknowledge(caller, hand_out(caller, two))
    assert base_of(caller, one) == first
    stranger = calling.account(440000000902)
    assert base.acknowledged_filings(stranger, [one, two]) == {}


def test_a_website_that_could_not_be_expressed_is_not_in_the_base(caller: Caller) -> None:
    filing = calling.on_file(caller.account, 1, websites=2)
    bad = filing.websites[0].number
    connection.cursor().execute(
        "UPDATE beian_website SET home_page = %s WHERE number = %s", ["http://" + "x" * 400, bad]
    )
    acknowledge(caller, hand_out(caller, filing.sponsor.number or 0))
    kept = base_of(caller, filing.sponsor.number or 0)
    assert kept is not None
    assert [website.number for website in kept.websites] == [filing.websites[1].number]


def test_results_leave_no_base(caller: Caller) -> None:
    result = ResultRecord(codes=(CodeRecord(code=1001),), operation=1, subject="1")
    mailbox.queue_result(caller.account, result, about="a")
    acknowledge(caller, hand_out(caller))
    assert not HandedFiling.objects.exists()


def test_an_upload_is_compared_with_what_was_known_when_it_was_received(caller: Caller) -> None:
    sponsor = file_a_website(caller)
    acknowledge(caller, hand_out(caller, sponsor))
    first = on_file(caller, sponsor)
    upload = waiting_upload(caller)
    second = rename(caller, sponsor, "改过名字的示例公司")
    acknowledge(caller, hand_out(caller, sponsor))
    assert base_of(caller, sponsor, at=upload.received_at) == first
    assert base_of(caller, sponsor, at=timezone.now()) == base_of(caller, sponsor) == second


def test_nothing_was_known_before_the_first_acknowledgement(caller: Caller) -> None:
    sponsor = file_a_website(caller)
    upload = waiting_upload(caller)
    acknowledge(caller, hand_out(caller, sponsor))
    assert base_of(caller, sponsor, at=upload.received_at) is None


def test_old_versions_go_when_no_upload_waits_for_them(caller: Caller) -> None:
    sponsor = file_a_website(caller)
    upload = waiting_upload(caller)
    for name in ("示例一", "示例二", "示例三"):
        rename(caller, sponsor, name)
        acknowledge(caller, hand_out(caller, sponsor))
    assert HandedFiling.objects.count() == 3
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.PROCESSED)
    acknowledge(caller, hand_out(caller, file_a_website(caller, 2)))
    assert [row.filing["sponsor"]["name"] for row in HandedFiling.objects.filter(sponsor=sponsor)] == ["示例三"]


def test_a_document_of_changes_finds_its_bases_with_one_query(
    caller: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sponsors = [file_a_website(caller, seed) for seed in (1, 2, 3)]
    acknowledge(caller, hand_out(caller, *sponsors))
    with django_assert_num_queries(1):
        found = base.acknowledged_filings(caller.account, [*sponsors, 999])
    assert found == {sponsor: on_file(caller, sponsor) for sponsor in sponsors}


def test_a_filing_that_is_gone_is_forgotten_by_the_providers_of_one_bureau(caller: Caller) -> None:
    sponsor, other = file_a_website(caller, 1), file_a_website(caller, 2)
    acknowledge(caller, hand_out(caller, sponsor, other))
    hand_out(caller, sponsor)
    elsewhere = calling.account(110000000901, at=calling.bureau(110000))
    HandedFiling.objects.create(account=elsewhere, sponsor=sponsor, filing={}, acknowledged_at=timezone.now())
    base.forget(caller.account.bureau, sponsor)
    assert set(HandedFiling.objects.values_list("account", "sponsor")) == {
        (caller.account.pk, other),
        (elsewhere.pk, sponsor),
    }


def test_the_base_outlives_its_parcel(caller: Caller) -> None:
    sponsor = file_a_website(caller)
    parcel = hand_out(caller, sponsor)
    acknowledge(caller, parcel)
    parcel.outcomes.all().delete()
    parcel.delete()
    assert base_of(caller, sponsor) == on_file(caller, sponsor)


def test_it_is_encrypted_at_rest(caller: Caller) -> None:
    sponsor = file_a_website(caller)
    hand_out(caller, sponsor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT filing FROM interface_handedfiling")
        stored: Any = cursor.fetchone()[0]
    person = on_file(caller, sponsor).sponsor.person
    for secret in (person.mobile, person.name, person.certificate_number):
        assert (secret or "?").encode() not in bytes(stored)
