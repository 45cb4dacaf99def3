"""Verification material on its own: it joins what it names, is sent on where that is elsewhere, or comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beian import store
from beian.models import Attachment, Event, Message, Node, Sponsor
from beian.records import AttachmentRecord, ChangeRecord, FilingRecord, from_json
from beian.records.rows import filings
from bureau.models import Application
from bureau.services import intake
from bureau.workflow import State
from interface.models import ProviderAccount, Upload, UploadState
from tests.builders import attachment, changed, filing, jpeg_bytes
from tests.bureau.supervision import on_file, results
from tests.conftest import make_account
from tests.messages import carry_all
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

FORM, PHOTO = 1, 5
SPONSOR, WEBSITE = 1, 2


@pytest.fixture
def sponsor(account: ProviderAccount) -> Sponsor:
    return on_file(account)


def bring(account: ProviderAccount, *attachments: AttachmentRecord) -> Upload:
    """Upload material on its own and have it processed."""
    upload = upload_of(account, materials=attachments)
    intake.drain(account.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.PROCESSED, upload.problem
    return upload


def material(owner: object, owner_kind: int = SPONSOR, purpose: int = FORM) -> AttachmentRecord:
    return attachment(str(owner), owner_kind=owner_kind, purpose=purpose)


def codes(account: ProviderAccount) -> list[list[int]]:
    return [[entry.code for entry in result.codes] for result in results(account)]


@pytest.mark.parametrize("by", ["number", "filing_number"])
def test_it_joins_a_sponsor_named_either_way(account: ProviderAccount, sponsor: Sponsor, by: str) -> None:
    upload = bring(account, material(getattr(sponsor, by)))
    joined = Attachment.objects.held_by(account.bureau).get()
    assert (joined.sponsor, joined.website, joined.purpose) == (sponsor, None, FORM)
    assert store.get(joined.content_id) == jpeg_bytes()
    (result,) = results(account)
    assert ([entry.code for entry in result.codes], result.operation) == ([1060], 4)
    assert result.subject == str(getattr(sponsor, by))
    assert result.remark == f"核验材料已并入备案{sponsor.filing_number}"
    assert (upload.records, upload.returned) == (1, 0)


def test_it_joins_a_website(account: ProviderAccount, sponsor: Sponsor) -> None:
    website = sponsor.websites.get()
    bring(account, material(website.filing_number, WEBSITE, PHOTO))
    assert Attachment.objects.held_by(account.bureau).get().website == website
    assert codes(account) == [[1060]]
    event = Event.objects.get(subject_kind="sponsor", verb="material")
    assert (event.subject, event.data) == (str(sponsor.number), {"purpose": PHOTO, "isp_id": account.isp_id})


def test_the_same_file_again_is_kept_once(account: ProviderAccount, sponsor: Sponsor) -> None:
    bring(account, material(sponsor.number))
    bring(account, material(sponsor.number))
    assert Attachment.objects.held_by(account.bureau).count() == 1
    assert codes(account) == [[1060], [1060]]


def test_it_joins_a_pending_new_filing_by_the_providers_own_id(account: ProviderAccount) -> None:
    upload_of(account, [filing(1)])
    intake.drain(account.pk)
    application = Application.objects.get()
    bring(account, material(filing(1).websites[0].provider_id, WEBSITE, PHOTO))
    before = application.version
    application.refresh_from_db()
    kept = from_json(application.record, FilingRecord).attachments
    assert [each.purpose for each in kept] == [FORM, PHOTO]
    assert application.version == before + 1
    assert codes(account) == [[1060]]
    assert not Attachment.objects.held_by(account.bureau).exists()


def change_of(sponsor: Sponsor, account: ProviderAccount) -> ChangeRecord:
    filed = filings(sponsor.holder, [sponsor.number], isp_id=account.isp_id)[sponsor.number]
    renamed = changed(filed, "websites.0.name", "示例网站改名")
    return ChangeRecord(sponsor=renamed.sponsor, websites=renamed.websites, filing_password="12345678")


def test_it_joins_the_pending_change_of_what_it_names(account: ProviderAccount, sponsor: Sponsor) -> None:
    upload_of(account, changes=[change_of(sponsor, account)])
    intake.drain(account.pk)
    application = Application.objects.get()
    assert application.state == State.PENDING, application.findings
    bring(account, material(sponsor.number))
    application.refresh_from_db()
    assert [each["purpose"] for each in application.record["attachments"]] == [FORM]
    assert results(account)[-1].remark == "核验材料已并入待审核的变更备案申请"
    assert not Attachment.objects.held_by(account.bureau).exists()


def test_another_providers_pending_change_is_left_alone(account: ProviderAccount, sponsor: Sponsor) -> None:
    other = make_account(account.bureau, 440000000009, "示例接入商九")
    upload_of(account, changes=[change_of(sponsor, account)])
    intake.drain(account.pk)
    bring(other, material(sponsor.number))
    assert codes(other) == [[1055]]
    assert Application.objects.get().record["attachments"] == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"format": 99}, [1056]),
        ({"purpose": 99}, [1057]),
        ({"owner": "440000999999999"}, [1058]),
        ({"owner": "粤ICP备2026999999号-1", "owner_kind": WEBSITE, "purpose": PHOTO}, [1059]),
        ({"purpose": PHOTO}, [1061]),
        ({"format": 99, "owner": "440000999999999"}, [1056, 1058]),
    ],
)
def test_what_does_not_fit_comes_back_with_every_code(
    account: ProviderAccount, sponsor: Sponsor, changes: dict[str, object], expected: list[int]
) -> None:
    upload = bring(account, replace(material(sponsor.number), **changes))  # type: ignore[arg-type]
    assert codes(account) == [expected]
    assert (upload.records, upload.returned) == (1, 1)
    assert not Attachment.objects.held_by(account.bureau).exists()


def test_material_for_another_provinces_filing_travels_there_and_is_answered(
    account: ProviderAccount, beijing_account: ProviderAccount
) -> None:
    sponsor = on_file(account, seed=7, holder=beijing_account.bureau)
    bring(account, material(sponsor.number))
    assert codes(account) == []
    ways = carry_all()
    assert "material bureau:440000 → ministry" in ways
    joined = Attachment.objects.held_by(beijing_account.bureau).get()
    assert (joined.sponsor, store.get(joined.content_id)) == (sponsor, jpeg_bytes())
    (result,) = results(account)
    assert ([entry.code for entry in result.codes], result.subject) == ([1060], str(sponsor.number))


def test_material_for_a_filing_that_the_other_bureau_does_not_have_comes_back(
    account: ProviderAccount, beijing: Node
) -> None:
    bring(account, material("京ICP备2026000077号"))
    carry_all()
    assert codes(account) == [[1058]]


def test_what_the_record_alone_shows_is_not_sent_on(account: ProviderAccount, beijing: Node) -> None:
    bring(account, replace(material("京ICP备2026000077号"), purpose=99))
    assert codes(account) == [[1057]]
    assert not Message.objects.exists()


def test_material_for_a_forwarded_application_follows_it(account: ProviderAccount, beijing: Node) -> None:
    record = changed(filing(1), "sponsor.address.province", 110000)
    record = changed(record, "sponsor.address.city", 110100)
    record = changed(record, "sponsor.address.county", 110101)
    upload_of(account, [record])
    intake.drain(account.pk)
    carry_all()
    bring(account, material(record.websites[0].provider_id, WEBSITE, PHOTO))
    carry_all()
    home = Application.objects.get(holder=beijing)
    assert [each["purpose"] for each in home.record["attachments"]] == [FORM, PHOTO]
    assert codes(account) == [[1060]]
