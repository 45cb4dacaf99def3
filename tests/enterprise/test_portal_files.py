"""Photos: made anew under the limit, without what the telephone wrote into them, for their case's people alone."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from PIL import Image

from beian import store
from beian.models import Node, User
from enterprise.models import Case, SponsorAccount
from enterprise.services import documents
from enterprise.workflow import Kind
from tests import builders
from tests.enterprise.applying_in_steps import draft_case, page_url, send_photo, whole_draft

GPS = 0x8825


@pytest.fixture
def case(sponsor_account: SponsorAccount) -> Case:
    return draft_case(sponsor_account, whole_draft())


@pytest.fixture
def shen(sponsor_account: SponsorAccount, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(sponsor_account.user)


def telephone_photo() -> bytes:
    """A large photo that says where it was taken."""
    image = Image.effect_noise((1600, 1200), 60).convert("RGB")
    exif = image.getexif()
    exif.get_ifd(GPS)[1] = "N"
    exif[0x010F] = "Example"
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92, exif=exif)
    return buffer.getvalue()


def kept() -> dict[str, object]:
    content: dict[str, object] = Case.objects.get().draft["attachments"][0]["content"]
    return content


def test_a_photo_comes_out_small_and_without_its_place(shen: Client, case: Case, isp: Node) -> None:
    photo = telephone_photo()
    assert len(photo) > 100 * 1024
    assert send_photo(shen, case, "sponsor-2", photo).status_code == 302
    content = kept()
    assert content["size"] <= 100 * 1024  # type: ignore[operator]
    shown = shen.get(page_url(isp, "apply_file", pk=case.pk, sha256=content["sha256"]))
    assert shown["Content-Type"] == "image/jpeg"
    image = Image.open(io.BytesIO(shown.content))
    assert not image.getexif()
    page = shen.get(page_url(isp, "apply_documents", pk=case.pk)).content.decode()
    assert str(content["sha256"]) in page


def test_a_second_photo_takes_the_place_of_the_first_and_can_be_taken_out(shen: Client, case: Case, isp: Node) -> None:
    send_photo(shen, case, "sponsor-2")
    first = kept()
    send_photo(shen, case, "sponsor-2", telephone_photo())
    assert len(Case.objects.get().draft["attachments"]) == 1
    assert kept() != first
    url = page_url(isp, "apply_document", pk=case.pk, key="sponsor-2")
    shen.post(url, {"remove": kept()["sha256"]})
    assert Case.objects.get().draft["attachments"] == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"GIF89a no picture of ours", "图片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "图片"),
        (b"\xff\xd8\xff" + b"\0" * (5 * 1024 * 1024), "5MB"),
    ],
)
def test_what_is_no_picture_or_too_large_is_told_beside_its_slot(
    shen: Client, case: Case, data: bytes, said: str
) -> None:
    answer = send_photo(shen, case, "sponsor-2", data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Case.objects.get().draft["attachments"] == []


def test_a_picture_that_would_fill_the_memory_is_refused(shen: Client, case: Case) -> None:
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < documents.MAX_UPLOAD
    assert send_photo(shen, case, "sponsor-2", buffer.getvalue()).status_code == 422


def test_slots_follow_from_what_was_filled_in(isp: Node) -> None:
    draft = whole_draft()
    keys = [slot.key for slot in documents.slots(Kind.NEW_FILING, draft)]
    assert keys == ["sponsor-2", "sponsor-3", "websites-0-4"]
    draft["sponsor"]["nature"] = "5"
    draft["websites"][0]["approvals"] = [{"kind": "1", "approval_number": "示例批"}]
    keys = [slot.key for slot in documents.slots(Kind.NEW_FILING, draft)]
    assert keys == ["sponsor-2", "websites-0-4", "websites-0-approval-0"]
    assert documents.missing(Kind.NEW_FILING, draft).keys() >= {"websites.0.approvals.0.scans"}


def test_one_persons_certificate_serves_twice(shen: Client, case: Case, isp: Node) -> None:
    draft = whole_draft()
    draft["websites"][0]["person"] = dict(draft["sponsor"]["person"])
    case.draft = draft
    case.save(update_fields=["draft"])
    send_photo(shen, case, "sponsor-3")
    page = shen.get(page_url(isp, "apply_documents", pk=case.pk)).content.decode()
    assert "沿用同一张照片" in page
    shen.post(page_url(isp, "apply_document", pk=case.pk, key="websites-0-4"), {"like": "1"})
    attachments = Case.objects.get().draft["attachments"]
    assert [each["owner"] for each in attachments] == ["sponsor", "websites.0"]
    assert attachments[0]["content"] == attachments[1]["content"]


def test_no_slot_means_no_photo(shen: Client, case: Case) -> None:
    for key in ("sponsor-1", "websites-7-4", "websites-0-approval-3", "x"):
        assert send_photo(shen, case, key).status_code == 422
    assert Case.objects.get().draft["attachments"] == []


def test_photos_are_for_their_own_sponsor_alone(
    shen: Client, case: Case, isp: Node, stranger_account: SponsorAccount, signed_in: Callable[[User], Client]
) -> None:
    send_photo(shen, case, "sponsor-2")
    sha256 = str(kept()["sha256"])
    han = signed_in(stranger_account.user)
    assert han.get(page_url(isp, "apply_file", pk=case.pk, sha256=sha256)).status_code == 404
    own = draft_case(stranger_account)
    assert han.get(page_url(isp, "apply_file", pk=own.pk, sha256=sha256)).status_code == 404
    assert send_photo(han, case, "sponsor-2").status_code == 404
    other = store.put(builders.jpeg_bytes(9))
    assert shen.get(page_url(isp, "apply_file", pk=case.pk, sha256=other.sha256)).status_code == 404
    assert Client().get(page_url(isp, "apply_file", pk=case.pk, sha256=sha256)).status_code == 302


def test_no_form_takes_more_than_a_disk_can_bear(shen: Client, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beian.web.uploads.MOST", 50_000)
    assert send_photo(shen, case, "sponsor-2", telephone_photo()).status_code in (400, 422)
    assert Case.objects.get().draft["attachments"] == []
