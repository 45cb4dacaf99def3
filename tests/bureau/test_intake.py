"""An upload becomes applications and answers, once."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from beian.models import Event, ProviderId, Reservation
from bureau.models import Application
from bureau.services import intake, judging
from bureau.workflow import State
from interface.models import Outcome, ProviderAccount, Upload, UploadState
from tests.builders import filing
from tests.uploads import stored_upload, upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def codes(outcome: Outcome) -> list[int]:
    return [entry["code"] for entry in outcome.body["result"]["codes"]]


def test_a_faultless_filing_waits_for_review(account: ProviderAccount) -> None:
    upload = upload_of(account, [filing(1)])
    assert intake.drain(account.pk) == 1
    application = Application.objects.get()
    assert application.state == State.PENDING
    assert application.subject == str(filing(1).sponsor.provider_id)
    assert application.correlation == upload.correlation
    assert Reservation.objects.filter(application=application.pk).count() >= 2
    assert ProviderId.objects.filter(application=application.pk).exists()
    assert Event.objects.filter(subject_kind="application", subject=str(application.pk), verb="receive").exists()
    assert not Outcome.objects.exists()
    upload.refresh_from_db()
    assert (upload.state, upload.records, upload.returned) == (UploadState.PROCESSED, 1, 0)


def test_a_faulty_one_comes_back_with_every_code(account: ProviderAccount) -> None:
    faulty = filing(1)
    person = replace(faulty.sponsor.person, mobile="12345678901", email="no-at-sign")
    upload_of(account, [replace(faulty, sponsor=replace(faulty.sponsor, person=person))])
    intake.drain(account.pk)
    application = Application.objects.get()
    assert application.state == State.RETURNED
    outcome = Outcome.objects.get()
    assert set(codes(outcome)) == {1009, 1011}
    assert outcome.body["result"]["subject"] == application.subject
    assert not Reservation.objects.exists()


def test_a_name_that_grows_in_lower_case_comes_back_like_any_that_is_no_domain(account: ProviderAccount) -> None:
    faulty = filing(1)
    odd = replace(faulty.websites[0].domains[0], name="İ" * 128)
    upload_of(account, [replace(faulty, websites=(replace(faulty.websites[0], domains=(odd,)),)), filing(2)])
    intake.drain(account.pk)
    returned, waiting = Application.objects.order_by("ordinal")
    assert (returned.state, waiting.state) == (State.RETURNED, State.PENDING)
    assert 1004 in [each["code"] for each in returned.findings]


def test_two_records_of_one_document_conflict(account: ProviderAccount) -> None:
    first, second = filing(1), filing(2)
    same_domain = replace(second.websites[0].domains[0], name=first.websites[0].domains[0].name)
    clash = replace(second, websites=(replace(second.websites[0], domains=(same_domain,)),))
    upload_of(account, [first, clash])
    intake.drain(account.pk)
    assert Application.objects.get(state=State.PENDING).ordinal == 1
    returned = Application.objects.get(state=State.RETURNED)
    assert 1005 in {finding["code"] for finding in returned.findings}
    assert any("示例接入商" in finding["detail"] for finding in returned.findings)


def test_what_is_pending_conflicts_with_the_next_document(account: ProviderAccount) -> None:
    upload_of(account, [filing(1)])
    upload_of(account, [filing(1)])
    assert intake.drain(account.pk) == 2
    returned = Application.objects.get(state=State.RETURNED)
    assert {1003, 1005} <= {finding["code"] for finding in returned.findings}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b'<UploadData version="V.3.0"><ICP><Qqdwid>x</Qqdwid></ICP></UploadData>', 5001),
        (b'<UploadData version="V.3.0"><ICP><Qqdwid>440000000099</Qqdwid></ICP></UploadData>', 5003),
        (b'<UploadData version="V.2.0"><ICP><Qqdwid>440000000002</Qqdwid></ICP></UploadData>', 5004),
        (b'<?xml version="1.0" encoding="GBK"?><UploadData version="V.3.0">\xff\xff</UploadData>', 5008),
        (b'<UploadData version="V.3.0"><IP><Qqdwid>440000000002</Qqdwid></IP></UploadData>', 5009),
        (b"not xml at all", 5001),
    ],
)
def test_a_document_that_cannot_be_taken_comes_back_whole(account: ProviderAccount, document: bytes, code: int) -> None:
    upload = stored_upload(account, document)
    intake.drain(account.pk)
    upload.refresh_from_db()
    outcome = Outcome.objects.get()
    assert upload.state == UploadState.RETURNED
    assert codes(outcome) == [code]
    assert outcome.body["result"]["subject"] is None
    assert outcome.body["result"]["remark"].startswith("上报序号1：")
    assert not Application.objects.exists()


def test_what_is_not_open_yet_comes_back_whole(account: ProviderAccount) -> None:
    account.may_file_addresses = True
    account.save()
    stored_upload(account, b'<UploadData version="V.3.0"><IP><Qqdwid>440000000002</Qqdwid></IP></UploadData>')
    intake.drain(account.pk)
    assert codes(Outcome.objects.get()) == [5011]
    assert not Application.objects.exists()


def test_an_empty_document_is_processed_without_a_word(account: ProviderAccount) -> None:
    upload = stored_upload(
        account, b'<UploadData version="V.3.0"><ICP><Qqdwid>440000000002</Qqdwid></ICP></UploadData>'
    )
    intake.drain(account.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.PROCESSED
    assert not Outcome.objects.exists()


def test_processing_again_changes_nothing(account: ProviderAccount) -> None:
    upload = upload_of(account, [filing(1)])
    intake.drain(account.pk)
    intake.process(Upload.objects.select_related("account__bureau", "account__provider").get(pk=upload.pk))
    assert Application.objects.count() == 1


def test_a_try_that_fails_leaves_nothing_and_is_repeated(
    account: ProviderAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = upload_of(account, [filing(1)])
    with monkeypatch.context() as broken:
        broken.setattr(judging, "tell_judged", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            intake.drain(account.pk)
    assert gc.isenabled()
    upload.refresh_from_db()
    assert (upload.state, upload.problem) == (UploadState.RECEIVED, "ZeroDivisionError")
    assert not Application.objects.exists()
    assert not Reservation.objects.exists()
    Upload.objects.update(not_before=None)
    intake.drain(account.pk)
    assert Application.objects.count() == 1


def test_an_upload_is_not_begun_while_somebody_has_it(account: ProviderAccount) -> None:
    upload_of(account, [filing(1)])
    Upload.objects.update(not_before=timezone.now() + timedelta(seconds=20))
    assert intake.drain(account.pk) == 0


def test_the_sweeper_finds_what_a_dead_worker_left(account: ProviderAccount) -> None:
    upload_of(account, [filing(1)])
    assert intake.waiting_accounts() == []
    long_ago = timezone.now() - timedelta(minutes=2)
    Upload.objects.update(received_at=long_ago, not_before=long_ago, tries=1)
    assert intake.waiting_accounts() == [account.pk]


def test_a_document_that_never_succeeds_comes_back_in_the_end(account: ProviderAccount) -> None:
    upload_of(account, [filing(1)])
    Upload.objects.update(tries=intake.TRIES)
    intake.drain(account.pk)
    assert codes(Outcome.objects.get()) == [5999]


def test_uploads_of_one_provider_keep_their_order(account: ProviderAccount) -> None:
    first = upload_of(account, [filing(1)])
    upload_of(account, [filing(2)])
    Upload.objects.filter(pk=first.pk).update(not_before=timezone.now() + timedelta(seconds=20))
    assert intake.drain(account.pk) == 0
    assert not Application.objects.exists()


def test_a_code_stands_once_with_all_it_applies_to(account: ProviderAccount) -> None:
    faulty = filing(1)
    person = replace(faulty.sponsor.person, mobile="12000000001;12000000002")
    upload_of(account, [replace(faulty, sponsor=replace(faulty.sponsor, person=person))])
    intake.drain(account.pk)
    outcome = Outcome.objects.get()
    assert codes(outcome) == [1011]
    description = outcome.body["result"]["codes"][0]["description"]
    assert "12000000001" in description
    assert "12000000002" in description
    assert len(description) <= 255
